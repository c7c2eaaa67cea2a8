#include "engine/ops/top_k_cpu.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "engine/ops/blas.h"
#include "engine/ops/candidate_list.h"
#include "engine/ops/scan_kernels.h"
#include "engine/ops/top_k_packed.h"

namespace burgeon {
namespace {

// Queries share a tile of items, so that the matrix product reads each item once a block; fewer
// queries a block when their candidate lists are long. None of this changes a result.
constexpr int64_t kQueryBlock = 256;
constexpr int64_t kQueryBlockLongLists = 32;
constexpr int64_t kLongList = 512;
constexpr int64_t kItemTile = 1024;
constexpr int64_t kMinGemmQueries = 6;  // below, packing for BLAS costs more than it saves

constexpr double kUnit = 0x1p-24;  // unit round-off of fp32

// |fp32 score - canonical score| for vectors of these lengths. A sum of n products in any order is
// within n u / (1 - n u) of sum |q_j| |i_j| (Higham, "Accuracy and Stability of Numerical
// Algorithms", 2nd ed., eq. 3.5), that sum is at most |q| |i|, and 2 u more cover the rounding of
// the canonical score; the last term is for products below the normal range.
double ErrorBound(double query_norm, double item_norm, int64_t dim) {
  const double n = static_cast<double>(dim) + 2;
  const double slack = 1.01;  // the norms are rounded too
  return slack * (n * kUnit / (1 - n * kUnit)) * query_norm * item_norm + n * 0x1p-148;
}

// Whether no partial sum of the fp32 scan can overflow.
bool FitsFloat(double query_norm, double item_norm) {
  return query_norm * item_norm < 0.25 * static_cast<double>(std::numeric_limits<float>::max());
}

class BlockScan {
 public:
  BlockScan(const TopKInput& input, int64_t k, int64_t begin, int64_t end)
      : input_(input), queries_(input.queries.Rows(begin, end)) {
    for (int64_t q = 0; q < queries_.rows; ++q) {
      lists_.emplace_back(queries_.row(q), input.items, k);
      norms_.push_back(std::sqrt(MaxSquaredNorm(queries_.Rows(q, q + 1))));
      excluded_.push_back(input.excluded.offsets.empty() ? std::span<const uint32_t>()
                                                         : input.excluded.row_columns(begin + q));
    }
    scores_.resize(static_cast<size_t>(queries_.rows * kItemTile));
  }

  void ScanTile(int64_t begin, int64_t end, double item_norm) {
    const MatrixView<const float> tile = input_.items.Rows(begin, end);
    const MatrixView<float> scores{scores_.data(), queries_.rows, tile.rows, kItemTile};
    if (queries_.rows >= kMinGemmQueries) {
      blas::Gemm(Transposed::kNo, Transposed::kYes, 1, queries_, tile, 0, scores);
    } else {
      for (int64_t q = 0; q < queries_.rows; ++q) {
        DotRows(queries_.row(q), tile, scores.row(q).data());
      }
    }
    for (int64_t q = 0; q < queries_.rows; ++q) SelectRow(q, begin, end, item_norm, scores.row(q));
  }

  void Finish(std::vector<ScoredItem>* items, std::vector<int64_t>* counts) {
    for (CandidateList& list : lists_) {
      const size_t before = items->size();
      list.Finish(items);
      counts->push_back(static_cast<int64_t>(items->size() - before));
    }
  }

