#include "engine/ops/top_k_packed.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <limits>

#include "engine/ops/candidate_list.h"
#include "engine/ops/packed_items.h"
#include "engine/ops/packed_scan.h"
#include "engine/ops/scan_kernels.h"
#include "engine/ops/simd.h"

namespace burgeon {
namespace {

constexpr int64_t kMinQueriesToPack = 64;  // below, packing costs more than it saves
constexpr int64_t kMinTileQueries = 6;     // below, a tile of queries is mostly empty
constexpr int64_t kQueryBlock = 256;       // share the items that are in the cache
constexpr int64_t kQueryBlockLongLists = 32;
constexpr int64_t kLongList = 512;
constexpr int64_t kChunkGroups = 8;  // of items, between two looks at the thresholds
constexpr int64_t kChunkItems = kChunkGroups * PackedItems::kGroup;
constexpr int64_t kByteChunkGroups = 32;
constexpr int64_t kByteBlockGroups = 512;  // of one query's scan, for one thread at a time

// Which items a query may list.
class Mask {
 public:
  Mask(const TopKInput& input, int64_t q)
      : allowed_(input.allowed),
        excluded_(input.excluded.offsets.empty() ? std::span<const uint32_t>()
                                                 : input.excluded.row_columns(q)) {}
  bool Allows(uint32_t item) const {
    if (!allowed_.empty() && (allowed_[item / 64] >> (item % 64) & 1) == 0) return false;
    return excluded_.empty() || !std::ranges::binary_search(excluded_, item);
  }

 private:
  std::span<const uint64_t> allowed_;
  std::span<const uint32_t> excluded_;
};

// Up to 32 queries, side by side in tiles.
class TileOfQueries {
 public:
  TileOfQueries(const TopKInput& input, const PackedItems& items, int64_t k, int64_t begin,
                int64_t end)
      : items_(items), queries_(input.queries.Rows(begin, end)) {
    for (int64_t q = begin; q < end; ++q) {
      lists_.emplace_back(input.queries.row(q), input.items, k);
      masks_.emplace_back(input, q);
    }
    floors_.assign(lists_.size(), -std::numeric_limits<float>::infinity());
  }

  // False when no further group can matter: the items of this order only grow shorter.
  bool Scan(BFloat16Kernel kernel, int64_t begin, int64_t end, std::vector<float>* scores) {
    const float length = items_.length(begin);
    float lost = 0;
    for (int64_t g = begin; g < end; ++g) lost = std::max(lost, items_.bf16_lost(g));
    bool any = false;
    for (size_t q = 0; q < lists_.size(); ++q) any |= MayMatter(q, length);
    if (!any) return false;
    BFloat16Scores(kernel, queries_, items_, begin, end, kChunkItems, scores->data());
    const int64_t first = begin * PackedItems::kGroup;
    const int64_t count = std::min(end * PackedItems::kGroup, items_.rows()) - first;
    for (size_t q = 0; q < lists_.size(); ++q) {
      if (!MayMatter(q, length)) continue;
      const float error = queries_.Error(static_cast<int64_t>(q), length, lost);
      Select(q, first, count, error, scores->data() + static_cast<int64_t>(q) * kChunkItems);
    }
    return true;
  }

  void Finish(std::vector<ScoredItem>* items, std::vector<int64_t>* counts) {
    for (CandidateList& list : lists_) {
      const size_t before = items->size();
      list.Finish(items);
      counts->push_back(static_cast<int64_t>(items->size() - before));
    }
  }

 private:
  // No score exceeds the product of the lengths.
  bool MayMatter(size_t q, float length) const {
    const float most = queries_.length(static_cast<int64_t>(q)) * length * (1 + 1e-5F) + 0x1p-120F;
    return !(most < floors_[q]);
  }

  // Below, a score is not among the best: the floor less its error and what rounds here.
  float Threshold(size_t q, float error) const {
    return floors_[q] - (error + 0x1p-20F * (error + std::abs(floors_[q])));
  }

