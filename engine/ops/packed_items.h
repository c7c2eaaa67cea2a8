// A copy of the items of a top-k search in the form its scans read: longest item first, in bf16 by
// blocks for tile instructions and in int8 for a scan that is bound by memory. A scan over it only
// selects candidates, within an error bound that is computed from what the rounding really lost.
//
//   BURGEON_ASSIGN_OR_RETURN(const PackedItems packed, PackedItems::Pack(pool, items, kInt8));
//   TopK(context, {.queries = q, .items = items, .packed = &packed}, {.k = 100});
//
// Worth keeping where the same items answer many calls; a call with many queries makes its own.
// Immutable, so safe to read from any thread. Holds no view of `items`.
#ifndef BURGEON_ENGINE_OPS_PACKED_ITEMS_H_
#define BURGEON_ENGINE_OPS_PACKED_ITEMS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"

namespace burgeon {

// What a copy holds: bf16 for calls with many queries, int8 for calls with few.
enum class PackedForms { kBf16, kBf16AndInt8 };

class PackedItems {
 public:
  static constexpr int64_t kLanes = 16;     // items of one vector
  static constexpr int64_t kGroup = 32;     // items of one tile product
  static constexpr int64_t kTileDims = 32;  // dimensions of one tile product
  static constexpr int64_t kByteDims = 4;   // dimensions of one int8 product
  // Longer vectors, of items or of queries, are left to the fp32 scan: no sum of products of
  // shorter ones can overflow.
  static constexpr double kLongest = 0x1p40;

  struct alignas(64) Line {
    uint16_t bf16[32];
  };
  struct alignas(64) Bytes {
    uint8_t u8[64];
  };

  // kInvalidArgument names the first row that is not finite.
  static absl::StatusOr<PackedItems> Pack(ThreadPool& pool, MatrixView<const float> items,
                                          PackedForms forms);

  int64_t rows() const { return rows_; }
  int64_t cols() const { return cols_; }
  bool has_int8() const { return !bytes_.empty() || rows_ == 0; }
  bool usable() const { return usable_; }  // false: an item is longer than kLongest
  int64_t groups() const { return (rows_ + kGroup - 1) / kGroup; }
  int64_t tiles() const { return (cols_ + kTileDims - 1) / kTileDims; }  // of kTileDims
  int64_t quads() const { return (cols_ + kByteDims - 1) / kByteDims; }  // of kByteDims

  // The item row at place p of the order: by length, descending, then by row.
  uint32_t item(int64_t place) const { return order_[static_cast<size_t>(place)]; }

  // bf16, group g: [tiles][2 halves][16 pairs of dimensions], a line 16 items x 2 dimensions.
  const Line* bf16_group(int64_t g) const { return lines_.data() + g * tiles() * 2 * kLanes; }
  // No item of group g is longer; none lost more in bf16 (length of the difference). Rounded up.
  float length(int64_t g) const { return lengths_[static_cast<size_t>(g)]; }
  float bf16_lost(int64_t g) const { return bf16_lost_[static_cast<size_t>(g)]; }

  // int8, sixteen items at 16 v: [quads], 16 items x 4 dimensions; a byte is 128 + the value.
  const Bytes* int8_vector(int64_t v) const { return bytes_.data() + v * quads(); }
  // [16] beside them: an item is about scale * value; what that loses, rounded up.
  const float* int8_scales(int64_t v) const { return scales_.data() + v * kLanes; }
  const float* int8_lost(int64_t v) const { return int8_lost_.data() + v * kLanes; }

 private:
  void PackGroup(MatrixView<const float> items, int64_t g, PackedForms forms);
  void PackInt8Row(std::span<const float> row, int64_t place);

  int64_t rows_ = 0;
  int64_t cols_ = 0;
  bool usable_ = true;
  std::vector<uint32_t> order_;
  std::vector<Line> lines_;
  std::vector<float> lengths_;
  std::vector<float> bf16_lost_;
  std::vector<Bytes> bytes_;
  std::vector<float> scales_;
  std::vector<float> int8_lost_;
};

// x rounded to nearest even; below the normal range: zero, as the tile instructions read it.
uint16_t ToBf16(float x);
float FromBf16(uint16_t x);
// The float not below x >= 0.
float FloatAbove(double x);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_PACKED_ITEMS_H_
