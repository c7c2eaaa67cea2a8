// The small release of release_fixture.h with a sequence model of random numbers, and the order of
// each customer's items: those of the interactions, shuffled, every third a second time, of which
// the newest five are kept.
#ifndef BURGEON_TESTS_SUPPORT_SEQUENCE_RELEASE_H_
#define BURGEON_TESTS_SUPPORT_SEQUENCE_RELEASE_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/support/release_fixture.h"

namespace burgeon {

inline constexpr int64_t kSmallOrderLength = 5;

inline SequenceEncoder MakeSmallEncoder(uint64_t seed) {
  uint64_t stream = 100;
  const auto matrix = [&](int64_t rows, int64_t cols) {
    return release_fixture_internal::MakeNormal(rows, cols, Philox(seed, stream++));
  };
  const auto layer = [&](int64_t inputs, int64_t outputs) {
    return SequenceLayer{.weight = matrix(inputs, outputs), .bias = matrix(1, outputs).values()};
  };
  const auto norm = [&] {
    return SequenceNorm{.gain = matrix(1, kSmallDim).values(),
                        .bias = matrix(1, kSmallDim).values()};
  };
  SequenceEncoder encoder;
  encoder.heads = 2;
  encoder.items = matrix(kSmallItems, kSmallDim);
  encoder.positions = matrix(kSmallOrderLength, kSmallDim);
  encoder.blocks.push_back({.attention_norm = norm(),
                            .query_key_value = layer(kSmallDim, 3 * kSmallDim),
                            .attention_out = layer(kSmallDim, kSmallDim),
                            .attention_gate = layer(kSmallDim, kSmallDim),
                            .feed_norm = norm(),
                            .feed_up = layer(kSmallDim, 2 * kSmallDim),
                            .feed_side = layer(kSmallDim, 2 * kSmallDim),
                            .feed_down = layer(2 * kSmallDim, kSmallDim),
                            .feed_gate = layer(kSmallDim, kSmallDim)});
  encoder.last_norm = norm();
  return encoder;
}

inline ItemSequences MakeSmallOrder(const CsrView& interactions, uint64_t seed) {
  const Philox random(seed, 7);
  uint64_t draw = 0;
  ItemSequences order;
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto items = interactions.row_columns(u);
    std::vector<uint32_t> row(items.begin(), items.end());
    for (size_t i = 0; i < items.size(); i += 3) row.push_back(items[i]);
    for (size_t i = row.size(); i > 1; --i) std::swap(row[i - 1], row[random.Below(draw++, i)]);
    const auto kept = std::min(std::ssize(row), kSmallOrderLength);
    order.items.insert(order.items.end(), row.end() - kept, row.end());
    order.offsets.push_back(std::ssize(order.items));
  }
  return order;
}

inline ReleaseData MakeSmallSequenceRelease(ThreadPool& pool, uint64_t seed = 1) {
  ReleaseData data = MakeSmallRelease(pool, seed);
  RecommenderModel& model = data.recommender;
  model.kind = RecommenderKind::kSequence;
  model.filter.clear();
  model.fold_in_items = FloatMatrix();
  model.encoder = MakeSmallEncoder(seed);
  data.order = MakeSmallOrder(data.interactions.view(), seed);
  ExecutionContext context(&pool);
  auto folded =
      FoldIn(context, model, {.weights = data.interactions.view(), .sequence = data.order.view()});
  BURGEON_CHECK(folded.ok());
  model.customer_embeddings = *std::move(folded);
  return data;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_SEQUENCE_RELEASE_H_
