// A table of embeddings while it is trained: looked up by sparse rows, moved by AdamW (Loshchilov,
// Hutter, "Decoupled Weight Decay Regularization", ICLR 2019). Gradients of rows are never laid
// out: a row's is summed, in the order of those who used it, where it is moved.
//
//   table.LookUp(context, used, vectors);                        // vectors = used * table
//   table.Move(pool, {{used, gradient_of_vectors}}, step);
//
// Same bits for any number of threads.
#ifndef BURGEON_TRAINING_RECOMMENDER_EMBEDDING_TABLE_H_
#define BURGEON_TRAINING_RECOMMENDER_EMBEDDING_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct AdamStep {
  double rate = 0;
  double weight_decay = 0;
  int64_t number = 1;  // of this step, from 1
};

// One parameter after the other; all spans are as long.
void MoveByAdam(const AdamStep& step, std::span<const float> gradient, std::span<float> values,
                std::span<float> first, std::span<float> second);

class EmbeddingTable {
 public:
  EmbeddingTable() = default;
  // Normal with deviation .02, drawn from Philox by (seed, stream).
  EmbeddingTable(ThreadPool& pool, int64_t rows, int64_t dim, uint64_t seed, uint64_t stream);

  MatrixView<const float> view() const { return values_.view(); }
  bool empty() const { return values_.empty(); }

  // used: [n, rows]; vectors: [n, dim].
  void LookUp(ExecutionContext& context, const CsrView& used, MatrixView<float> vectors) const;

  struct Use {
    CsrView used;                      // [n, rows]
    MatrixView<const float> gradient;  // [n, dim] of what was looked up
  };
  void Move(ThreadPool& pool, std::span<const Use> uses, const AdamStep& step);

  // name + ".values", ".first", ".second".
  void Save(const std::string& name, TensorFile* file) const;
  absl::Status Restore(const std::string& name, const TensorFile& file);

 private:
  FloatMatrix values_;
  FloatMatrix first_;  // moments
  FloatMatrix second_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EMBEDDING_TABLE_H_
