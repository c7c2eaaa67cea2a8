// Inverted lists: k-means cells, of which a search looks into the nearest few. FAISS clusters and
// scans; cosine becomes the inner product of vectors scaled to length one.
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>

#include <algorithm>
#include <utility>

#include "engine/index/faiss_guard.h"
#include "engine/index/index_kinds.h"

namespace burgeon {

namespace {

constexpr char kCentroids[] = "ivf.centroids";
constexpr char kLists[] = "ivf.list_of_row";

class IvfIndex final : public CandidateIndex {
 public:
  IvfIndex(MatrixView<const float> vectors, const IndexParams& params)
      : CandidateIndex(vectors, params) {}

  absl::Status Build();
  absl::Status Read(const TensorFile& tensors);
  absl::StatusOr<std::string> Serialize() const override;

 private:
  absl::StatusOr<std::vector<int64_t>> Candidates(std::span<const float> query,
                                                  int64_t count) const override;
  // Fills lists_ from centroids_, list_of_row_ and the vectors as FAISS sees them.
  void FillLists(const std::vector<float>& packed);
  // The rows one after another; for cosine each scaled to length one.
  std::vector<float> Packed() const;

  std::vector<uint32_t> list_of_row_;  // [rows]
  std::unique_ptr<faiss::IndexFlatIP> centroids_;
  std::unique_ptr<faiss::IndexIVFFlat> lists_;
};

void ScaleToLengthOne(double norm, std::span<float> vector) {
  if (norm == 0) return;
  for (float& x : vector) x = static_cast<float>(static_cast<double>(x) / norm);
}

std::vector<float> IvfIndex::Packed() const {
  std::vector<float> packed;
  packed.reserve(static_cast<size_t>(rows() * vectors().cols));
  for (int64_t i = 0; i < rows(); ++i) {
    const auto row = vectors().row(i);
    packed.insert(packed.end(), row.begin(), row.end());
    if (params().similarity == Similarity::kInnerProduct) continue;
    ScaleToLengthOne(scorer().norm(i), std::span(packed).last(row.size()));
  }
  return packed;
}

void IvfIndex::FillLists(const std::vector<float>& packed) {
  lists_ = std::make_unique<faiss::IndexIVFFlat>(
      centroids_.get(), static_cast<size_t>(vectors().cols),
      static_cast<size_t>(centroids_->ntotal), faiss::METRIC_INNER_PRODUCT);
  lists_->is_trained = true;
  const std::vector<faiss::Index::idx_t> assigned(list_of_row_.begin(), list_of_row_.end());
  lists_->add_core(rows(), packed.data(), nullptr, assigned.data());
}

absl::Status IvfIndex::Build() {
  return GuardFaiss("building an ivf index", [&] {
    const std::vector<float> packed = Packed();
    const auto dim = static_cast<int>(vectors().cols);
    const auto lists = static_cast<int>(IvfLists(params(), rows()));
    faiss::ClusteringParameters clustering;  // seed 1234 and 25 iterations, FAISS's own defaults
    clustering.spherical = true;
    clustering.min_points_per_centroid = 1;  // fewer are fine here: FAISS would print a warning
    faiss::Clustering k_means(dim, lists, clustering);
    centroids_ = std::make_unique<faiss::IndexFlatIP>(dim);
    k_means.train(rows(), packed.data(), *centroids_);
    std::vector<faiss::Index::idx_t> nearest(static_cast<size_t>(rows()));
    centroids_->assign(rows(), packed.data(), nearest.data());
    list_of_row_.resize(nearest.size());
    // An inner product that overflows has no nearest centroid (-1): the first list takes the row.
    std::transform(nearest.begin(), nearest.end(), list_of_row_.begin(),
                   [](int64_t list) { return static_cast<uint32_t>(std::max<int64_t>(list, 0)); });
    FillLists(packed);
  });
}

absl::Status IvfIndex::Read(const TensorFile& tensors) {
  BURGEON_ASSIGN_OR_RETURN(const FloatMatrix centroids, tensors.GetMatrix(kCentroids));
  BURGEON_ASSIGN_OR_RETURN(list_of_row_, tensors.GetUint32s(kLists));
  const int64_t lists = IvfLists(params(), rows());
  if (centroids.rows() != lists || centroids.cols() != vectors().cols) {
    return DataLoss(kCentroids, " is ", centroids.rows(), " x ", centroids.cols(), ", not ", lists,
                    " x ", vectors().cols);
  }
  if (static_cast<int64_t>(list_of_row_.size()) != rows()) {
    return DataLoss(kLists, " has ", list_of_row_.size(), " entries, not ", rows());
  }
  for (size_t i = 0; i < list_of_row_.size(); ++i) {
    if (list_of_row_[i] < lists) continue;
    return DataLoss(kLists, ": row ", i, " is in list ", list_of_row_[i], " of ", lists);
  }
  return GuardFaiss("loading an ivf index", [&] {
    centroids_ = std::make_unique<faiss::IndexFlatIP>(vectors().cols);
    centroids_->add(lists, centroids.data());
    FillLists(Packed());
  });
}

absl::StatusOr<std::vector<int64_t>> IvfIndex::Candidates(std::span<const float> query,
                                                          int64_t count) const {
  std::vector<faiss::Index::idx_t> found(static_cast<size_t>(count), -1);
  BURGEON_RETURN_IF_ERROR(GuardFaiss("searching an ivf index", [&] {
    std::vector<float> scaled(query.begin(), query.end());
    // The order does not depend on the query's length; a length of one keeps clear of overflow.
    if (params().similarity == Similarity::kCosine) ScaleToLengthOne(EuclideanNorm(query), scaled);
    const auto probes = std::min<size_t>(static_cast<size_t>(params().ivf_probes), lists_->nlist);
    std::vector<float> list_scores(probes);
    std::vector<faiss::Index::idx_t> nearest(probes);
    centroids_->search(1, scaled.data(), static_cast<faiss::Index::idx_t>(probes),
                       list_scores.data(), nearest.data());
    faiss::SearchParametersIVF search;
    search.nprobe = probes;
    faiss::IndexIVFStats stats;  // not FAISS's global one: searches run side by side
    std::vector<float> scores(found.size());
    lists_->search_preassigned(1, scaled.data(), count, nearest.data(), list_scores.data(),
                               scores.data(), found.data(), /*store_pairs=*/false, &search, &stats);
  }));
  std::erase(found, -1);
  return std::vector<int64_t>(found.begin(), found.end());
}

absl::StatusOr<std::string> IvfIndex::Serialize() const {
  TensorFile tensors;
  AddIndexHeader(params(), vectors(), centroids_->ntotal, &tensors);
  tensors.Add(kCentroids, MatrixView<const float>{centroids_->get_xb(), centroids_->ntotal,
                                                  vectors().cols, vectors().cols});
  tensors.Add(kLists, std::span<const uint32_t>(list_of_row_));
  return SerializeTensors(tensors);
}

}  // namespace

absl::StatusOr<std::unique_ptr<VectorIndex>> BuildIvfIndex(MatrixView<const float> vectors,
                                                           const IndexParams& params) {
  auto index = std::make_unique<IvfIndex>(vectors, params);
  BURGEON_RETURN_IF_ERROR(index->Build());
  return index;
}

absl::StatusOr<std::unique_ptr<VectorIndex>> LoadIvfIndex(MatrixView<const float> vectors,
                                                          const IndexParams& params,
                                                          const TensorFile& tensors) {
  auto index = std::make_unique<IvfIndex>(vectors, params);
  BURGEON_RETURN_IF_ERROR(index->Read(tensors));
  return index;
}

}  // namespace burgeon
