// The parameters of an index: apart from the indexes themselves, so that a program that only reads
// a configuration does not need FAISS.
#include <array>

#include "engine/index/index_kinds.h"

namespace burgeon {
namespace {

constexpr int kMinHnswNeighbors = 2;
constexpr int kMaxHnswNeighbors = 512;
constexpr int kMaxEf = 100'000;
constexpr int kMaxLists = 1 << 24;

absl::Status OutOfRange(std::string_view field, int value, int min, int max) {
  return InvalidArgument("index: ", field, " is ", value, ", it must be from ", min, " to ", max);
}

}  // namespace

absl::Status CheckIndexParams(const IndexParams& params) {
  struct Range {
    std::string_view field;
    int value;
    int min;
    int max;
  };
  const std::array<Range, 5> ranges = {{
      {"hnsw_neighbors", params.hnsw_neighbors, kMinHnswNeighbors, kMaxHnswNeighbors},
      {"hnsw_ef_construction", params.hnsw_ef_construction, 1, kMaxEf},
      {"hnsw_ef_search", params.hnsw_ef_search, 1, kMaxEf},
      {"ivf_lists", params.ivf_lists, 0, kMaxLists},
      {"ivf_probes", params.ivf_probes, 1, kMaxLists},
  }};
  for (const Range& r : ranges) {
    if (r.value < r.min || r.value > r.max) return OutOfRange(r.field, r.value, r.min, r.max);
  }
  return absl::OkStatus();
}

std::string_view IndexKindName(IndexKind kind) {
  switch (kind) {
    case IndexKind::kFlat:
      return "flat";
    case IndexKind::kHnsw:
      return "hnsw";
    case IndexKind::kIvf:
      return "ivf";
  }
  return "unknown";
}

IndexParams ParseIndexParams(const ConfigNode& node) {
  IndexParams params;
  const auto read = [&](std::string_view field, int fallback, int min, int max) {
    return static_cast<int>(node.GetInt(field, fallback, {min, max}));
  };
  const std::string kind = node.GetEnum("kind", "hnsw", {"flat", "hnsw", "ivf"});
  params.kind = kind == "flat"  ? IndexKind::kFlat
                : kind == "ivf" ? IndexKind::kIvf
                                : IndexKind::kHnsw;
  params.hnsw_neighbors =
      read("hnsw_neighbors", params.hnsw_neighbors, kMinHnswNeighbors, kMaxHnswNeighbors);
  params.hnsw_ef_construction =
      read("hnsw_ef_construction", params.hnsw_ef_construction, 1, kMaxEf);
  params.hnsw_ef_search = read("hnsw_ef_search", params.hnsw_ef_search, 1, kMaxEf);
  params.ivf_lists = read("ivf_lists", params.ivf_lists, 0, kMaxLists);
  params.ivf_probes = read("ivf_probes", params.ivf_probes, 1, kMaxLists);
  return params;
}

}  // namespace burgeon
