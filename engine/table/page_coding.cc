#include "engine/table/page_coding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/copy_text.h"

namespace burgeon {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr size_t kPackedTogether = 8;  // values, so that they end with a byte
constexpr size_t kShortestRun = 8;
constexpr size_t kBlockValues = 128;  // of differences: they share what is subtracted from them
constexpr size_t kMiniValues = 32;    // and these their width
constexpr size_t kMinis = kBlockValues / kMiniValues;

// Packs values, the lowest bits first, into room for them and for a word beyond.
class BitPacker {
 public:
  explicit BitPacker(char* to) : to_(to) {}

  void Put(uint64_t value, int width) {
    word_ |= value << used_;
    used_ += width;
    if (used_ < kWordBits) return;
    Store();
    to_ += sizeof(word_);
    used_ -= kWordBits;
    // What did not fit; all of it did where it ended with the word.
    word_ = used_ == 0 ? 0 : value >> (width - used_);
  }
  void Finish() { Store(); }

 private:
  static constexpr int kWordBits = 64;
  void Store() { std::memcpy(to_, &word_, sizeof(word_)); }

  char* to_;
  uint64_t word_ = 0;
  int used_ = 0;
};

// Appends `bytes` bytes that `write` fills; it may write a word beyond them.
template <class Write>
void AppendPacked(size_t bytes, std::string* out, const Write& write) {
  const size_t begin = out->size();
  out->resize(begin + bytes + sizeof(uint64_t));
  write(out->data() + begin);
  out->resize(begin + bytes);
}

void AppendLiterals(std::span<const int32_t> codes, int bit_width, std::string* out) {
  const size_t groups = (codes.size() + kPackedTogether - 1) / kPackedTogether;
  AppendVarint(groups << 1 | 1, out);
  AppendPacked(groups * static_cast<size_t>(bit_width), out, [&](char* to) {
    BitPacker packer(to);
    for (const int32_t code : codes) packer.Put(static_cast<uint32_t>(code), bit_width);
    packer.Finish();
  });
}

void AppendRun(int32_t code, size_t length, int bit_width, std::string* out) {
  AppendVarint(length << 1, out);
  char bytes[sizeof(code)];
  std::memcpy(bytes, &code, sizeof(code));
  out->append(bytes, static_cast<size_t>(bit_width + 7) / 8);
}

}  // namespace

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendRuns(std::span<const int32_t> codes, int bit_width, std::string* out) {
  BURGEON_CHECK(bit_width >= 1 && bit_width <= 32);
  size_t literals = 0;  // where those begin that are not written yet
  for (size_t at = 0; at < codes.size();) {
    size_t end = at + 1;
    while (end < codes.size() && codes[end] == codes[at]) ++end;
    // Literals are written by the eight; a run gives of its own to fill them up.
    const size_t lent = (kPackedTogether - (at - literals) % kPackedTogether) % kPackedTogether;
    if (end - at >= lent + kShortestRun) {
      at += lent;
      if (at > literals) AppendLiterals(codes.subspan(literals, at - literals), bit_width, out);
      AppendRun(codes[at], end - at, bit_width, out);
      literals = end;
    }
    at = end;
  }
  if (literals < codes.size()) AppendLiterals(codes.subspan(literals), bit_width, out);
}

void AppendPresence(int64_t rows, std::span<const uint8_t> nulls, std::string* out) {
  if (nulls.empty()) return AppendRun(1, static_cast<size_t>(rows), 1, out);
  BURGEON_CHECK(static_cast<int64_t>(nulls.size()) == rows);
  const size_t groups = (nulls.size() + kPackedTogether - 1) / kPackedTogether;
  AppendVarint(groups << 1 | 1, out);
  AppendPacked(groups, out, [&](char* to) {
    BitPacker packer(to);
    for (const uint8_t null : nulls) packer.Put(null == 0 ? 1 : 0, 1);
    packer.Finish();
  });
}

void AppendDictionaryCodes(std::span<const int32_t> codes, size_t words, std::string* out) {
  const int bit_width = words < 2 ? 1 : static_cast<int>(std::bit_width(words - 1));
  out->push_back(static_cast<char>(bit_width));
  AppendRuns(codes, bit_width, out);
}

void AppendDifferences(std::span<const int64_t> values, std::string* out) {
  AppendVarint(kBlockValues, out);
  AppendVarint(kMinis, out);
  AppendVarint(values.size(), out);
  AppendVarint(ZigZag(values.empty() ? 0 : values[0]), out);
  for (size_t begin = 1; begin < values.size(); begin += kBlockValues) {
    const size_t count = std::min(kBlockValues, values.size() - begin);
    std::array<uint64_t, kBlockValues> deltas;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < count; ++i) {
      // Modulo 2^64, as the reader adds them up.
      deltas[i] =
          static_cast<uint64_t>(values[begin + i]) - static_cast<uint64_t>(values[begin + i - 1]);
      least = std::min(least, static_cast<int64_t>(deltas[i]));
    }
    for (size_t i = 0; i < count; ++i) deltas[i] -= static_cast<uint64_t>(least);
    std::fill(deltas.begin() + static_cast<ptrdiff_t>(count), deltas.end(), 0);
    AppendVarint(ZigZag(least), out);
    std::array<int, kMinis> widths;
    size_t bits = 0;
    for (size_t m = 0; m < kMinis; ++m) {
      uint64_t any = 0;
      for (size_t i = 0; i < kMiniValues; ++i) any |= deltas[m * kMiniValues + i];
      widths[m] = static_cast<int>(std::bit_width(any));
      out->push_back(static_cast<char>(widths[m]));
      bits += static_cast<size_t>(widths[m]) * kMiniValues;
    }
    // A mini block of zeros takes no bytes, so that those behind the last value take none.
    AppendPacked(bits / 8, out, [&](char* to) {
      BitPacker packer(to);
      for (size_t i = 0; i < kBlockValues; ++i) packer.Put(deltas[i], widths[i / kMiniValues]);
      packer.Finish();
    });
  }
}

void AppendWords(std::span<const std::string_view> words, std::string* out) {
  size_t bytes = 0;
  for (const std::string_view word : words) bytes += sizeof(uint32_t) + word.size();
  const size_t begin = out->size();
  out->resize(begin + bytes);
  char* to = out->data() + begin;
  for (const std::string_view word : words) {
    const auto size = static_cast<uint32_t>(word.size());
    std::memcpy(to, &size, sizeof(size));
    to = CopyText(word, to + sizeof(size));
  }
}

}  // namespace burgeon
