// The second stage of a blend: a small network orders the best of the blend's list anew, by what
// each member says of an item and by facts of item and customer.
//
// Features of item j in the pool of customer u, in this order:
//   for each member with embeddings, then for the operator where there is one: its part of the
//   blend's score, standardised over the pool (less the mean, over the standard deviation; 0 where
//   that is 0); the blend's score, likewise; log(1 + rank in the pool, from 0);
//   log(1 + popularity_j); log(1 + trend_j) for each trend; log(1 + items of the history of u).
// All are then standardised by what training saw of them and cut to +-kMaxRankerFeature. Sums in
// double, in a fixed order: a list has the same bits for any number of threads.
#ifndef BURGEON_ENGINE_MODELS_LIST_RANKER_H_
#define BURGEON_ENGINE_MODELS_LIST_RANKER_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/models/perceptron.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct ListRanker {
  int64_t pool = 0;          // items that are ordered anew; 0: there is no ranker
  FloatMatrix trends;        // [trends, items] interactions that faded with time, as of training;
                             // no rows: their times were not known
  std::vector<float> mean;   // [features] on train
  std::vector<float> scale;  // [features] standard deviation, > 0
  Perceptron network;
};

inline constexpr double kMaxRankerFeature = 5;

// What one customer's pool is made of.
struct RankerPool {
  std::span<const uint32_t> items;    // [n] rows, best first by the blend's score
  MatrixView<const double> parts;     // [n, parts] what each part of the blend gives the item
  std::span<const float> popularity;  // [items of the model]
  MatrixView<const float> trends;     // [n, trends] of the items, as of the time of the list
  int64_t history_items = 0;
};

int64_t RankerFeatureCount(int64_t parts, int64_t trends);
// [n, features], not yet standardised by training.
FloatMatrix RankerFeatures(const RankerPool& pool);
// One row, as the network sees it.
void StandardiseRankerFeatures(const ListRanker& ranker, std::span<float> row);
// [n] scores; larger is better.
std::vector<double> RankerScores(const ListRanker& ranker, FloatMatrix features);

// Tensors under "recommender.ranker.*". kDataLoss names what does not fit.
void AddRankerTensors(const ListRanker& ranker, TensorFile* file);
absl::StatusOr<ListRanker> ReadRankerTensors(const TensorFile& file, int64_t parts, int64_t items);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_LIST_RANKER_H_
