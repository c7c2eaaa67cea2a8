// The kinds of index behind BuildIndex and LoadIndex, and what they share. For this room only.
#ifndef BURGEON_ENGINE_INDEX_INDEX_KINDS_H_
#define BURGEON_ENGINE_INDEX_INDEX_KINDS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/index/vector_index.h"
#include "engine/index/vector_scorer.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

// An index that proposes candidates, which are then scored canonically.
class CandidateIndex : public VectorIndex {
 public:
  CandidateIndex(MatrixView<const float> vectors, const IndexParams& params)
      : params_(params), scorer_(vectors, params.similarity) {}

  const IndexParams& params() const final { return params_; }
  int64_t rows() const final { return scorer_.vectors().rows; }
  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k) const final;

 protected:
  const VectorScorer& scorer() const { return scorer_; }
  MatrixView<const float> vectors() const { return scorer_.vectors(); }

 private:
  // About `count` rows likely to be the nearest, unique, each in [0, rows). May give fewer.
  virtual absl::StatusOr<std::vector<int64_t>> Candidates(std::span<const float> query,
                                                          int64_t count) const = 0;
  IndexParams params_;
  VectorScorer scorer_;
};

// kInvalidArgument naming the first parameter out of its range.
absl::Status CheckIndexParams(const IndexParams& params);

std::unique_ptr<VectorIndex> BuildFlatIndex(MatrixView<const float> vectors,
                                            const IndexParams& params);
absl::StatusOr<std::unique_ptr<VectorIndex>> BuildHnswIndex(MatrixView<const float> vectors,
                                                            const IndexParams& params);
absl::StatusOr<std::unique_ptr<VectorIndex>> BuildIvfIndex(MatrixView<const float> vectors,
                                                           const IndexParams& params);
// From the tensors of Serialize, their header checked already. kDataLoss as LoadIndex.
absl::StatusOr<std::unique_ptr<VectorIndex>> LoadHnswIndex(MatrixView<const float> vectors,
                                                           const IndexParams& params,
                                                           const TensorFile& tensors);
absl::StatusOr<std::unique_ptr<VectorIndex>> LoadIvfIndex(MatrixView<const float> vectors,
                                                          const IndexParams& params,
                                                          const TensorFile& tensors);

// The header every serialised index begins with: format version, kind, similarity, rows, dim and
// the build parameter of the kind (links a row, or number of lists).
void AddIndexHeader(const IndexParams& params, MatrixView<const float> vectors,
                    int64_t build_parameter, TensorFile* tensors);
absl::Status CheckIndexHeader(const IndexParams& params, MatrixView<const float> vectors,
                              const TensorFile& tensors);

// ivf_lists, or its default, at most one list a row.
int64_t IvfLists(const IndexParams& params, int64_t rows);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_INDEX_KINDS_H_
