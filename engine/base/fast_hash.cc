#include "engine/base/fast_hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace burgeon {

Hash128 Hash128Of(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

}  // namespace burgeon
