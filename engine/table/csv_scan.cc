#include "engine/table/csv_scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BURGEON_SCAN_INLINE __attribute__((always_inline))

namespace burgeon {
namespace {

// ---- Eight bytes at a time, in a plain register.

namespace portable {

#define BURGEON_SCAN_TARGET
static_assert(std::endian::native == std::endian::little, "byte i of a word must be bits 8 i");

struct Block {
  static Block Load(const char* at) {
    Block block;
    std::memcpy(block.words, at, sizeof(block.words));
    return block;
  }
  // The high bits of the bytes of a word, as 8 bits.
  static uint64_t HighBits(uint64_t word) { return (word >> 7) * 0x0102040810204080ULL >> 56; }
  static uint64_t ZeroBytes(uint64_t word) {  // the high bit of each byte that is 0; exact
    constexpr uint64_t kLow = 0x7F7F7F7F7F7F7F7FULL;
    return ~(((word & kLow) + kLow) | word | kLow);
  }
  uint64_t Equal(char c) const {
    const uint64_t pattern = static_cast<unsigned char>(c) * 0x0101010101010101ULL;
    uint64_t mask = 0;
    for (int i = 0; i < 8; ++i) mask |= HighBits(ZeroBytes(words[i] ^ pattern)) << (8 * i);
    return mask;
  }
  uint64_t NulOrNotAscii() const {
    uint64_t odd = 0;
    for (const uint64_t word : words) odd |= ZeroBytes(word) | (word & 0x8080808080808080ULL);
    return odd;
  }
  uint64_t words[8];
};

inline uint64_t PrefixXor(uint64_t mask) {
  for (int shift = 1; shift < 64; shift *= 2) mask ^= mask << shift;
  return mask;
}
inline int64_t BitCount(uint64_t mask) {  // std::popcount is a call without the instruction
  mask -= mask >> 1 & 0x5555555555555555ULL;
  mask = (mask & 0x3333333333333333ULL) + (mask >> 2 & 0x3333333333333333ULL);
  return static_cast<int64_t>(
      ((mask + (mask >> 4)) & 0x0F0F0F0F0F0F0F0FULL) * 0x0101010101010101ULL >> 56);
}
inline void Spread(uint64_t mask, uint32_t base, uint32_t* out) {
  for (; mask != 0; mask &= mask - 1) {
    *out++ = base + static_cast<uint32_t>(std::countr_zero(mask));
  }
}
inline void SpreadRanks(uint64_t of, uint64_t within, uint32_t base, uint32_t* out) {
  for (; of != 0; of &= of - 1) {
    *out++ = base + static_cast<uint32_t>(BitCount(within & ((of & -of) - 1)));
  }
}

#include "engine/table/csv_scan_body.h"
#undef BURGEON_SCAN_TARGET

}  // namespace portable

#if defined(__x86_64__)

// ---- AVX2, and the bit instructions that every CPU with it has.

namespace avx2 {

#define BURGEON_SCAN_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

struct Block {
  BURGEON_SCAN_TARGET static Block Load(const char* at) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)),
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at + 32))};
  }
  BURGEON_SCAN_TARGET static uint64_t Join(__m256i low, __m256i high) {
    return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
           static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
  }
  BURGEON_SCAN_TARGET uint64_t Equal(char c) const {
    const __m256i pattern = _mm256_set1_epi8(c);
    return Join(_mm256_cmpeq_epi8(low, pattern), _mm256_cmpeq_epi8(high, pattern));
  }
  BURGEON_SCAN_TARGET uint64_t NulOrNotAscii() const {  // as signed bytes: none above 0
    const __m256i least = _mm256_min_epi8(low, high);
    const __m256i zero = _mm256_setzero_si256();
    return static_cast<uint32_t>(~_mm256_movemask_epi8(_mm256_cmpgt_epi8(least, zero)));
  }
  __m256i low;
  __m256i high;
};

// The carry-less product with all ones is the running xor.
BURGEON_SCAN_TARGET static inline uint64_t PrefixXor(uint64_t mask) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(mask)), _mm_set1_epi8('\xFF'), 0);
  return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
}
BURGEON_SCAN_TARGET static inline int64_t BitCount(uint64_t mask) { return _mm_popcnt_u64(mask); }

// Eight at a time, whether they are there or not: fewer branches to guess.
BURGEON_SCAN_TARGET static inline void Spread(uint64_t mask, uint32_t base, uint32_t* out) {
  while (mask != 0) {
    uint32_t* const end = out + 8;
    const int64_t left = BitCount(mask);
    for (uint32_t* at = out; at < end; ++at) {
      *at = base + static_cast<uint32_t>(_tzcnt_u64(mask));
      mask = _blsr_u64(mask);
    }
    if (left <= 8) return;
    out = end;
  }
}
BURGEON_SCAN_TARGET static inline void SpreadRanks(uint64_t of, uint64_t within, uint32_t base,
                                                   uint32_t* out) {
  for (; of != 0; of = _blsr_u64(of)) {
    *out++ = base + static_cast<uint32_t>(BitCount(within & (_blsi_u64(of) - 1)));
  }
}

#include "engine/table/csv_scan_body.h"
#undef BURGEON_SCAN_TARGET

}  // namespace avx2

// ---- AVX-512 with VBMI2 (compress of bytes): since Ice Lake and Zen 4.

