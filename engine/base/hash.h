// Hashing and the one hash-map type.
#ifndef BURGEON_ENGINE_BASE_HASH_H_
#define BURGEON_ENGINE_BASE_HASH_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

namespace burgeon {

// Looks strings up by std::string_view without a copy (Debian's absl hashes its own string_view
// only).
struct StringHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
struct StringEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

template <class Value>
using StringMap = absl::flat_hash_map<std::string, Value, StringHash, StringEqual>;
using StringSet = absl::flat_hash_set<std::string, StringHash, StringEqual>;
template <class Key, class Value>
using HashMap = absl::flat_hash_map<Key, Value>;

// FNV-1a, 64 bit (Fowler, Noll, Vo). Stable for ever: event buckets depend on it.
constexpr uint64_t StableHash64(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

using Sha256Digest = std::array<uint8_t, 32>;

// SHA-256 (FIPS 180-4), incremental.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void Update(const void* data, size_t bytes);
  void Update(std::string_view text) { Update(text.data(), text.size()); }
  Sha256Digest Finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest Sha256Of(std::string_view bytes);
// HMAC-SHA-256 (RFC 2104).
Sha256Digest HmacSha256(std::string_view key, std::string_view message);
// Lower-case hexadecimal.
std::string ToHex(std::span<const uint8_t> bytes);
inline std::string Sha256Hex(std::string_view bytes) { return ToHex(Sha256Of(bytes)); }

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_HASH_H_
