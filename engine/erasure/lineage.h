// From a number back to where it came from: release -> candidates -> snapshot -> version of the
// event store -> ingests -> source files and rows, by the ids and checksums in the manifests. Where
// the chain is broken (something is not there any more, or is another than was recorded) it says so
// and goes on with what is left.
#ifndef BURGEON_ENGINE_ERASURE_LINEAGE_H_
#define BURGEON_ENGINE_ERASURE_LINEAGE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/release/release_store.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct LineageNode {
  std::string kind = {};                                        // "release", "candidate", ...
  std::string id = {};                                          // what it is called there
  std::vector<std::pair<std::string, std::string>> facts = {};  // in order
  std::string broken = {};                                      // "", or why the chain ends here
  std::vector<LineageNode> from = {};                           // what it was made from
  bool whole() const;                                           // nothing broken here or below
};

class Lineage {
 public:
  Lineage(FileSystem& files, Workspace workspace)
      : files_(files), workspace_(std::move(workspace)) {}

  // Each gives a node, broken when the thing itself is not there; a Status only when the disk
  // cannot be read. "" for a release: the current one (kNotFound when there is none).
  absl::StatusOr<LineageNode> OfRelease(const std::string& id);
  absl::StatusOr<LineageNode> OfCandidate(const std::string& id);
  absl::StatusOr<LineageNode> OfSnapshot(const std::string& id);
  // `last_ingest`: the newest that was in it.
  absl::StatusOr<LineageNode> OfStoreVersion(int64_t version, int64_t last_ingest);
  absl::StatusOr<LineageNode> OfIngest(int64_t number);
  // One row of a source: what the store made of it, and the ingest.
  absl::StatusOr<LineageNode> OfEvent(int64_t ingest, int64_t line);
  // The places of the metrics of the current release whose path ("recommender.ndcg@20") is `name`
  // or ends with it, each with the candidate it was measured on. kNotFound when there is none.
  absl::StatusOr<LineageNode> OfMetric(const std::string& name);
  // Why the current release would list `item` to the customer with these ids: their events with
  // the item, and the rows of the source these came from; and the release.
  absl::StatusOr<LineageNode> OfRecommendation(const StringSet& customers, const std::string& item);

 private:
  FileSystem& files_;
  const Workspace workspace_;
};

// A tree for people, two blanks a level.
std::vector<std::string> LineageLines(const LineageNode& node);
// {"kind", "id", "facts": {...}, "broken": null | "...", "from": [...]}
std::string LineageJson(const LineageNode& node);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_LINEAGE_H_