namespace avx512 {

#define BURGEON_SCAN_TARGET \
  __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,popcnt,pclmul")))

struct Block {
  BURGEON_SCAN_TARGET static Block Load(const char* at) { return {_mm512_loadu_si512(at)}; }
  BURGEON_SCAN_TARGET uint64_t Equal(char c) const {
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
  }
  BURGEON_SCAN_TARGET uint64_t NulOrNotAscii() const {
    return _mm512_cmple_epi8_mask(bytes, _mm512_setzero_si512());
  }
  __m512i bytes;
};

BURGEON_SCAN_TARGET static inline uint64_t PrefixXor(uint64_t mask) {
  const __m128i product =
      _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<int64_t>(mask)), _mm_set1_epi8('\xFF'), 0);
  return static_cast<uint64_t>(_mm_cvtsi128_si64(product));
}
BURGEON_SCAN_TARGET static inline int64_t BitCount(uint64_t mask) { return _mm_popcnt_u64(mask); }

alignas(64) constexpr auto kPlaces = [] {
  struct {
    uint8_t bytes[64];
  } places = {};
  for (uint8_t i = 0; i < 64; ++i) places.bytes[i] = i;
  return places;
}();

// The places of the bits are pressed together as bytes, then widened sixteen at a time. (The forms
// with a mask of all ones: GCC 12 warns of its own header in the ones without.)
BURGEON_SCAN_TARGET static inline void Widen(__m128i places, __m512i bases, uint32_t* out) {
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_maskz_cvtepu8_epi32(0xFFFF, places), bases));
}
BURGEON_SCAN_TARGET static inline void Spread(uint64_t mask, uint32_t base, uint32_t* out) {
  const __m512i places = _mm512_maskz_compress_epi8(mask, _mm512_load_si512(kPlaces.bytes));
  const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
  Widen(_mm512_maskz_extracti32x4_epi32(0xF, places, 0), bases, out);
  const int64_t count = BitCount(mask);
  if (count <= 16) return;
  for (int part = 1; part * 16 < count; ++part) {
    alignas(64) char bytes[64];
    _mm512_store_si512(bytes, places);
    Widen(_mm_load_si128(reinterpret_cast<const __m128i*>(bytes) + part), bases, out + 16 * part);
  }
}
BURGEON_SCAN_TARGET static inline void SpreadRanks(uint64_t of, uint64_t within, uint32_t base,
                                                   uint32_t* out) {
  Spread(_pext_u64(of, within), base, out);
}

#include "engine/table/csv_scan_body.h"
#undef BURGEON_SCAN_TARGET

}  // namespace avx512

#endif

template <class Portable, class Avx2, class Avx512>
auto Choose(ScanLevel level, Portable portable, Avx2 avx2, Avx512 avx512) {
  switch (level) {
    case ScanLevel::kPortable:
      return portable;
    case ScanLevel::kAvx2:
      return avx2;
    case ScanLevel::kAvx512:
      return avx512;
  }
  BURGEON_CHECK(false);
}

#if defined(__x86_64__)
#define BURGEON_SCAN_CHOOSE(level, name) Choose(level, &portable::name, &avx2::name, &avx512::name)
#else
#define BURGEON_SCAN_CHOOSE(level, name) \
  Choose(level, &portable::name, &portable::name, &portable::name)
#endif

}  // namespace

bool IsSupported(ScanLevel level) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt") &&
                    __builtin_cpu_supports("pclmul");
  switch (level) {
    case ScanLevel::kPortable:
      return true;
    case ScanLevel::kAvx2:
      return avx2;
    case ScanLevel::kAvx512:
      return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
  }
  BURGEON_CHECK(false);
#else
  return level == ScanLevel::kPortable;
#endif
}

ScanLevel BestScanLevel() {
  static const ScanLevel best = [] {
    for (const ScanLevel level : {ScanLevel::kAvx512, ScanLevel::kAvx2}) {
      if (IsSupported(level)) return level;
    }
    return ScanLevel::kPortable;
  }();
  return best;
}

std::string_view ScanLevelName(ScanLevel level) {
  switch (level) {
    case ScanLevel::kPortable:
      return "portable";
    case ScanLevel::kAvx2:
      return "avx2";
    case ScanLevel::kAvx512:
      return "avx512";
  }
  BURGEON_CHECK(false);
}

void FindRowEnds(ScanLevel level, std::string_view bytes, size_t from, char delimiter,
                 RowEndScan* scan) {
  BURGEON_SCAN_CHOOSE(level, FindRowEnds)(bytes, from, delimiter, scan);
}

int64_t CountLineEnds(ScanLevel level, std::string_view bytes) {
  return BURGEON_SCAN_CHOOSE(level, CountLineEnds)(bytes);
}

void FieldIndex::Reserve(size_t bytes) {
  constexpr size_t kSlack =
      65;  // Spread writes a block further than it has bits; the end of a file
  if (bytes + kSlack <= capacity_) return;
  capacity_ = std::max(bytes + kSlack, capacity_ * 2);
  ends = std::make_unique_for_overwrite<uint32_t[]>(capacity_);
  row_lasts = std::make_unique_for_overwrite<uint32_t[]>(capacity_);
  pairs = std::make_unique_for_overwrite<uint32_t[]>(capacity_);
}

void FieldIndex::CloseLastRow(std::string_view piece) {
  size_t behind = 0;  // the last line end
  if (row_count > 0) {
    behind = ends[row_lasts[row_count - 1]] + size_t{1};
    if (piece[behind - 1] == '\r' && piece.substr(behind).starts_with('\n')) ++behind;
  }
  if (behind == piece.size()) return;
  ends[end_count] = static_cast<uint32_t>(piece.size());
  row_lasts[row_count++] = static_cast<uint32_t>(end_count++);
}

void IndexFields(ScanLevel level, std::string_view piece, char delimiter, FieldIndex* index) {
  index->Reserve(piece.size());
  BURGEON_SCAN_CHOOSE(level, IndexFields)(piece, delimiter, index);
  index->CloseLastRow(piece);
}

}  // namespace burgeon
