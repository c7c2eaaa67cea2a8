// The sampled softmax of cuda/sampled_softmax.cu played on the host: its tiles' source on blocks of
// tests/cuda/played_block.h, packing and merging by the same functions, held to the cases of both
// forms within the bounds that engine/ops/sampled_softmax.h states.
#include "cuda/softmax_tile.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "cuda/sampled_softmax.h"
#include "cuda/softmax_query.h"
#include "tests/cuda/played_block.h"
#include "tests/support/sampled_softmax_cases.h"
#include "tests/support/vectors.h"

namespace burgeon::cuda {
namespace {

int64_t Padded(int64_t count) { return (count + kSoftmaxRows - 1) / kSoftmaxRows * kSoftmaxRows; }

struct Side {
  int64_t padded = 0;
  std::vector<Unit> vectors;
  std::vector<float> adds;
  std::vector<uint32_t> ids;

  Side(const FloatMatrix& matrix, const std::vector<uint32_t>& given, uint32_t otherwise,
       const std::vector<float>& log_q, const SoftmaxPacking& packing, SoftmaxParts parts)
      : padded(Padded(matrix.rows())),
        vectors(static_cast<size_t>(padded * 2 * packing.steps)),
        adds(static_cast<size_t>(padded), -INFINITY),
        ids(static_cast<size_t>(padded), otherwise) {
    std::ranges::copy(given, ids.begin());
    for (int64_t row = 0; row < padded; ++row) {
      const bool there = row < matrix.rows();
      if (there) {
        const auto k = static_cast<size_t>(row);
        adds[k] = log_q.empty() ? 0.0F : -kLog2E * log_q[k];
      }
      for (int64_t unit = 0; unit < packing.part / kUnitDims; ++unit) {
        PackUnit(there ? &matrix.at(row, 0) : nullptr, there ? matrix.cols() : 0, unit, packing,
                 parts, &vectors[static_cast<size_t>(row * 2 * packing.steps)]);
      }
    }
  }
  SoftmaxSide view() const { return {vectors.data(), adds.data(), ids.data()}; }
};

// All blocks of one pass. Shared memory starts as NaN.
template <int kSteps, int kOut, bool kOnline>
void PlayPass(const SoftmaxView& view, int64_t runs, Order order) {
  for (int64_t row_tile = 0; row_tile < view.row_count / kSoftmaxRows; ++row_tile) {
    for (int64_t run = 0; run < runs; ++run) {
      for (int unit = 0; unit < view.out_units; unit += kOut) {
        std::vector<Unit> memory(static_cast<size_t>(SoftmaxSharedUnits(view.steps)),
                                 Unit{{~0U, ~0U, ~0U, ~0U}});
        const SoftmaxPlace place = {.row_tile = row_tile, .split = run, .out_unit = unit};
        PlayBlock(kSoftmaxThreads, order, [&](const PlayedThread& thread) {
          SoftmaxTile<kSteps, kOut, kOnline, PlayedThread>(thread, view, place, memory.data())
              .Run();
        });
      }
    }
  }
}

// What SampledSoftmax of cuda/sampled_softmax.cu does. kSteps as its instances, or 0.
template <int kSteps, int kOut>
SampledSoftmaxResult Play(const SampledSoftmaxCase& c, bool split, Order order,
                          int64_t row_tiles_at_least = 1) {
  const SoftmaxPacking packing = PackingOf(c.queries.cols(), split);
  const Side queries(c.queries, c.positive_ids, 0, {}, packing,
                     split ? SoftmaxParts::kHighHighLow : SoftmaxParts::kOne);
  const Side candidates(c.candidates, c.candidate_ids, 1, c.candidate_log_q, packing,
                        split ? SoftmaxParts::kHighLowHigh : SoftmaxParts::kOne);
  const auto plan = [&](const Side& rows, const Side& columns) {
    return PlanSoftmax(std::max(row_tiles_at_least, rows.padded / kSoftmaxRows),
                       columns.padded / kSoftmaxColumns);
  };
  const SoftmaxRuns by_query = plan(queries, candidates);
  const auto cells = static_cast<size_t>(by_query.count * queries.padded);
  std::vector<float> products(cells * static_cast<size_t>(packing.part), NAN);
  std::vector<float> maxima(cells, NAN);
  std::vector<float> sums(cells, NAN);
  SoftmaxView view = {.rows = queries.view(),
                      .columns = candidates.view(),
                      .scale = kLog2E / c.temperature,
                      .steps = packing.steps,
                      .row_count = queries.padded,
                      .tiles = candidates.padded / kSoftmaxColumns,
                      .run = by_query.run,
                      .out_units = packing.part / kUnitDims,
                      .products = products.data(),
                      .maxima = maxima.data(),
                      .sums = sums.data()};
  view.rows.add = nullptr;
  PlayPass<kSteps, kOut, true>(view, by_query.count, order);

  SampledSoftmaxResult result(c);
  Side finished = queries;
  std::ranges::fill(finished.adds, -INFINITY);
  for (int64_t i = 0; i < c.queries.rows(); ++i) {
    const auto k = static_cast<size_t>(i);
    float dot = 0;
    for (int64_t d = 0; d < c.queries.cols(); ++d) dot += c.queries.at(i, d) * c.positives.at(i, d);
    const float log_q = c.positive_log_q.empty() ? 0.0F : c.positive_log_q[k];
    const QueryResult of = FinishQuery({&maxima[k], &sums[k], by_query.count, queries.padded},
                                       dot * view.scale - kLog2E * log_q);
    const float weight = c.weights.empty() ? 1.0F : c.weights[k];
    result.losses[k] = of.loss;
    finished.adds[k] = std::log2(weight) - of.log_sum;
    for (int64_t d = 0; d < c.queries.cols(); ++d) {
      float sum = 0;
      for (int64_t run = 0; run < by_query.count; ++run) {
        const auto cell = static_cast<size_t>(run * queries.padded + i);
        sum += std::exp2(maxima[cell] - of.log_sum) *
               products[cell * static_cast<size_t>(packing.part) + static_cast<size_t>(d)];
      }
      result.queries.at(i, d) = weight / c.temperature * (sum - of.missed * c.positives.at(i, d));
      result.positives.at(i, d) = -weight / c.temperature * of.missed * c.queries.at(i, d);
    }
  }

  const SoftmaxRuns by_candidate = plan(candidates, queries);
  products.assign(static_cast<size_t>(by_candidate.count * candidates.padded * packing.part), NAN);
  view.rows = candidates.view();
  view.columns = finished.view();
  view.row_count = candidates.padded;
  view.tiles = queries.padded / kSoftmaxColumns;
  view.run = by_candidate.run;
  view.products = products.data();
  PlayPass<kSteps, kOut, false>(view, by_candidate.count, order);
  for (int64_t j = 0; j < c.candidates.rows(); ++j) {
    for (int64_t d = 0; d < c.candidates.cols(); ++d) {
      float sum = 0;
      for (int64_t run = 0; run < by_candidate.count; ++run) {
        sum += products[static_cast<size_t>((run * candidates.padded + j) * packing.part + d)];
      }
      result.candidates.at(j, d) = sum / c.temperature;
    }
  }
  return result;
}

SampledSoftmaxResult PlayAny(const SampledSoftmaxCase& c, bool split, Order order) {
  const SoftmaxPacking packing = PackingOf(c.queries.cols(), split);
  if (packing.steps == 4) return Play<4, 8>(c, split, order);
  if (packing.steps == 8) return Play<8, 16>(c, split, order);
  if (packing.out_dim == 64) return Play<0, 8>(c, split, order);
  return Play<0, 16>(c, split, order);
}

TEST(SoftmaxTileTest, PlayedOnTheHostItMatchesTheReference) {
  for (const char* name :
       {"no candidates", "odd shapes", "ids and corrections", "in-batch negatives",
        "nothing but accidental hits", "the greatest comes last",
        "tiny and huge beside each other"}) {  // the others take long here
    const SampledSoftmaxCase c = SampledSoftmaxCaseNamed(name);
    SCOPED_TRACE(c.name);
    ExpectSampledSoftmaxNear(c, PlayAny(c, /*split=*/false, Order::kForwards),
                             SoftmaxErrorOfCuda(c, SoftmaxPrecision::kBf16));
  }
}

TEST(SoftmaxTileTest, InSplitBf16Too) {
  for (const char* name : {"odd shapes", "the greatest comes last"}) {
    const SampledSoftmaxCase c = SampledSoftmaxCaseNamed(name);
    SCOPED_TRACE(c.name);
    ExpectSampledSoftmaxNear(c, PlayAny(c, /*split=*/true, Order::kForwards),
                             SoftmaxErrorOfCuda(c, SoftmaxPrecision::kSplitBf16));
  }
}

TEST(SoftmaxTileTest, LongVectorsAreDoneInPartsOfTheirDimensions) {
  SampledSoftmaxCase c;
  c.queries = NormalVectors(5, 250, 1);
  c.positives = NormalVectors(5, 250, 2);
  c.candidates = NormalVectors(70, 250, 3);
  c.temperature = 250;
  ExpectSampledSoftmaxNear(c, PlayAny(c, /*split=*/false, Order::kForwards),
                           SoftmaxErrorOfCuda(c, SoftmaxPrecision::kBf16));
}

// A missing barrier, or a copy that nobody waits for, would show in one of the orders.
TEST(SoftmaxTileTest, TheOrderOfThreadsDoesNotMatter) {
  const SampledSoftmaxCase c = SampledSoftmaxCaseNamed("past a tile");
  // One run of all tiles, as of many queries: stages are used again.
  const SampledSoftmaxResult a = Play<4, 8>(c, false, Order::kForwards, 1000);
  const SampledSoftmaxResult b = Play<4, 8>(c, false, Order::kBackwards, 1000);
  ExpectSampledSoftmaxNear(c, a, SoftmaxErrorOfCuda(c, SoftmaxPrecision::kBf16));
  EXPECT_EQ(a.losses, b.losses);
  EXPECT_EQ(a.queries.values(), b.queries.values());
  EXPECT_EQ(a.candidates.values(), b.candidates.values());
}

TEST(SoftmaxTileTest, PartsOfALaneAreTheRowsOfItsSums) {
  for (int lane = 0; lane < 32; ++lane) {
    for (int held = 0; held < kSoftmaxHeld; ++held) {
      // Block held / 2, registers c[0], c[1] or c[2], c[3].
      EXPECT_EQ(HeldRow(lane, held), held / 2 * 16 + lane / 4 + (held % 2 == 0 ? 0 : 8));
    }
  }
}

// The eight rows that ldmatrix reads together lie in different groups of four banks.
TEST(SoftmaxTileTest, NoBankConflicts) {
  for (const int steps : {4, 8, 12, 16, 24}) {
    for (int matrix = 0; matrix < 4; ++matrix) {
      std::set<int> groups;
      for (int i = 0; i < 8; ++i) {
        const int lane = matrix * 8 + i;
        groups.insert((LoadRowA(lane) * RowUnits(steps) + LoadUnitA(lane)) % 8);
      }
      EXPECT_EQ(groups.size(), 8U);
    }
  }
}

class HostMath {
 public:
  float Exp2(float x) const { return std::exp2(x); }
};

TEST(OnlineSumTest, PartsMergeToTheSumOfAll) {
  const std::vector<float> values = {-INFINITY, 3, 100, -INFINITY, 99.5F, -200, 100, 1};
  for (size_t cut = 0; cut <= values.size(); ++cut) {
    OnlineSum parts[2];
    for (size_t i = 0; i < values.size(); ++i) {
      OnlineSum& part = parts[i < cut ? 0 : 1];
      const OnlineSum one = {values[i], values[i] == -INFINITY ? 0.0F : 1.0F};
      part = Merge(HostMath{}, part, one);
    }
    const OnlineSum all = Merge(HostMath{}, parts[0], parts[1]);
    EXPECT_EQ(all.maximum, 100);
    EXPECT_FLOAT_EQ(all.sum, 2 + std::exp2(-0.5F));
  }
  const OnlineSum none = Merge(HostMath{}, OnlineSum{}, OnlineSum{});
  EXPECT_EQ(none.maximum, -INFINITY);
  EXPECT_EQ(none.sum, 0);
}

}  // namespace
}  // namespace burgeon::cuda
