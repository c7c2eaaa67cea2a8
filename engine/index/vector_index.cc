#include "engine/index/vector_index.h"

#include <algorithm>
#include <cmath>

#include "engine/index/index_kinds.h"

namespace burgeon {

namespace {

constexpr int64_t kFormatVersion = 1;
constexpr char kHeaderTensor[] = "index.header";

// A graph or a list hands out approximate scores: looking at more than k of them lets the
// canonical order decide among near ties.
constexpr int64_t kExtraCandidates = 32;
// Above rows / kScanShare candidates an exact scan is the faster way.
constexpr int64_t kScanShare = 4;

// The fields of the header tensor, in order.
enum HeaderField { kVersion, kKind, kSimilarity, kRows, kDim, kBuildParameter, kHeaderFields };

absl::Status CheckVectors(MatrixView<const float> vectors) {
  if (vectors.rows > 0 && vectors.cols < 1) {
    return InvalidArgument("index: ", vectors.rows, " vectors of no dimension");
  }
  for (int64_t i = 0; i < vectors.rows; ++i) {
    const std::span<const float> row = vectors.row(i);
    for (size_t j = 0; j < row.size(); ++j) {
      if (std::isfinite(row[j])) continue;
      return InvalidArgument("index: the vector of row ", i, " is not finite in dimension ", j);
    }
  }
  return absl::OkStatus();
}

// An index over nothing has no structure: every kind is the flat one then.
bool HasStructure(MatrixView<const float> vectors, const IndexParams& params) {
  return params.kind != IndexKind::kFlat && vectors.rows > 0;
}

}  // namespace

int64_t IvfLists(const IndexParams& params, int64_t rows) {
  const auto wanted = params.ivf_lists > 0
                          ? static_cast<int64_t>(params.ivf_lists)
                          : static_cast<int64_t>(4 * std::sqrt(static_cast<double>(rows)));
  return std::clamp<int64_t>(wanted, 1, rows);
}

absl::StatusOr<std::vector<Neighbor>> CandidateIndex::Search(std::span<const float> query,
                                                             int k) const {
  BURGEON_RETURN_IF_ERROR(scorer_.Check(query, k));
  if (!scorer_.Finds(query)) return std::vector<Neighbor>();
  const int64_t wanted = std::max<int64_t>(2 * int64_t{k}, int64_t{k} + kExtraCandidates);
  if (wanted >= rows() / kScanShare) return scorer_.BestOfAll(query, k);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> candidates, Candidates(query, wanted));
  return scorer_.BestOf(query, candidates, k);
}

void AddIndexHeader(const IndexParams& params, MatrixView<const float> vectors,
                    int64_t build_parameter, TensorFile* tensors) {
  std::array<int64_t, kHeaderFields> header{};
  header[kVersion] = kFormatVersion;
  header[kKind] = static_cast<int64_t>(params.kind);
  header[kSimilarity] = static_cast<int64_t>(params.similarity);
  header[kRows] = vectors.rows;
  header[kDim] = vectors.cols;
  header[kBuildParameter] = build_parameter;
  tensors->Add(kHeaderTensor, std::span<const int64_t>(header));
}

absl::Status CheckIndexHeader(const IndexParams& params, MatrixView<const float> vectors,
                              const TensorFile& tensors) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> header, tensors.GetInt64s(kHeaderTensor));
  if (header.size() != kHeaderFields) {
    return DataLoss(kHeaderTensor, " has ", header.size(), " fields, not ",
                    static_cast<int>(kHeaderFields));
  }
  const int64_t build_parameter = params.kind == IndexKind::kHnsw ? int64_t{params.hnsw_neighbors}
                                                                  : IvfLists(params, vectors.rows);
  const std::array<int64_t, kHeaderFields> wanted = {kFormatVersion,
                                                     static_cast<int64_t>(params.kind),
                                                     static_cast<int64_t>(params.similarity),
                                                     vectors.rows,
                                                     vectors.cols,
                                                     build_parameter};
  constexpr std::array<std::string_view, kHeaderFields> kNames = {
      "format version", "kind",       "similarity",
      "rows",           "dimensions", "build parameter (links a row, or lists)"};
  for (size_t i = 0; i < kHeaderFields; ++i) {
    if (header[i] == wanted[i]) continue;
    return DataLoss("the ", kNames[i], " of the index is ", header[i], ", not ", wanted[i]);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<VectorIndex>> BuildIndex(MatrixView<const float> vectors,
                                                        const IndexParams& params) {
  BURGEON_RETURN_IF_ERROR(CheckIndexParams(params));
  BURGEON_RETURN_IF_ERROR(CheckVectors(vectors));
  if (!HasStructure(vectors, params)) return BuildFlatIndex(vectors, params);
  if (params.kind == IndexKind::kHnsw) return BuildHnswIndex(vectors, params);
  return BuildIvfIndex(vectors, params);
}

absl::StatusOr<std::unique_ptr<VectorIndex>> LoadIndex(MatrixView<const float> vectors,
                                                       const IndexParams& params,
                                                       std::string_view bytes) {
  BURGEON_RETURN_IF_ERROR(CheckIndexParams(params));
  BURGEON_RETURN_IF_ERROR(CheckVectors(vectors));
  if (!HasStructure(vectors, params)) {
    if (!bytes.empty()) {
      return DataLoss("an index of kind ", IndexKindName(params.kind), " over ", vectors.rows,
                      " rows keeps nothing, yet there are ", bytes.size(), " bytes");
    }
    return BuildFlatIndex(vectors, params);
  }
  BURGEON_ASSIGN_OR_RETURN(const TensorFile tensors, ParseTensors(bytes, "index"));
  BURGEON_RETURN_IF_ERROR(CheckIndexHeader(params, vectors, tensors));
  if (params.kind == IndexKind::kHnsw) return LoadHnswIndex(vectors, params, tensors);
  return LoadIvfIndex(vectors, params, tensors);
}

}  // namespace burgeon
