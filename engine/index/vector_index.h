// Nearest neighbours by inner product or cosine, over FAISS: the only room that knows it.
//
// Approximate for hnsw and ivf, exact for flat; scores are always the canonical ones of
// engine/ops/top_k.h, recomputed from the tensors, so that an index only decides which candidates
// are looked at. hnsw and ivf files are FAISS's own, read only after their SHA-256 was checked by
// the caller; flat is rebuilt from the tensor.
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
  int hnsw_neighbors = 32;         // M
  int hnsw_ef_construction = 200;
  int ivf_lists = 0;               // 0: 4 sqrt(rows), at least 1
  // Search: candidates looked at; larger is slower and nearer to exact.
  int hnsw_ef_search = 200;
  int ivf_probes = 16;
};
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
  // The k nearest of `query` by score descending, then row ascending. `query` has the dimension of
  // the vectors; any length is allowed for cosine, a zero vector finds nothing. Thread-safe.
  virtual absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query,
                                                       int k) const = 0;
  // Bytes to keep with the release; "" for flat.
  virtual absl::StatusOr<std::string> Serialize() const = 0;
};

// `vectors` [rows, dim] must outlive the index. Deterministic: one thread, fixed seed.
absl::StatusOr<std::unique_ptr<VectorIndex>> BuildIndex(MatrixView<const float> vectors,
                                                        const IndexParams& params);
// kDataLoss when the bytes are not an index of these vectors (rows, dim, kind).
absl::StatusOr<std::unique_ptr<VectorIndex>> LoadIndex(MatrixView<const float> vectors,
                                                       const IndexParams& params,
                                                       std::string_view bytes);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_VECTOR_INDEX_H_
