// What applies on top of every release, at once: erasures and consent changes. A file of JSON
// lines, overlay/changes.jsonl, appended and synced:
//   {"customer": "17850", "erase": true, "time": "2026-11-22T15:45:00Z"}
//   {"customer": "17850", "purpose": "audience", "granted": false, "time": "...",
//    "recorded_at": "..."}
// Customer ids are in stored form. `time` is when the customer said it, `recorded_at` (absent: the
// same) when we wrote it down. Of the statements of a customer on a purpose, those that came as
// events among them, the latest by `time` counts; of the same microsecond the overlay's, and of two
// of the overlay the one that stands later. An erasure is for good. In a workspace with pseudonyms
// an erase line may have "form": the id as it was given, for the sweep, which may find it where no
// pseudonym was put; the sweep takes the line away.
//
// Beside it lies overlay/erased.json: the tombstones of those who were swept (tombstones.h).
//
// A torn last line (no newline) is cut off on the next append and ignored by readers; any other
// damage is kDataLoss. Callers that append or compact hold an OverlayLock; the workspace's lock is
// not needed, so that an erasure never waits for a training.
#ifndef BURGEON_ENGINE_RELEASE_OVERLAY_H_
#define BURGEON_ENGINE_RELEASE_OVERLAY_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/dataset/vocabulary.h"
#include "engine/governance/consent.h"
#include "engine/release/tombstones.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

using OverlayEntry = ConsentOverride;

struct Overlay {
  ConsentOverrides customers;
  Tombstones tombstones;

  // By a line, or by a tombstone.
  bool IsErased(std::string_view customer) const;
  // The customer's consent with the overlay applied; `said` are the times of `base`. An erased
  // customer has none. Does not look at tombstones: ResolveOverlay has made entries of them.
  ConsentBits Apply(std::string_view customer, ConsentBits base,
                    const ConsentTimes& said = kNothingSaid) const;
};

// One line of the file.
struct OverlayLine {
  std::string customer;
  bool erase = false;
  std::string form;  // of an erasure, "" when it is `customer`
  Purpose purpose = Purpose::kRecommend;
  bool granted = false;
  TimeMicros time = 0;  // of an erasure: 0 when the line has none that can be read
  TimeMicros recorded_at = 0;
};

// The only writer of the overlay while it lives; waits up to ten seconds for another one
// (kUnavailable). A file of its own on the real disk, overlay/lock.
class OverlayLock {
 public:
  static absl::StatusOr<OverlayLock> Acquire(const Workspace& workspace);

 private:
  explicit OverlayLock(FileLock lock) : lock_(std::move(lock)) {}
  FileLock lock_;
};

// Absent files are an empty overlay.
absl::StatusOr<Overlay> LoadOverlay(FileSystem& files, const Workspace& workspace);
// Every line, in order.
absl::StatusOr<std::vector<OverlayLine>> ReadOverlayLines(FileSystem& files,
                                                          const Workspace& workspace);

// Makes the overlay ready for a release: what is said of an alias of a customer is said of the
// customer (of two statements at once the refusal counts), and those who have a tombstone are
// entered as erased, so that a release that was put back from a copy brings nobody back. Hashes
// every id when there are tombstones.
void ResolveOverlay(const Vocabulary& customers, Overlay* overlay);
// The second half of it, for ids that are not those of a release.
void ResolveTombstones(std::span<const std::string> customers, Overlay* overlay);

// Durable when it returns, all or (after a crash) a part of them from the front.
struct ErasureRequest {
  std::string customer;   // stored form
  std::string form = {};  // as it was given, when that is another
};
absl::Status AppendErasures(FileSystem& files, const Workspace& workspace, const Clock& clock,
                            std::span<const ErasureRequest> requests);
absl::Status AppendErasure(FileSystem& files, const Workspace& workspace, const Clock& clock,
                           std::string_view customer);

struct ConsentRecord {
  std::string customer;  // stored form
  Purpose purpose = Purpose::kRecommend;
  bool granted = false;
  TimeMicros time = 0;  // when it was said; not after now
};
// Durable when it returns, as AppendErasures. kInvalidArgument for a time after the clock's.
absl::Status AppendConsentRecords(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                  std::span<const ConsentRecord> records);
absl::Status AppendConsentChange(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                 std::string_view customer, Purpose purpose, bool granted);

// Writes the file anew without the lines of customers that `drop` answers true for; one step.
// Gives the number of lines taken away.
absl::StatusOr<int64_t> CompactOverlay(FileSystem& files, const Workspace& workspace,
                                       const std::function<bool(std::string_view)>& drop);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_OVERLAY_H_
