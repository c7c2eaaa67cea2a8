// What applies on top of every release, at once: erasures and consent changes. A file of JSON
// lines, overlay/changes.jsonl, appended and synced; the last line of a customer and purpose
// counts.
//   {"customer": "17850", "erase": true, "time": "2026-11-22T15:45:00Z"}
//   {"customer": "17850", "purpose": "audience", "granted": false, "time": "..."}
// Customer ids are in stored form. An erasure is for good. Callers of Append hold the workspace's
// lock. A torn last line (no newline) is cut off on the next append and ignored by readers; any
// other damage is kDataLoss.
#ifndef BURGEON_ENGINE_RELEASE_OVERLAY_H_
#define BURGEON_ENGINE_RELEASE_OVERLAY_H_

#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/governance/consent.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct OverlayEntry {
  bool erased = false;
  ConsentBits changed;  // purposes the overlay speaks about
  ConsentBits granted;  // their value
};

struct Overlay {
  StringMap<OverlayEntry> customers;
  bool IsErased(std::string_view customer) const;
  // The customer's consent with the overlay applied. An erased customer has none.
  ConsentBits Apply(std::string_view customer, ConsentBits base) const;
};

// An absent file is an empty overlay.
absl::StatusOr<Overlay> LoadOverlay(FileSystem& files, const Workspace& workspace);
// Durable when it returns.
absl::Status AppendErasure(FileSystem& files, const Workspace& workspace, const Clock& clock,
                           std::string_view customer);
absl::Status AppendConsentChange(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                 std::string_view customer, Purpose purpose, bool granted);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_OVERLAY_H_
