// The towers of a two-tower model while they are trained: an epoch at a time, and all that the next
// epoch depends on as tensors. LibTorch stays behind this header.
//
// The tables are looked up and moved outside of LibTorch (embedding_table.h): a table has a row an
// item, then a row a feature of items, so that a history, and an item, is one sparse row of it.
#ifndef BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_NETWORK_H_
#define BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_NETWORK_H_

#include <cstdint>
#include <memory>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/models/two_tower_encoder.h"
#include "engine/storage/tensor_file.h"
#include "training/recommender/train_two_tower.h"

namespace burgeon {

class TwoTowerNetwork {
 public:
  // Begun anew by options.seed. Views must outlive it. interactions: [customers, items] what is
  // learned from; item_features: [items, features], or without columns.
  static absl::StatusOr<TwoTowerNetwork> Create(ThreadPool& pool, const CsrView& interactions,
                                                const CsrView& item_features,
                                                const TwoTowerOptions& options);
  TwoTowerNetwork(TwoTowerNetwork&&) noexcept;
  TwoTowerNetwork& operator=(TwoTowerNetwork&&) noexcept;
  ~TwoTowerNetwork();

  // One pass over the customers; returns the mean loss of a customer. Epochs count from 1.
  // kInternal when the loss is no number.
  absl::StatusOr<double> RunEpoch(int epoch);

  struct Exported {
    TwoTowerEncoder encoder;
    FloatMatrix item_embeddings;  // [items, dim]
  };
  // An item that nobody took and that has features is known by these alone.
  Exported Export() const;

  // Tables, layers, moments and the number of steps, under "network.*".
  void Save(TensorFile* file) const;
  absl::Status Restore(const TensorFile& file);

 private:
  struct State;
  explicit TwoTowerNetwork(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_NETWORK_H_
