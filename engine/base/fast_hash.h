// A fast 128-bit hash (XXH3, Yann Collet) for telling texts apart within one job: 2^32 different
// texts collide with a chance of 2^-65. Not against somebody who wants collisions, and never
// stored.
#ifndef BURGEON_ENGINE_BASE_FAST_HASH_H_
#define BURGEON_ENGINE_BASE_FAST_HASH_H_

#include <compare>
#include <cstdint>
#include <string_view>

namespace burgeon {

struct Hash128 {
  uint64_t high = 0;
  uint64_t low = 0;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

Hash128 Hash128Of(std::string_view bytes);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_FAST_HASH_H_
