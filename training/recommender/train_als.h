// als: implicit ALS with frequency-scaled regularisation (engine/ops/als_step.h), `epochs` times
// customers then items, then once more customers, exactly, so that embeddings equal the fold-in.
//
// With a validation share, training ends early once the NDCG@20 of held-out interactions has not
// risen for `patience` epochs, and the item factors of the best epoch are kept; the customers are
// folded in on everything they did, held out or not.
//
// Same bits for any number of threads; the result depends on data, options and seed alone, whether
// it is trained in one go or goes on from a checkpoint (report->run, training/run).
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/training_report.h"
#include "training/run/memory_plan.h"

namespace burgeon {

struct AlsOptions {
  int dim = 64;
  float unobserved_weight = 0.1F;
  float regularization = 0.003F;
  float regularization_exponent = 1;
  int block_size = 0;  // 0: exact solves
  int epochs = 16;
  float init_stddev = 0.1F;    // divided by sqrt(dim)
  float validation_share = 0;  // of the customers; 0: no early stop
  int patience = 2;            // epochs without a better validation
  uint64_t seed = 1;
};

AlsOptions ParseAlsOptions(const ConfigNode& node);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty.
absl::StatusOr<RecommenderModel> TrainAls(ExecutionContext& context, const CsrView& interactions,
                                          const AlsOptions& options, TrainingReport* report);

// Bytes beside the interactions. For n customers, m items, z interactions, dimension d and t
// threads: the transposed matrix, 8 (m + 1) + 8 z; epochs: factors and the items before, 4 n d + 8
// m d; the fixed side in another basis, 4 max(n, m) d, when solves are exact (als_exact_cpu.h);
// Gram matrices and their eigenvectors, 40 d^2; a thread's system and gathered rows, t (4 d^2 +
// 1024 d). Embeddings: items, once more in that basis, and the customers folded in. With early stop
// the training part of the interactions and the best items besides. Writing adds a copy of the
// model, a checkpoint one of the factors.
std::vector<MemoryPhase> PlanAls(const AlsOptions& options, const DataCounts& data, int threads);
// On a CUDA device, which holds one half-step at a time (engine/ops/als_step_cuda.cc): the larger
// side's rows, both factor tables and a Gram matrix.
int64_t PlanAlsDevice(const AlsOptions& options, const DataCounts& data);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_
