// ease: the linear autoencoder in closed form (Steck, "Embarrassingly Shallow Autoencoders for
// Sparse Data", WWW 2019, eq. 8):
//
//   P = (X'X + lambda I)^-1,   B_ij = -P_ij / P_jj,   B_jj = 0,   score(u, .) = x_u B
//
// Dense in the items: 8 bytes a pair of items while it trains, and 8 a kept entry afterwards.
// `keep_entries` keeps the entries of largest magnitude of each row.
//
// Its embeddings are those of a spectral model (train_spectral.h) of `embedding` options.
// Same bits for any number of threads; the result depends on data, options and seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_EASE_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_EASE_H_

#include "training/recommender/train_spectral.h"

namespace burgeon {

struct EaseOptions {
  float regularization = 250;  // lambda > 0
  int keep_entries = 0;        // of each row; 0: all
  double memory_gib = 16;      // what training and the operator may take together
  SpectralOptions embedding = EmbeddingOptions();
};

EaseOptions ParseEaseOptions(const ConfigNode& node);

// Bytes at the peak of TrainEase: Gram matrix and factor, or Gram matrix and operator.
int64_t EaseMemoryBytes(int64_t items, const EaseOptions& options);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty;
// kResourceExhausted, before anything is allocated, when it needs more than memory_gib.
absl::StatusOr<RecommenderModel> TrainEase(ExecutionContext& context, const CsrView& interactions,
                                           const EaseOptions& options, TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_EASE_H_
