#include "engine/release/overlay.h"

#include <nlohmann/json.hpp>

#include "engine/base/limits.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

// About ten million changes.
constexpr int64_t kMaxOverlayBytes = int64_t{1} << 30;

std::string ChangesPath(const Workspace& workspace) {
  return JoinPath(workspace.overlay(), "changes.jsonl");
}

absl::Status ApplyLine(std::string_view line, const std::string& source, Overlay* overlay) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(line, source));
  const JsonNode root = document.root();
  const std::string customer = root["customer"].String();
  root["time"].String();
  BURGEON_RETURN_IF_ERROR(document.status());
  OverlayEntry& entry = overlay->customers[customer];
  if (root.Has("erase")) {
    if (!root["erase"].Bool()) root["erase"].Refuse("true");
    entry.erased = true;
    return document.status();
  }
  const auto purpose = ParsePurpose(root["purpose"].String());
  if (!purpose) root["purpose"].Refuse("recommend, score, audience or export");
  const bool granted = root["granted"].Bool();
  BURGEON_RETURN_IF_ERROR(document.status());
  entry.changed.Set(*purpose, true);
  entry.granted.Set(*purpose, granted);
  return absl::OkStatus();
}

absl::Status CheckCustomer(std::string_view customer) {
  if (customer.empty()) return InvalidArgument("customer: an id is wanted, not ''");
  if (static_cast<int64_t>(customer.size()) > limits::kMaxIdBytes) {
    return InvalidArgument("customer '", Printable(customer), "': ", customer.size(),
                           " bytes; at most ", limits::kMaxIdBytes, " are accepted");
  }
  if (!IsValidUtf8(customer)) {
    return InvalidArgument("customer '", Printable(customer), "': is not UTF-8");
  }
  return absl::OkStatus();
}

// Whether the file ends in the middle of a line, which an append that crashed left.
absl::StatusOr<bool> HasTornTail(FileSystem& files, const std::string& path) {
  if (!files.Exists(path)) return false;
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForRead(path));
  if (file->size() == 0) return false;
  char last = 0;
  BURGEON_RETURN_IF_ERROR(file->ReadAt(file->size() - 1, std::span(&last, 1)));
  return last != '\n';
}

absl::Status AppendLine(FileSystem& files, const Workspace& workspace, std::string_view line) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(workspace.overlay()));
  const std::string path = ChangesPath(workspace);
  BURGEON_ASSIGN_OR_RETURN(const bool torn, HasTornTail(files, path));
  if (torn) {
    BURGEON_ASSIGN_OR_RETURN(std::string content, ReadWholeFile(files, path, kMaxOverlayBytes));
    content.resize(content.rfind('\n') + 1);  // npos + 1 is 0
    return WriteFileAtomically(files, path, content.append(line));
  }
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForAppend(path));
  BURGEON_RETURN_IF_ERROR(file->Append(line));
  BURGEON_RETURN_IF_ERROR(file->Sync());
  BURGEON_RETURN_IF_ERROR(file->Close());
  // Each time: the file may come from a process that ended before it synced the name.
  return files.SyncDirectory(workspace.overlay());
}

std::string LineOf(const nlohmann::ordered_json& change) { return change.dump() + "\n"; }

}  // namespace

bool Overlay::IsErased(std::string_view customer) const {
  const auto found = customers.find(customer);
  return found != customers.end() && found->second.erased;
}

ConsentBits Overlay::Apply(std::string_view customer, ConsentBits base) const {
  const auto found = customers.find(customer);
  if (found == customers.end()) return base;
  const OverlayEntry& entry = found->second;
  ConsentBits bits;
  for (const Purpose purpose : kAllPurposes) {
    const ConsentBits source = entry.changed.Allows(purpose) ? entry.granted : base;
    bits.Set(purpose, !entry.erased && source.Allows(purpose));
  }
  return bits;
}

absl::StatusOr<Overlay> LoadOverlay(FileSystem& files, const Workspace& workspace) {
  const std::string path = ChangesPath(workspace);
  Overlay overlay;
  if (!files.Exists(path)) return overlay;
  BURGEON_ASSIGN_OR_RETURN(const std::string content, ReadWholeFile(files, path, kMaxOverlayBytes));
  std::string_view rest = content;
  // What follows the last line end was never acknowledged.
  for (int64_t line = 1; rest.find('\n') != std::string_view::npos; ++line) {
    const size_t end = rest.find('\n');
    BURGEON_RETURN_IF_ERROR(ApplyLine(rest.substr(0, end), Concat(path, ":", line), &overlay));
    rest.remove_prefix(end + 1);
  }
  return overlay;
}

absl::Status AppendErasure(FileSystem& files, const Workspace& workspace, const Clock& clock,
                           std::string_view customer) {
  BURGEON_RETURN_IF_ERROR(CheckCustomer(customer));
  return AppendLine(files, workspace,
                    LineOf({{"customer", std::string(customer)},
                            {"erase", true},
                            {"time", FormatTime(clock.Now())}}));
}

absl::Status AppendConsentChange(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                 std::string_view customer, Purpose purpose, bool granted) {
  BURGEON_RETURN_IF_ERROR(CheckCustomer(customer));
  return AppendLine(files, workspace,
                    LineOf({{"customer", std::string(customer)},
                            {"purpose", std::string(PurposeName(purpose))},
                            {"granted", granted},
                            {"time", FormatTime(clock.Now())}}));
}

}  // namespace burgeon
