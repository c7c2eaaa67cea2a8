// The network of a sequence model while it is trained: an epoch at a time, and all that the next
// epoch depends on as tensors. LibTorch stays behind this header.
#ifndef BURGEON_TRAINING_RECOMMENDER_SEQUENCE_NETWORK_H_
#define BURGEON_TRAINING_RECOMMENDER_SEQUENCE_NETWORK_H_

#include <cstdint>
#include <memory>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/models/sequence_encoder.h"
#include "engine/storage/tensor_file.h"
#include "training/recommender/train_sequence.h"

namespace burgeon {

class SequenceNetwork {
 public:
  // Begun anew by options.seed.
  static absl::StatusOr<SequenceNetwork> Create(ThreadPool& pool, int64_t items,
                                                const SequenceOptions& options);
  SequenceNetwork(SequenceNetwork&&) noexcept;
  SequenceNetwork& operator=(SequenceNetwork&&) noexcept;
  ~SequenceNetwork();

  // One pass over the sequences; returns the mean loss of a position. Epochs count from 1.
  // kInternal when the loss is no number.
  absl::StatusOr<double> RunEpoch(const SequenceView& sequences, int epoch);

  SequenceEncoder Export() const;

  // Parameters, both moments and the number of steps, under "network.*".
  void Save(TensorFile* file) const;
  absl::Status Restore(const TensorFile& file);

 private:
  struct State;
  explicit SequenceNetwork(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SEQUENCE_NETWORK_H_