  void Select(size_t q, int64_t first, int64_t count, float error, const float* scores) {
    float threshold = Threshold(q, error);
    uint64_t bits[kChunkItems / 64];
    MarkAtLeast(scores, count, threshold, bits);
    for (int64_t word = 0; word * 64 < count; ++word) {
      for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
        const int64_t i = word * 64 + std::countr_zero(left);
        if (scores[i] < threshold) continue;
        const uint32_t item = items_.item(first + i);
        if (masks_[q].Allows(item) && lists_[q].Add(item, scores[i], error)) {
          floors_[q] = lists_[q].Threshold(0);
          threshold = Threshold(q, error);
        }
      }
    }
  }

  const PackedItems& items_;
  const BFloat16Queries queries_;
  std::vector<CandidateList> lists_;
  std::vector<Mask> masks_;
  std::vector<float> floors_;  // k canonical scores are known to reach this; -infinity: not yet
};

TopKResult Joined(const std::vector<std::vector<ScoredItem>>& found,
                  const std::vector<std::vector<int64_t>>& counts) {
  TopKResult result;
  result.offsets = {0};
  for (size_t b = 0; b < found.size(); ++b) {
    result.items.insert(result.items.end(), found[b].begin(), found[b].end());
    for (const int64_t count : counts[b]) {
      result.offsets.push_back(result.offsets.back() + count);
    }
  }
  return result;
}

TopKResult ManyQueries(ThreadPool& pool, const TopKInput& input, const PackedItems& items,
                       BFloat16Kernel kernel, int64_t k) {
  const int64_t queries = input.queries.rows;
  const int64_t block = k > kLongList ? kQueryBlockLongLists : kQueryBlock;
  const auto blocks = static_cast<size_t>((queries + block - 1) / block);
  std::vector<std::vector<ScoredItem>> found(blocks);
  std::vector<std::vector<int64_t>> counts(blocks);
  pool.ParallelFor(queries, block, [&](int64_t begin, int64_t end) {
    std::vector<TileOfQueries> tiles;
    for (int64_t q = begin; q < end; q += BFloat16Queries::kMaxQueries) {
      tiles.emplace_back(input, items, k, q, std::min(end, q + BFloat16Queries::kMaxQueries));
    }
    std::vector<float> scores(static_cast<size_t>(BFloat16Queries::kMaxQueries * kChunkItems));
    bool any = true;
    for (int64_t g = 0; g < items.groups() && any; g += kChunkGroups) {
      any = false;
      const int64_t last = std::min(items.groups(), g + kChunkGroups);
      for (TileOfQueries& tile : tiles) any |= tile.Scan(kernel, g, last, &scores);
    }
    const auto index = static_cast<size_t>(begin / block);
    for (TileOfQueries& tile : tiles) tile.Finish(&found[index], &counts[index]);
  });
  return Joined(found, counts);
}

// One query over int8, by blocks of groups side by side: what one has found, the others need not
// beat again. The answer is exact, so it does not depend on who was first.
class ByteScan {
 public:
  ByteScan(const TopKInput& input, const PackedItems& items, int64_t k, int64_t q)
      : input_(input), items_(items), k_(k), q_(q), query_(input.queries.row(q)), mask_(input, q) {}

  std::vector<ScoredItem> Block(int64_t begin, int64_t end) {
    CandidateList list(input_.queries.row(q_), input_.items, k_);
    constexpr auto kSize = static_cast<size_t>(kByteChunkGroups * PackedItems::kGroup);
    std::vector<float> scores(kSize);
    std::vector<float> upper(kSize);
    for (int64_t g = begin; g < end; g += kByteChunkGroups) {
      const int64_t last = std::min(end, g + kByteChunkGroups);
      ByteScores(query_, items_, g, last, scores.data(), upper.data());
      const int64_t first = g * PackedItems::kGroup;
      const int64_t count = std::min(last * PackedItems::kGroup, items_.rows()) - first;
      Select(first, count, scores, upper, &list);
    }
    std::vector<ScoredItem> found;
    list.Finish(&found);
    return found;
  }