 private:
  void SelectRow(int64_t q, int64_t begin, int64_t end, double item_norm, std::span<float> scores) {
    const auto index = static_cast<size_t>(q);
    double error = ErrorBound(norms_[index], item_norm, queries_.cols);
    if (!FitsFloat(norms_[index], item_norm)) {
      error = 0;
      for (int64_t i = begin; i < end; ++i) {
        scores[static_cast<size_t>(i - begin)] =
            CanonicalScore(queries_.row(q), input_.items.row(i));
      }
    }
    // A NaN passes no threshold.
    std::span<const uint32_t>& excluded = excluded_[index];
    while (!excluded.empty() && excluded.front() < end) {
      scores[excluded.front() - static_cast<size_t>(begin)] =
          std::numeric_limits<float>::quiet_NaN();
      excluded = excluded.subspan(1);
    }
    CandidateList& list = lists_[index];
    const int64_t count = end - begin;
    float threshold = list.Threshold(error);
    int64_t i = FirstAtLeast(scores.data(), 0, count, threshold);
    while (i < count) {
      const auto item = static_cast<uint32_t>(begin + i);
      if (Allowed(item) && list.Add(item, scores[static_cast<size_t>(i)], error)) {
        threshold = list.Threshold(error);
      }
      i = FirstAtLeast(scores.data(), i + 1, count, threshold);
    }
  }

  bool Allowed(uint32_t item) const {
    return input_.allowed.empty() || (input_.allowed[item / 64] >> (item % 64) & 1) != 0;
  }

  const TopKInput& input_;
  const MatrixView<const float> queries_;
  std::vector<CandidateList> lists_;
  std::vector<double> norms_;
  std::vector<std::span<const uint32_t>> excluded_;  // what lies in tiles to come
  std::vector<float> scores_;
};

absl::Status NotFinite(const TopKInput& input, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; ++i) {
    if (std::isinf(MaxSquaredNorm(input.items.Rows(i, i + 1)))) {
      return InvalidArgument("items: row ", i, " holds a value that is not finite");
    }
  }
  return Internal("items: a row is not finite, but which one was not found");
}

// The largest length of an item in each tile.
absl::StatusOr<std::vector<double>> TileNorms(ThreadPool& pool, const TopKInput& input) {
  const int64_t items = input.items.rows;
  std::vector<double> norms(static_cast<size_t>((items + kItemTile - 1) / kItemTile));
  absl::Status status =
      pool.ParallelForStatus(items, kItemTile, [&](int64_t begin, int64_t end) -> absl::Status {
        const double squared = MaxSquaredNorm(input.items.Rows(begin, end));
        if (std::isinf(squared)) return NotFinite(input, begin, end);
        norms[static_cast<size_t>(begin / kItemTile)] = std::sqrt(squared);
        return absl::OkStatus();
      });
  BURGEON_RETURN_IF_ERROR(status);
  return norms;
}

}  // namespace

absl::StatusOr<TopKResult> TopKCpu(ThreadPool& pool, const TopKInput& input,
                                   const TopKParams& params) {
  BURGEON_ASSIGN_OR_RETURN(std::optional<TopKResult> packed, TopKPacked(pool, input, params));
  if (packed.has_value()) return *std::move(packed);
  const int64_t queries = input.queries.rows;
  const int64_t items = input.items.rows;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> norms, TileNorms(pool, input));
  const int64_t block = params.k > kLongList ? kQueryBlockLongLists : kQueryBlock;
  const auto blocks = static_cast<size_t>((queries + block - 1) / block);
  std::vector<std::vector<ScoredItem>> found(blocks);
  std::vector<std::vector<int64_t>> counts(blocks);
  pool.ParallelFor(queries, block, [&](int64_t begin, int64_t end) {
    BlockScan scan(input, params.k, begin, end);
    for (int64_t tile = 0; tile < items; tile += kItemTile) {
      scan.ScanTile(tile, std::min(items, tile + kItemTile),
                    norms[static_cast<size_t>(tile / kItemTile)]);
    }
    const auto index = static_cast<size_t>(begin / block);
    scan.Finish(&found[index], &counts[index]);
  });
  TopKResult result;
  result.offsets = {0};
  for (size_t b = 0; b < blocks; ++b) {
    result.items.insert(result.items.end(), found[b].begin(), found[b].end());
    for (const int64_t count : counts[b]) {
      result.offsets.push_back(result.offsets.back() + count);
    }
  }
  return result;
}

}  // namespace burgeon
