#include "engine/ops/packed_scan.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/simd.h"
#if defined(__x86_64__)
// GCC 12's headers pass vectors they call undefined on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

namespace burgeon {
namespace {

using Line = PackedItems::Line;

constexpr double kUnit = 0x1p-24;    // unit round-off of fp32
constexpr double kSlack = 1 + 1e-6;  // lengths are rounded too
constexpr int64_t kLanes = PackedItems::kLanes;
constexpr int64_t kGroup = PackedItems::kGroup;
constexpr float kHighUnit = 254;
constexpr float kLargestByte = 127;

#if defined(__x86_64__)

#define BURGEON_AMX __attribute__((target("amx-tile,amx-bf16,avx512f,avx512bw,avx512vl")))
#define BURGEON_BF16 __attribute__((target("avx512bf16,avx512f,avx512bw,avx512vl,avx512dq")))
#define BURGEON_VNNI __attribute__((target("avx512vnni,avx512f,avx512bw,avx512vl,avx512dq")))

struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t bytes_a_row[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Tiles 0-3: 32 queries x 32 items of sums; 4, 5: queries; 6, 7: items.
BURGEON_AMX void AmxScores(const Line* queries, const PackedItems& items, int64_t begin,
                           int64_t end, int64_t stride, float* scores) {
  static const TileConfig config;
  _tile_loadconfig(&config);
  const int64_t tiles = items.tiles();
  constexpr int kLine = sizeof(Line);
  const int row = static_cast<int>(stride * static_cast<int64_t>(sizeof(float)));
  for (int64_t g = begin; g < end; ++g) {
    const Line* group = items.bf16_group(g);
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (int64_t t = 0; t < tiles; ++t) {
      _tile_loadd(4, queries + t * 2 * kLanes, kLine);
      _tile_loadd(5, queries + t * 2 * kLanes + kLanes, kLine);
      _tile_loadd(6, group + t * 2 * kLanes, kLine);
      _tile_loadd(7, group + t * 2 * kLanes + kLanes, kLine);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
    float* out = scores + (g - begin) * kGroup;
    _tile_stored(0, out, row);
    _tile_stored(1, out + kLanes, row);
    _tile_stored(2, out + kLanes * stride, row);
    _tile_stored(3, out + kLanes * stride + kLanes, row);
  }
  _tile_release();
}

constexpr int64_t kQueriesAtOnce = 8;

BURGEON_BF16 void Avx512Scores(const Line* queries, const PackedItems& items, int64_t begin,
                               int64_t end, int64_t stride, float* scores) {
  for (int64_t g = begin; g < end; ++g) {
    for (int64_t first = 0; first < BFloat16Queries::kMaxQueries; first += kQueriesAtOnce) {
      __m512 sums[kQueriesAtOnce][2];
      for (auto& sum : sums) sum[0] = sum[1] = _mm512_setzero_ps();
      for (int64_t t = 0; t < items.tiles(); ++t) {
        const Line* group = items.bf16_group(g) + t * 2 * kLanes;
        const Line* query = queries + t * 2 * kLanes + first;
        for (int64_t pair = 0; pair < kLanes; ++pair) {
          const auto left = reinterpret_cast<__m512bh>(_mm512_load_si512(group + pair));
          const auto right = reinterpret_cast<__m512bh>(_mm512_load_si512(group + kLanes + pair));
          for (int64_t q = 0; q < kQueriesAtOnce; ++q) {
            int32_t both;
            __builtin_memcpy(&both, query[q].bf16 + 2 * pair, sizeof(both));
            const auto x = reinterpret_cast<__m512bh>(_mm512_set1_epi32(both));
            sums[q][0] = _mm512_dpbf16_ps(sums[q][0], x, left);
            sums[q][1] = _mm512_dpbf16_ps(sums[q][1], x, right);
          }
        }
      }
      for (int64_t q = 0; q < kQueriesAtOnce; ++q) {
        float* out = scores + (first + q) * stride + (g - begin) * kGroup;
        _mm512_storeu_ps(out, sums[q][0]);
        _mm512_storeu_ps(out + kLanes, sums[q][1]);
      }
    }
  }
}

BURGEON_VNNI void VnniScores(const ByteQuery& query, const PackedItems& items, int64_t begin,
                             int64_t end, float* scores, float* upper) {
  const auto quads = static_cast<size_t>(items.quads());
  const int32_t* high = query.high().data();
  const int32_t* low = query.low().data();
  const __m512i high_sum = _mm512_set1_epi32(query.high_sum());
  const __m512i low_sum = _mm512_set1_epi32(query.low_sum());
  const __m512 unit = _mm512_set1_ps(query.unit());
  const __m512 per_lost = _mm512_set1_ps(query.per_lost());
  for (int64_t g = begin; g < end; ++g) {
    const PackedItems::Bytes* one = items.int8_vector(2 * g);
    const PackedItems::Bytes* two = one + quads;
    __m512i sums[4];
    sums[0] = sums[2] = _mm512_sub_epi32(_mm512_setzero_si512(), high_sum);
    sums[1] = sums[3] = _mm512_sub_epi32(_mm512_setzero_si512(), low_sum);
    for (size_t j = 0; j < quads; ++j) {
      const __m512i h = _mm512_set1_epi32(high[j]);
      const __m512i l = _mm512_set1_epi32(low[j]);
      const __m512i a = _mm512_load_si512(one + j);
      const __m512i b = _mm512_load_si512(two + j);
      sums[0] = _mm512_dpbusd_epi32(sums[0], a, h);
      sums[1] = _mm512_dpbusd_epi32(sums[1], a, l);
      sums[2] = _mm512_dpbusd_epi32(sums[2], b, h);
      sums[3] = _mm512_dpbusd_epi32(sums[3], b, l);
    }
    const __m512 rest = _mm512_set1_ps(query.per_length() * items.length(g) + query.tiny());
    for (int64_t half = 0; half < 2; ++half) {
      const __m512 value =
          _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums[2 * half]), _mm512_set1_ps(kHighUnit),
                          _mm512_cvtepi32_ps(sums[2 * half + 1]));
      const __m512 scale = _mm512_mul_ps(unit, _mm512_loadu_ps(items.int8_scales(2 * g + half)));
      const __m512 score = _mm512_mul_ps(value, scale);
      const __m512 error =
          _mm512_fmadd_ps(per_lost, _mm512_loadu_ps(items.int8_lost(2 * g + half)), rest);
      const int64_t at = (g - begin) * kGroup + half * kLanes;
      _mm512_storeu_ps(scores + at, score);
      _mm512_storeu_ps(upper + at, _mm512_add_ps(score, error));
    }
  }
}

#endif

}  // namespace

BFloat16Queries::BFloat16Queries(MatrixView<const float> queries)
    : dim_(queries.cols),
      tiles_((queries.cols + PackedItems::kTileDims - 1) / PackedItems::kTileDims),
      lines_(static_cast<size_t>(tiles_ * 2 * kLanes)) {
  BURGEON_CHECK(queries.rows <= kMaxQueries);
  const double n = static_cast<double>(tiles_ * PackedItems::kTileDims) + 2;
  const double rounding = n * kUnit / (1 - n * kUnit);
  for (int64_t q = 0; q < queries.rows; ++q) {
    double square = 0;
    double lost = 0;
    for (int64_t j = 0; j < dim_; ++j) {
      const float x = queries.row(q)[static_cast<size_t>(j)];
      const uint16_t rounded = ToBf16(x);
      const double difference = static_cast<double>(x) - static_cast<double>(FromBf16(rounded));
      square += static_cast<double>(x) * x;
      lost += difference * difference;
      const int64_t line = j / PackedItems::kTileDims * 2 * kLanes + q;
      lines_[static_cast<size_t>(line)].bf16[j % PackedItems::kTileDims] = rounded;
    }
    const double length = std::sqrt(square) * kSlack;
    const double lost_length = std::sqrt(lost) * kSlack;
    const double summed = rounding * (length + lost_length);
    lengths_.push_back(FloatAbove(length));
    per_lost_.push_back(FloatAbove(kSlack * (length + lost_length + summed)));
    per_length_.push_back(FloatAbove(kSlack * (lost_length + summed)));
  }
  tiny_ = FloatAbove(n * 0x1p-124);
}

BFloat16Kernel DetectedBFloat16Kernel() {
  if (HasAmxBf16()) return BFloat16Kernel::kAmx;
  return HasAvx512Bf16() ? BFloat16Kernel::kAvx512 : BFloat16Kernel::kNone;
}

void BFloat16Scores([[maybe_unused]] BFloat16Kernel kernel, const BFloat16Queries& queries,
                    const PackedItems& items, [[maybe_unused]] int64_t begin,
                    [[maybe_unused]] int64_t end, [[maybe_unused]] int64_t stride,
                    [[maybe_unused]] float* scores) {
  BURGEON_CHECK(queries.tiles() == items.tiles());
#if defined(__x86_64__)
  if (kernel == BFloat16Kernel::kAmx) {
    AmxScores(queries.lines(), items, begin, end, stride, scores);
    return;
  }
  if (kernel == BFloat16Kernel::kAvx512) {
    Avx512Scores(queries.lines(), items, begin, end, stride, scores);
    return;
  }
#endif
  BURGEON_CHECK(false);
}

ByteQuery::ByteQuery(std::span<const float> query) {
  float largest = 0;
  for (const float x : query) largest = std::max(largest, std::abs(x));
  const size_t quads = (query.size() + PackedItems::kByteDims - 1) / PackedItems::kByteDims;
  high_.resize(quads);
  low_.resize(quads);
  // Below the normal range a unit would itself be rounded away: the query is taken as zeros.
  unit_ = largest > 0x1p-60F ? largest / (kHighUnit * kLargestByte) : 0.0F;
  double square = 0;
  double lost = 0;
  double high_square = 0;
  double low_square = 0;
  for (size_t j = 0; j < query.size(); ++j) {
    const float x = query[j];
    const float limit = kHighUnit * kLargestByte;
    const float v = unit_ > 0 ? std::clamp(std::nearbyint(x / unit_), -limit, limit) : 0.0F;
    const auto high = static_cast<int>(std::nearbyint(v / kHighUnit));
    const int low = static_cast<int>(v) - static_cast<int>(kHighUnit) * high;
    const double difference = static_cast<double>(x) - static_cast<double>(v) * unit_;
    square += static_cast<double>(x) * x;
    lost += difference * difference;
    high_square += static_cast<double>(high) * high;
    low_square += static_cast<double>(low) * low;
    const auto shift = static_cast<int>(j % PackedItems::kByteDims) * 8;
    auto& high_quad = high_[j / PackedItems::kByteDims];
    auto& low_quad = low_[j / PackedItems::kByteDims];
    high_quad = static_cast<int32_t>(static_cast<uint32_t>(high_quad) |
                                     static_cast<uint32_t>(high & 0xff) << shift);
    low_quad = static_cast<int32_t>(static_cast<uint32_t>(low_quad) |
                                    static_cast<uint32_t>(low & 0xff) << shift);
    high_sum_ += 128 * high;
    low_sum_ += 128 * low;
  }
  // With x the query, x' = unit v, y the item, y' = scale * bytes:
  //   |x'y' - xy| <= |x| |y' - y| + |x' - x| |y'|,  |y'| <= |y| + |y' - y|,
  // and a score in fp32 is off by a few units of unit (254 |high| + |low|) |y'|.
  const double parts = unit_ * (254 * std::sqrt(high_square) + std::sqrt(low_square));
  const double by_rounded = std::sqrt(lost) + 16 * kUnit * parts;
  per_lost_ = FloatAbove(kSlack * (std::sqrt(square) + by_rounded));
  per_length_ = FloatAbove(kSlack * by_rounded);
  tiny_ = 0x1p-100F;
}

void ByteScores([[maybe_unused]] const ByteQuery& query, const PackedItems& items,
                [[maybe_unused]] int64_t begin, [[maybe_unused]] int64_t end,
                [[maybe_unused]] float* scores, [[maybe_unused]] float* upper) {
  BURGEON_CHECK(items.has_int8());
#if defined(__x86_64__)
  if (HasAvx512Vnni()) {
    VnniScores(query, items, begin, end, scores, upper);
    return;
  }
#endif
  BURGEON_CHECK(false);
}

}  // namespace burgeon
