#include "engine/simulation/person_ids.h"

#include <algorithm>
#include <array>

#include "engine/base/hash.h"
#include "engine/base/philox.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr uint64_t kIdStream = uint64_t{0xEE} << 56;

// 16 hexadecimal digits. Feistel rounds over (person, slot) are a bijection, so that no two ids of
// one kind are equal, whatever the seed.
std::string Scrambled(uint64_t seed, uint64_t person, uint16_t slot) {
  const uint64_t value = person << 16 | slot;  // persons are below 2^40
  auto left = static_cast<uint32_t>(value >> 32);
  auto right = static_cast<uint32_t>(value);
  const Philox philox(seed, kIdStream);
  for (uint32_t round = 0; round < 4; ++round) {
    const uint32_t mixed = left ^ philox.Words(uint64_t{round} << 32 | right)[0];
    left = right;
    right = mixed;
  }
  std::array<char, 16> digits;
  const uint64_t out = uint64_t{left} << 32 | right;
  for (size_t k = 0; k < 16; ++k) digits[k] = "0123456789abcdef"[out >> (60 - 4 * k) & 15];
  return {digits.data(), digits.size()};
}

}  // namespace

std::string_view IdKindOf(uint16_t slot) {
  constexpr std::array<std::string_view, 6> kKinds = {"account", "email",  "loyalty",
                                                      "social",  "device", "cookie"};
  return kKinds[std::min<size_t>(slot, kFirstCookieSlot)];
}

std::string EmailOf(uint64_t person) { return Concat("p", person, "@example.org"); }

std::string PersonId(uint64_t seed, uint64_t person, uint16_t slot) {
  switch (slot) {
    case kAccountSlot:
      return Concat("acc-", person);
    case kEmailSlot:
      return Sha256Hex(EmailOf(person));
    case kCardSlot: {
      std::string digits = Concat(person);
      if (digits.size() < 10) digits.insert(0, 10 - digits.size(), '0');
      return "card-" + digits;
    }
    case kSocialSlot:
      return "soc-" + Scrambled(seed, person, slot);
    case kDeviceSlot:
      return "dev-" + Scrambled(seed, person, slot);
    default:
      return "ck-" + Scrambled(seed, person, slot);
  }
}

}  // namespace burgeon
