// How Parquet lays the values of a column into a page (Apache Parquet, Encodings.md): runs and
// packed bits, and packed differences. Every function appends to `out`. Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_PAGE_CODING_H_
#define BURGEON_ENGINE_TABLE_PAGE_CODING_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace burgeon {

// Seven bits a byte, the lowest first.
void AppendVarint(uint64_t value, std::string* out);
// 0, -1, 1, -2, ... as 0, 1, 2, 3, ..., so that small numbers of either sign are short.
inline uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}

// RLE: equal values as a run, others packed into `bit_width` bits each. Every code is at least 0
// and below 1 << bit_width; 1 <= bit_width <= 32.
void AppendRuns(std::span<const int32_t> codes, int bit_width, std::string* out);

// RLE of definition levels of a flat column: 1 where there is a value. `nulls` has a 1 for each
// value that is not there, or is empty: all `rows` are.
void AppendPresence(int64_t rows, std::span<const uint8_t> nulls, std::string* out);

// RLE_DICTIONARY: codes into a dictionary of `words` words.
void AppendDictionaryCodes(std::span<const int32_t> codes, size_t words, std::string* out);

// DELTA_BINARY_PACKED: differences between neighbours, packed 32 at a time into as many bits as the
// largest of them wants. At most 14 bytes a block of 128 above 8 bytes a value.
void AppendDifferences(std::span<const int64_t> values, std::string* out);

// PLAIN.
void AppendWords(std::span<const std::string_view> words, std::string* out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PAGE_CODING_H_
