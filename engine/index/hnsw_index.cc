// Hierarchical navigable small worlds (Malkov and Yashunin, "Efficient and robust approximate
// nearest neighbor search using Hierarchical Navigable Small World graphs", 2016), as FAISS builds
// and walks them, over distances of ours: minus the inner product, or minus the cosine. The graph
// is laid on the inner product itself: reducing it to Euclidean distance by one more dimension
// (Bachrach et al., RecSys 2014) found a fraction of the neighbours where lengths are skewed, as
// those of item embeddings are.
#include <faiss/IndexHNSW.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/DistanceComputer.h>
#include <faiss/impl/HNSW.h>
#include <faiss/utils/Heap.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/index/faiss_guard.h"
#include "engine/index/fast_dot.h"
#include "engine/index/index_kinds.h"

namespace burgeon {

namespace {

constexpr char kLevels[] = "hnsw.levels";
constexpr char kLinks[] = "hnsw.links";
constexpr char kEntry[] = "hnsw.entry";

// Distances within the tensor and from a query to it: no second copy of the vectors.
class TensorDistance final : public faiss::DistanceComputer {
 public:
  explicit TensorDistance(const VectorScorer& scorer)
      : scorer_(scorer), cosine_(scorer.similarity() == Similarity::kCosine) {}

  void set_query(const float* query) override {
    query_ = query;
    if (!cosine_) return;
    const auto dim = static_cast<size_t>(scorer_.vectors().cols);
    inverse_query_norm_ = Inverse(EuclideanNorm({query, dim}));
  }
  float operator()(faiss::Index::idx_t i) override {
    const float dot = FastDot(query_, Row(i), scorer_.vectors().cols);
    return cosine_ ? -dot * inverse_query_norm_ * Inverse(scorer_.norm(i)) : -dot;
  }
  float symmetric_dis(faiss::Index::idx_t i, faiss::Index::idx_t j) override {
    const float dot = FastDot(Row(i), Row(j), scorer_.vectors().cols);
    return cosine_ ? -dot * Inverse(scorer_.norm(i)) * Inverse(scorer_.norm(j)) : -dot;
  }

 private:
  const float* Row(int64_t i) const { return scorer_.vectors().row(i).data(); }
  // Of a zero vector: 0, so that it is as far from everything as an orthogonal one.
  static float Inverse(double norm) { return norm > 0 ? static_cast<float>(1 / norm) : 0; }

  const VectorScorer& scorer_;
  bool cosine_;
  const float* query_ = nullptr;
  float inverse_query_norm_ = 0;
};

// What faiss::IndexHNSW asks of its storage while it builds. Its metric is called L2 because FAISS
// negates the distances of inner products, and ours are negative already.
class TensorStorage final : public faiss::Index {
 public:
  explicit TensorStorage(const VectorScorer& scorer)
      : faiss::Index(scorer.vectors().cols, faiss::METRIC_L2), scorer_(scorer) {}

  void add(idx_t n, const float*) override { ntotal += n; }
  void reset() override { ntotal = 0; }
  void search(idx_t, const float*, idx_t, float*, idx_t*,
              const faiss::SearchParameters*) const override {
    BURGEON_CHECK(false);  // building a graph never searches its storage
  }
  faiss::DistanceComputer* get_distance_computer() const override {
    return new TensorDistance(scorer_);  // FAISS deletes it
  }

 private:
  const VectorScorer& scorer_;
};

class HnswIndex final : public CandidateIndex {
 public:
  HnswIndex(MatrixView<const float> vectors, const IndexParams& params)
      : CandidateIndex(vectors, params), graph_(params.hnsw_neighbors) {}

  absl::Status Build();
  absl::Status Read(const TensorFile& tensors);
  absl::StatusOr<std::string> Serialize() const override;

 private:
  absl::StatusOr<std::vector<int64_t>> Candidates(std::span<const float> query,
                                                  int64_t count) const override;
  absl::Status CheckLinks() const;

