// The tables of a two-tower model as sparse rows: a table has a row an item, then a row a feature
// of items, and a history, or an item, is a weighted sum of such rows.
#ifndef BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_ROWS_H_
#define BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_ROWS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/philox.h"

namespace burgeon {

struct TwoTowerRowOptions {
  double item_exponent = 0.5;
  double id_dropout = 0;
  uint64_t seed = 1;
};

class TwoTowerRows {
 public:
  // interactions: [customers, items]; features: [items, f], or without columns. Views must outlive
  // it.
  TwoTowerRows(const CsrView& interactions, const CsrView& features,
               const TwoTowerRowOptions& options);

  int64_t table_rows() const { return items_ + features_.cols; }
  const std::vector<int64_t>& degrees() const { return degrees_; }  // [items] customers of each

  // [n, table]: row u is sum_i w_ui d_i^-item_exponent (id_i + features of i), of training step
  // `step`, in which some ids are left out; the same ones in everything of a step.
  CsrMatrix Histories(const CsrView& weights, int64_t step) const;
  // [given items, table]: id_i + features of i; no items given: all.
  CsrMatrix Items(std::span<const uint32_t> items, int64_t step) const;

  // [items, table]: what one interaction of weight 1 adds to a history, and an item, no id left out
  // but that of items that nobody took and that have features.
  CsrMatrix HistoryItems() const;
  CsrMatrix KnownItems() const;

 private:
  enum class Ids { kOfStep, kAll };
  bool HasFeatures(uint32_t item) const;
  bool UsesId(uint32_t item, Ids ids, int64_t step) const;
  float ScaleOf(uint32_t item) const;
  // Adds factor times what is known of the item.
  void Add(uint32_t item, float factor, Ids ids, int64_t step,
           std::vector<std::pair<uint32_t, float>>* entries) const;
  void EndRow(std::vector<std::pair<uint32_t, float>>* entries, CsrMatrix* out) const;

  int64_t items_;
  CsrView features_;
  TwoTowerRowOptions options_;
  Philox dropped_;
  std::vector<int64_t> degrees_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_ROWS_H_
