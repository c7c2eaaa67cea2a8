// Canonical scores of many vectors, and the best k of them: what every kind of index ends with,
// and all that the flat one is.
#ifndef BURGEON_ENGINE_INDEX_VECTOR_SCORER_H_
#define BURGEON_ENGINE_INDEX_VECTOR_SCORER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/index/vector_index.h"

namespace burgeon {

// Immutable, thread-safe. `vectors` must outlive it.
class VectorScorer {
 public:
  VectorScorer(MatrixView<const float> vectors, Similarity similarity);

  MatrixView<const float> vectors() const { return vectors_; }
  Similarity similarity() const { return similarity_; }
  // Euclidean length of a row, in double; for cosine only.
  double norm(int64_t row) const { return norms_[static_cast<size_t>(row)]; }

  // kInvalidArgument for a query of another dimension, not finite, or k < 1.
  absl::Status Check(std::span<const float> query, int k) const;
  // Whether the query can find anything (cosine: it is not all zero).
  bool Finds(std::span<const float> query) const;

  // The best k of the candidates (any order, unique), or of all rows.
  std::vector<Neighbor> BestOf(std::span<const float> query, std::span<const int64_t> candidates,
                               int k) const;
  std::vector<Neighbor> BestOfAll(std::span<const float> query, int k) const;

 private:
  float Score(double dot, double query_norm, int64_t row) const;

  MatrixView<const float> vectors_;
  Similarity similarity_;
  std::vector<double> norms_;  // [rows] for cosine, else empty
};

// sqrt(sum_j double(x_j)^2), j ascending.
double EuclideanNorm(std::span<const float> vector);

// The canonical cosine of two vectors of one length: float(dot / (norm * norm)), all in double.
// Nothing when either is zero.
std::optional<float> CanonicalCosine(std::span<const float> a, std::span<const float> b);

// Cuts `neighbors` to the k best, by score descending, then row ascending.
void KeepBest(int k, std::vector<Neighbor>* neighbors);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_VECTOR_SCORER_H_
