// The versioned manifest of an event store: the only commit point of an ingest. On disk it is
//   {"sha256":"<of the body's bytes>","manifest":<body>}
// so that no cut and no flipped bit goes unnoticed. Fields: docs/formats.md.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_MANIFEST_H_
#define BURGEON_ENGINE_EVENTS_EVENT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// The newest manifests stay, with all the parts they name, so that a reader that opened the store
// before an ingest finds its files until two more have been committed.
inline constexpr size_t kManifestsKept = 3;

// Folders of a store, and the beginning of the names of staging folders in it.
inline constexpr std::string_view kPartsFolder = "parts";
inline constexpr std::string_view kAttributesFolder = "attributes";
inline constexpr std::string_view kCleaningFolder = "cleaning";
inline constexpr std::string_view kQuarantineFolder = "quarantine";
inline constexpr std::string_view kStagingPrefix = ".tmp-";

// "manifest-00000001.json".
std::string ManifestName(int64_t version);

std::string EncodeManifest(const EventManifest& manifest);
// kDataLoss naming `path` and what is wrong; kFailedPrecondition for a store of another format.
absl::StatusOr<EventManifest> DecodeManifest(std::string_view text, const std::string& path);

// Versions there are, ascending; none when the folder is not there.
absl::StatusOr<std::vector<int64_t>> ListManifests(FileSystem& files, const std::string& folder);
// kNotFound when there is none; kDataLoss when the newest does not read whole.
absl::StatusOr<EventManifest> LoadNewestManifest(FileSystem& files, const std::string& folder);

// Makes `manifest` the store: one atomic step.
absl::Status CommitManifest(FileSystem& files, const std::string& folder,
                            const EventManifest& manifest);

// Removes what no ingest needs any more: staging folders, manifests beyond the newest
// `manifests_kept`, and parts that none of those kept names; the folders are synced. Only for the
// one writer of a store.
absl::Status RemoveLeftovers(FileSystem& files, const std::string& folder,
                             size_t manifests_kept = kManifestsKept);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_MANIFEST_H_