 private:
  void Select(int64_t first, int64_t count, const std::vector<float>& scores,
              const std::vector<float>& upper, CandidateList* list) {
    list->RaiseFloor(floor_.load(std::memory_order_relaxed));
    float threshold = list->Threshold(0);
    uint64_t bits[kByteChunkGroups * PackedItems::kGroup / 64];
    MarkAtLeast(upper.data(), count, threshold, bits);
    for (int64_t word = 0; word * 64 < count; ++word) {
      for (uint64_t left = bits[word]; left != 0; left &= left - 1) {
        const auto i = static_cast<size_t>(word * 64 + std::countr_zero(left));
        if (upper[i] < threshold) continue;
        const int64_t place = first + static_cast<int64_t>(i);
        const uint32_t item = items_.item(place);
        if (!mask_.Allows(item)) continue;
        if (list->Add(item, scores[i], Error(place))) threshold = list->Threshold(0);
      }
    }
    float known = floor_.load(std::memory_order_relaxed);
    while (known < threshold && !floor_.compare_exchange_weak(known, threshold)) {
    }
  }

  double Error(int64_t place) const {
    const float lost = items_.int8_lost(place / PackedItems::kLanes)[place % PackedItems::kLanes];
    const float length = items_.length(place / PackedItems::kGroup);
    return static_cast<double>(query_.per_lost()) * static_cast<double>(lost) +
           static_cast<double>(query_.per_length()) * static_cast<double>(length) +
           static_cast<double>(query_.tiny());
  }

  const TopKInput& input_;
  const PackedItems& items_;
  const int64_t k_;
  const int64_t q_;
  const ByteQuery query_;
  const Mask mask_;
  std::atomic<float> floor_ = -std::numeric_limits<float>::infinity();
};

TopKResult FewQueries(ThreadPool& pool, const TopKInput& input, const PackedItems& items,
                      int64_t k) {
  TopKResult result;
  result.offsets = {0};
  const auto blocks =
      static_cast<size_t>((items.groups() + kByteBlockGroups - 1) / kByteBlockGroups);
  for (int64_t q = 0; q < input.queries.rows; ++q) {
    ByteScan scan(input, items, k, q);
    std::vector<std::vector<ScoredItem>> found(blocks);
    pool.ParallelFor(items.groups(), kByteBlockGroups, [&](int64_t begin, int64_t end) {
      found[static_cast<size_t>(begin / kByteBlockGroups)] = scan.Block(begin, end);
    });
    CandidateList best(input.queries.row(q), input.items, k);
    for (const std::vector<ScoredItem>& part : found) {
      for (const ScoredItem& scored : part) best.Add(scored.item.value, scored.score, 0);
    }
    best.Finish(&result.items);
    result.offsets.push_back(static_cast<int64_t>(result.items.size()));
  }
  return result;
}

}  // namespace

absl::StatusOr<std::optional<TopKResult>> TopKPacked(ThreadPool& pool, const TopKInput& input,
                                                     const TopKParams& params) {
  const std::optional<TopKResult> no_answer;
  const int64_t queries = input.queries.rows;
  if (input.items.cols == 0 || input.items.rows == 0 || queries == 0) return no_answer;
  const BFloat16Kernel kernel = DetectedBFloat16Kernel();
  const bool many = queries >= kMinTileQueries && kernel != BFloat16Kernel::kNone;
  const bool few = !many && input.packed != nullptr && input.packed->has_int8() && HasAvx512Vnni();
  if (!many && !few) return no_answer;
  if (input.packed == nullptr && queries < kMinQueriesToPack) return no_answer;
  if (std::sqrt(MaxSquaredNorm(input.queries)) > PackedItems::kLongest) return no_answer;
  PackedItems own;
  if (input.packed == nullptr) {
    BURGEON_ASSIGN_OR_RETURN(own, PackedItems::Pack(pool, input.items, PackedForms::kBf16));
  }
  const PackedItems& items = input.packed != nullptr ? *input.packed : own;
  if (!items.usable()) return no_answer;
  if (many) return ManyQueries(pool, input, items, kernel, params.k);
  return FewQueries(pool, input, items, params.k);
}

}  // namespace burgeon
