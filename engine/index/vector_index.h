// Nearest neighbours by inner product or cosine, over FAISS: the only room that knows it.
//
// Approximate for hnsw and ivf, exact for flat; scores are always the canonical ones of
// engine/ops/top_k.h, recomputed from the tensors, so that an index only decides which candidates
// are looked at.
//
//   BURGEON_ASSIGN_OR_RETURN(const auto index, BuildIndex(items.view(), params));
//   BURGEON_ASSIGN_OR_RETURN(const std::vector<Neighbor> best, index->Search(query, 10));
//
// What is kept with a release is the structure alone, never a second copy of the vectors: the
// links of a graph or the lists' centroids and members, as a safetensors file of ours
// (docs/formats.md) that LoadIndex checks link by link. FAISS's own loader, which trusts its
// input, is not used. A flat index has nothing to keep.
#ifndef BURGEON_ENGINE_INDEX_VECTOR_INDEX_H_
#define BURGEON_ENGINE_INDEX_VECTOR_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/storage/file_system.h"

namespace burgeon {

enum class IndexKind { kFlat, kHnsw, kIvf };
std::string_view IndexKindName(IndexKind kind);
enum class Similarity { kInnerProduct, kCosine };

struct IndexParams {
  IndexKind kind = IndexKind::kHnsw;
  Similarity similarity = Similarity::kInnerProduct;
  int hnsw_neighbors = 32;  // M
  int hnsw_ef_construction = 200;
  int ivf_lists = 0;  // 0: 4 sqrt(rows), at least 1
  // Search: candidates looked at; larger is slower and nearer to exact.
  int hnsw_ef_search = 200;
  int ivf_probes = 16;
};
// Fields kind (flat, hnsw, ivf), hnsw_neighbors, hnsw_ef_construction, hnsw_ef_search, ivf_lists,
// ivf_probes. The similarity is not the user's choice: the caller sets it.
IndexParams ParseIndexParams(const ConfigNode& node);

struct Neighbor {
  uint32_t row = 0;
  float score = 0;  // canonical inner product, or cosine
};

class VectorIndex {
 public:
  virtual ~VectorIndex() = default;
  virtual const IndexParams& params() const = 0;
  virtual int64_t rows() const = 0;
  // The k nearest of `query` by score descending, then row ascending; fewer when there are fewer.
  // `query` has the dimension of the vectors, else kInvalidArgument; so are k < 1, NaN and
  // infinity. For cosine any length will do; a zero query finds nothing, and a zero row is never
  // found. Asking for a quarter of the rows or more is answered by an exact scan, so k >= rows()
  // always gives every row. Thread-safe.
  virtual absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query,
                                                       int k) const = 0;
  // Bytes to keep with the release; "" for flat.
  virtual absl::StatusOr<std::string> Serialize() const = 0;
};

// `vectors` [rows, dim] must outlive the index. Deterministic: one thread, fixed seeds, and sums in
// a fixed order, so that the same vectors give the same index on every machine. kInvalidArgument
// for vectors that are not finite, for parameters out of range, or for more rows than the kind can
// hold (hnsw: 2^31 - 1).
absl::StatusOr<std::unique_ptr<VectorIndex>> BuildIndex(MatrixView<const float> vectors,
                                                        const IndexParams& params);
// kDataLoss when the bytes are not an index of `params.kind` over vectors of this shape, with this
// similarity and these build parameters.
absl::StatusOr<std::unique_ptr<VectorIndex>> LoadIndex(MatrixView<const float> vectors,
                                                       const IndexParams& params,
                                                       std::string_view bytes);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_VECTOR_INDEX_H_
