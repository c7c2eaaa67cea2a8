// item_knn: each item of a history votes for the `neighbours` items most similar to it.
//
//   s_ij = <x_i, x_j> / (|x_i|^(2 alpha) |x_j|^(2 - 2 alpha) + shrink),  j != i
//
// with x_i the column of item i in the interactions, weighted as below. alpha = 1/2 is the cosine;
// another alpha is the asymmetric cosine (Aiolli, "Efficient top-n recommendation for very large
// scale binary rated datasets", RecSys 2013); shrink damps what few customers say (Bell, Koren,
// 2007). Item-based top-n: Deshpande, Karypis, "Item-based top-n recommendation algorithms", TOIS
// 2004. The weights of a customer's row may be damped by how common the item is:
//   tf_idf  w log(customers / customers_i)
//   bm25    idf_i w (k1 + 1) / (w + k1 (1 - b + b n_u / mean n)),
//           idf_i = log(1 + (customers - customers_i + 1/2) / (customers_i + 1/2)), k1 1.2, b .75
// (Robertson, Zaragoza, 2009, with customers as documents and items as terms).
//
// Its embeddings are those of a spectral model (train_spectral.h) of `embedding` options.
// Same bits for any number of threads; the result depends on data, options and seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_ITEM_KNN_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_ITEM_KNN_H_

#include "training/recommender/train_spectral.h"

namespace burgeon {

enum class ItemWeighting { kNone, kTfIdf, kBm25 };

struct ItemKnnOptions {
  int neighbours = 100;  // of each item; 0: all
  float shrink = 10;     // >= 0
  float alpha = 0.5F;    // 0 .. 1
  ItemWeighting weighting = ItemWeighting::kNone;
  SpectralOptions embedding = EmbeddingOptions();
};

ItemKnnOptions ParseItemKnnOptions(const ConfigNode& node);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty.
absl::StatusOr<RecommenderModel> TrainItemKnn(ExecutionContext& context,
                                              const CsrView& interactions,
                                              const ItemKnnOptions& options,
                                              TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_ITEM_KNN_H_
