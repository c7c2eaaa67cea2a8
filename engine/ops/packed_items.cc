#include "engine/ops/packed_items.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "engine/ops/scan_kernels.h"
#include "engine/ops/simd.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 1024;
constexpr int64_t kGroupBlock = 32;
constexpr float kLargestByte = 127;

absl::Status NotFinite(MatrixView<const float> items, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    if (std::isinf(MaxSquaredNorm(items.Rows(i, i + 1)))) {
      return InvalidArgument("items: row ", i, " holds a value that is not finite");
    }
  }
  return Internal("items: a row is not finite, but which one was not found");
}

// Rounds a row to bf16; returns the squared length of what that loses, rounded up.
BURGEON_SIMD_BODY double RoundRowBody(const float* row, int64_t dim, uint16_t* rounded) {
  constexpr int64_t kParts = 16;
  float parts[kParts] = {};
  for (int64_t begin = 0; begin < dim; begin += kParts) {
    const int64_t end = std::min(dim, begin + kParts);
    for (int64_t j = begin; j < end; ++j) {
      const float x = row[j];
      const auto bits = std::bit_cast<uint32_t>(x);
      const uint32_t up = (bits + 0x7fffU + (bits >> 16 & 1U)) & 0xffff0000U;
      const uint32_t kept = std::abs(x) < std::numeric_limits<float>::min() ? 0 : up;
      rounded[j] = static_cast<uint16_t>(kept >> 16);
      const float difference = (x - std::bit_cast<float>(kept)) * 0x1p20F;
      parts[j - begin] += difference * difference;
    }
  }
  double sum = 0;
  for (const float part : parts) sum += static_cast<double>(part);
  // The differences are exact (x and its rounding are close), their squares and sums are not; the
  // scale keeps them in the normal range, and the last term is for those it does not.
  return sum * (1 + static_cast<double>(dim) * 0x1p-23) * 0x1p-40 +
         static_cast<double>(dim) * 0x1p-166;
}

BURGEON_SIMD_KERNEL(double, RoundRow, (const float* row, int64_t dim, uint16_t* rounded),
                    (row, dim, rounded))

double RoundRow(std::span<const float> row, uint16_t* rounded) {
  return RoundRowDispatch(row.data(), static_cast<int64_t>(row.size()), rounded);
}

}  // namespace

uint16_t ToBf16(float x) {
  if (std::abs(x) < std::numeric_limits<float>::min()) return 0;
  const auto bits = std::bit_cast<uint32_t>(x);
  return static_cast<uint16_t>((bits + 0x7fffU + (bits >> 16 & 1U)) >> 16);
}

float FromBf16(uint16_t x) { return std::bit_cast<float>(static_cast<uint32_t>(x) << 16); }

float FloatAbove(double x) {
  const auto f = static_cast<float>(x * (1 + 0x1p-40));
  return static_cast<double>(f) < x ? std::nextafter(f, std::numeric_limits<float>::infinity()) : f;
}

absl::StatusOr<PackedItems> PackedItems::Pack(ThreadPool& pool, MatrixView<const float> items,
                                              PackedForms forms) {
  PackedItems packed;
  packed.rows_ = items.rows;
  packed.cols_ = items.cols;
  std::vector<double> squares(static_cast<size_t>(items.rows));
  BURGEON_RETURN_IF_ERROR(pool.ParallelForStatus(
      items.rows, kRowBlock, [&](int64_t begin, int64_t end) -> absl::Status {
        for (int64_t i = begin; i < end; ++i) {
          const double square = MaxSquaredNorm(items.Rows(i, i + 1));
          if (std::isinf(square)) return NotFinite(items, i, i + 1);
          squares[static_cast<size_t>(i)] = square;
        }
        return absl::OkStatus();
      }));
  packed.order_.resize(squares.size());
  std::iota(packed.order_.begin(), packed.order_.end(), 0U);
  std::ranges::stable_sort(packed.order_,
                           [&](uint32_t a, uint32_t b) { return squares[a] > squares[b]; });
  const auto groups = static_cast<size_t>(packed.groups());
  packed.lengths_.resize(groups);
  for (size_t g = 0; g < groups; ++g) {
    packed.lengths_[g] = FloatAbove(std::sqrt(squares[packed.order_[g * kGroup]]));
  }
  packed.usable_ = groups == 0 || packed.lengths_[0] <= kLongest;
  if (!packed.usable_) return packed;
  packed.bf16_lost_.resize(groups);
  packed.lines_.resize(groups * static_cast<size_t>(packed.tiles() * 2 * kLanes));
  if (forms == PackedForms::kBf16AndInt8) {
    packed.bytes_.resize(groups * 2 * static_cast<size_t>(packed.quads()));
    packed.scales_.resize(groups * kGroup);
    packed.int8_lost_.resize(groups * kGroup);
  }
  pool.ParallelFor(packed.groups(), kGroupBlock, [&](int64_t begin, int64_t end) {
    for (int64_t g = begin; g < end; ++g) packed.PackGroup(items, g, forms);
  });
  return packed;
}

void PackedItems::PackGroup(MatrixView<const float> items, int64_t g, PackedForms forms) {
  Line* lines = lines_.data() + g * tiles() * 2 * kLanes;
  std::vector<uint16_t> rounded(static_cast<size_t>(tiles() * kTileDims));
  double lost = 0;
  for (int64_t place = g * kGroup; place < std::min(rows_, (g + 1) * kGroup); ++place) {
    const auto row = items.row(item(place));
    const int64_t half = place % kGroup / kLanes;
    const int64_t lane = place % kLanes;
    lost = std::max(lost, RoundRow(row, rounded.data()));
    for (int64_t t = 0; t < tiles(); ++t) {
      for (int64_t pair = 0; pair < kLanes; ++pair) {
        std::memcpy(lines[(t * 2 + half) * kLanes + pair].bf16 + 2 * lane,
                    rounded.data() + t * kTileDims + 2 * pair, 2 * sizeof(uint16_t));
      }
    }
    if (forms == PackedForms::kBf16AndInt8) PackInt8Row(row, place);
  }
  bf16_lost_[static_cast<size_t>(g)] = FloatAbove(std::sqrt(lost));
}

void PackedItems::PackInt8Row(std::span<const float> row, int64_t place) {
  float largest = 0;
  for (const float x : row) largest = std::max(largest, std::abs(x));
  // Below the normal range a scale would itself be rounded away: the item is taken as zeros.
  const float scale = largest > 0x1p-100F ? largest / kLargestByte : 0.0F;
  Bytes* bytes = bytes_.data() + place / kLanes * quads();
  double square = 0;
  for (int64_t j = 0; j < cols_; ++j) {
    const float x = row[static_cast<size_t>(j)];
    const float value =
        scale > 0 ? std::clamp(std::nearbyint(x / scale), -kLargestByte, kLargestByte) : 0.0F;
    const double difference =
        static_cast<double>(x) - static_cast<double>(scale) * static_cast<double>(value);
    square += difference * difference;
    bytes[j / kByteDims].u8[place % kLanes * kByteDims + j % kByteDims] =
        static_cast<uint8_t>(128 + static_cast<int>(value));
  }
  scales_[static_cast<size_t>(place)] = scale;
  int8_lost_[static_cast<size_t>(place)] = FloatAbove(std::sqrt(square));
}

}  // namespace burgeon