  faiss::HNSW graph_;
};

absl::Status HnswIndex::Build() {
  return GuardFaiss("building an hnsw index", [&] {
    // FAISS walks the vectors by their dimension: rows that lie further apart are packed first.
    std::vector<float> packed;
    const float* data = vectors().data;
    if (vectors().stride != vectors().cols) {
      packed.reserve(static_cast<size_t>(rows() * vectors().cols));
      for (int64_t i = 0; i < rows(); ++i) {
        const auto row = vectors().row(i);
        packed.insert(packed.end(), row.begin(), row.end());
      }
      data = packed.data();
    }
    TensorStorage storage(scorer());
    faiss::IndexHNSW index(&storage, params().hnsw_neighbors);
    index.hnsw.efConstruction = params().hnsw_ef_construction;
    index.add(rows(), data);
    graph_ = std::move(index.hnsw);
  });
}

absl::StatusOr<std::vector<int64_t>> HnswIndex::Candidates(std::span<const float> query,
                                                           int64_t count) const {
  std::vector<int64_t> found(static_cast<size_t>(count), -1);
  BURGEON_RETURN_IF_ERROR(GuardFaiss("searching an hnsw index", [&] {
    TensorDistance distance(scorer());
    distance.set_query(query.data());
    std::vector<float> distances(found.size());
    faiss::maxheap_heapify(found.size(), distances.data(), found.data());
    faiss::VisitedTable visited(static_cast<int>(rows()));
    faiss::SearchParametersHNSW search;
    search.efSearch = params().hnsw_ef_search;
    graph_.search(distance, static_cast<int>(count), found.data(), distances.data(), visited,
                  &search);
  }));
  std::erase(found, -1);
  return found;
}

absl::StatusOr<std::string> HnswIndex::Serialize() const {
  TensorFile tensors;
  AddIndexHeader(params(), vectors(), params().hnsw_neighbors, &tensors);
  tensors.Add(kLevels, std::span<const int32_t>(graph_.levels));
  tensors.Add(kLinks, std::span<const int32_t>(graph_.neighbors));
  const int32_t entry = graph_.entry_point;
  tensors.Add(kEntry, std::span<const int32_t>(&entry, 1));
  return SerializeTensors(tensors);
}

absl::Status HnswIndex::Read(const TensorFile& tensors) {
  BURGEON_ASSIGN_OR_RETURN(graph_.levels, tensors.GetInt32s(kLevels));
  BURGEON_ASSIGN_OR_RETURN(graph_.neighbors, tensors.GetInt32s(kLinks));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int32_t> entry, tensors.GetInt32s(kEntry));
  if (static_cast<int64_t>(graph_.levels.size()) != rows()) {
    return DataLoss(kLevels, " has ", graph_.levels.size(), " entries, not ", rows());
  }
  const auto most = static_cast<int>(graph_.cum_nneighbor_per_level.size()) - 1;
  graph_.offsets.assign(1, 0);
  graph_.offsets.reserve(graph_.levels.size() + 1);
  for (size_t i = 0; i < graph_.levels.size(); ++i) {
    const int levels = graph_.levels[i];
    if (levels < 1 || levels > most) {
      return DataLoss(kLevels, ": row ", i, " is on ", levels, " levels, not on 1 to ", most);
    }
    graph_.offsets.push_back(graph_.offsets.back() +
                             static_cast<size_t>(graph_.cum_nb_neighbors(levels)));
  }
  if (graph_.neighbors.size() != graph_.offsets.back()) {
    return DataLoss(kLinks, " has ", graph_.neighbors.size(), " entries, not ",
                    graph_.offsets.back());
  }
  if (entry.size() != 1 || entry[0] < 0 || entry[0] >= rows()) {
    return DataLoss(kEntry, " is not one row below ", rows());
  }
  graph_.entry_point = entry[0];
  graph_.max_level = graph_.levels[static_cast<size_t>(entry[0])] - 1;
  return CheckLinks();
}

// A walk on level l steps only to rows that are on level l themselves: FAISS takes that for
// granted.
absl::Status HnswIndex::CheckLinks() const {
  for (int64_t i = 0; i < rows(); ++i) {
    const int levels = graph_.levels[static_cast<size_t>(i)];
    for (int level = 0; level < levels; ++level) {
      size_t begin = 0;
      size_t end = 0;
      graph_.neighbor_range(i, level, &begin, &end);
      for (size_t j = begin; j < end; ++j) {
        const int32_t to = graph_.neighbors[j];
        if (to == -1) continue;
        if (to < 0 || to >= rows() || graph_.levels[static_cast<size_t>(to)] <= level) {
          return DataLoss(kLinks, ": row ", i, " links on level ", level, " to ", to,
                          ", which is not a row there");
        }
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<HnswIndex>> NewHnswIndex(MatrixView<const float> vectors,
                                                        const IndexParams& params) {
  if (vectors.rows > std::numeric_limits<int32_t>::max() ||
      vectors.cols > std::numeric_limits<int32_t>::max()) {
    return InvalidArgument("index: hnsw holds at most ", std::numeric_limits<int32_t>::max(),
                           " rows, not ", vectors.rows);
  }
  return std::make_unique<HnswIndex>(vectors, params);
}

}  // namespace

absl::StatusOr<std::unique_ptr<VectorIndex>> BuildHnswIndex(MatrixView<const float> vectors,
                                                            const IndexParams& params) {
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<HnswIndex> index, NewHnswIndex(vectors, params));
  BURGEON_RETURN_IF_ERROR(index->Build());
  return index;
}

absl::StatusOr<std::unique_ptr<VectorIndex>> LoadHnswIndex(MatrixView<const float> vectors,
                                                           const IndexParams& params,
                                                           const TensorFile& tensors) {
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<HnswIndex> index, NewHnswIndex(vectors, params));
  BURGEON_RETURN_IF_ERROR(index->Read(tensors));
  return index;
}

}  // namespace burgeon
