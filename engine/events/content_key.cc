#include "engine/events/content_key.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <bit>

namespace burgeon {
namespace {

ContentKey KeyOfBytes(const void* bytes, size_t size, uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, seed);
  return {hash.low64, hash.high64};
}

}  // namespace

ContentKey KeyOfText(std::string_view text) { return KeyOfBytes(text.data(), text.size(), 0); }

ContentKey KeyOfContent(const EventView& event) {
  struct Content {
    int64_t event_time, value;
    uint64_t quantity, unmapped, type_and_value;
    ContentKey texts[6];
  };
  // -0 and 0 are equal, and must give one key.
  const double quantity = event.quantity == 0 ? 0 : event.quantity;
  const Content content = {
      event.event_time,
      event.value_micros.value_or(0),
      std::bit_cast<uint64_t>(quantity),
      event.unmapped,
      static_cast<uint64_t>(event.type) * 2 + (event.value_micros ? 1 : 0),
      {KeyOfText(event.customer_id), KeyOfText(event.item_id), KeyOfText(event.currency),
       KeyOfText(event.session_id), KeyOfText(event.channel), KeyOfText(event.properties)}};
  static_assert(sizeof(Content) == 5 * 8 + 6 * 16);  // no padding
  return KeyOfBytes(&content, sizeof(content), 1);
}

}  // namespace burgeon
