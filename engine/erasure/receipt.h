// What an erasure or a retention did: receipts/<id>.json in the workspace. It names nobody: persons
// are the digests of their tombstones (engine/release/tombstones.h), and where a file's name names
// a person, the digest stands in its place. docs/formats.md has the fields.
//
// It grows while the work goes on: each step is written down when it is done. One that a crash
// interrupted is found again (finished: false) and continued.
#ifndef BURGEON_ENGINE_ERASURE_RECEIPT_H_
#define BURGEON_ENGINE_ERASURE_RECEIPT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/erasure/file_scan.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct ReceiptEntry {
  std::string step = {};         // "events", "quarantine", "snapshots", ...
  std::string file = {};         // relative to the workspace
  std::string action = {};       // "rewritten" or "deleted"
  std::string replaced_by = {};  // the new file, when its name is another
  int64_t removed = 0;           // rows, lines or values; 0 when they are not counted
  std::string sha256_before = {};
  std::string sha256_after = {};  // "" of what was deleted
};

struct ReceiptModel {
  std::string id;  // of a candidate or release
  std::string note;
};

struct Receipt {
  std::string id;
  std::string kind;  // "erasure" or "retention"
  std::string reason;
  TimeMicros started_at = 0;
  TimeMicros finished_at = 0;
  bool finished = false;
  bool resumed = false;
  std::vector<std::string> persons;  // digests, ascending
  std::vector<ReceiptEntry> entries;
  std::vector<ReceiptModel> models;  // trained with the persons' data, and what is to be done
  int64_t events_removed = 0;
  int64_t attribute_values_removed = 0;
  int64_t store_version_before = 0;
  int64_t store_version_after = 0;
  bool verified = false;  // the scan at the end found nothing
  std::vector<ScanFinding> left;
};

std::string ReceiptsFolder(const Workspace& workspace);
std::string ReceiptText(const Receipt& receipt);
absl::StatusOr<Receipt> ParseReceipt(std::string_view text, const std::string& path);

// One step.
absl::Status SaveReceipt(FileSystem& files, const Workspace& workspace, const Receipt& receipt);
// The unfinished one of that kind, when there is one.
absl::StatusOr<std::optional<Receipt>> FindUnfinishedReceipt(FileSystem& files,
                                                             const Workspace& workspace,
                                                             const std::string& kind);
// "20261122T154500Z-erasure", or with "-2", "-3", ... behind it when there is one.
std::string NewReceiptId(FileSystem& files, const Workspace& workspace, const std::string& kind,
                         TimeMicros now);

// "" when the file is not there.
absl::StatusOr<std::string> Sha256OfFile(FileSystem& files, const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_RECEIPT_H_
