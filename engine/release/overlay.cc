#include "engine/release/overlay.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/base/limits.h"
#include "engine/events/time_format.h"
#include "engine/storage/line_log.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

// About ten million changes.
constexpr int64_t kMaxOverlayBytes = int64_t{1} << 30;

std::string ChangesPath(const Workspace& workspace) {
  return JoinPath(workspace.overlay(), "changes.jsonl");
}

TimeMicros ReadTime(const JsonNode& node) {
  static const TimeFormat* const format = new TimeFormat();  // never destroyed: no order at exit
  const auto time = format->Parse(node.String());
  if (!time) node.Refuse(format->Wanted());
  return time.value_or(0);
}

absl::StatusOr<OverlayLine> ParseLine(std::string_view text, const std::string& source) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, source));
  const JsonNode root = document.root();
  OverlayLine line;
  line.customer = root["customer"].String();
  if (root.Has("erase")) {
    line.erase = true;
    if (!root["erase"].Bool()) root["erase"].Refuse("true");
    // Whatever its time looks like: an erasure must never fail to be read for that.
    line.time = TimeFormat().Parse(root["time"].String()).value_or(0);
    line.recorded_at = line.time;
    if (root.Has("form")) line.form = root["form"].String();
    BURGEON_RETURN_IF_ERROR(document.status());
    return line;
  }
  const auto purpose = ParsePurpose(root["purpose"].String());
  if (!purpose) root["purpose"].Refuse("recommend, score, audience or export");
  line.granted = root["granted"].Bool();
  line.time = ReadTime(root["time"]);
  line.recorded_at = root.Has("recorded_at") ? ReadTime(root["recorded_at"]) : line.time;
  BURGEON_RETURN_IF_ERROR(document.status());
  line.purpose = *purpose;
  return line;
}

void ApplyLine(const OverlayLine& line, Overlay* overlay) {
  OverlayEntry& entry = overlay->customers[line.customer];
  if (line.erase) {
    entry.erased = true;
  } else {
    entry.Say(line.purpose, line.granted, line.time);
  }
}

// Calls visit(line, its text) for each whole line of the overlay.
template <class Visit>
absl::Status ForEachLine(FileSystem& files, const std::string& path, const Visit& visit) {
  return ReadLines(files, path, kMaxOverlayBytes,
                   [&](std::string_view text, int64_t number) -> absl::Status {
                     BURGEON_ASSIGN_OR_RETURN(const OverlayLine line,
                                              ParseLine(text, Concat(path, ":", number)));
                     visit(line, text);
                     return absl::OkStatus();
                   });
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

// One durable append for all of them: after a crash they are all there, or none is acknowledged.
absl::Status AppendLines(FileSystem& files, const Workspace& workspace,
                         const std::vector<std::string>& lines) {
  if (lines.empty()) return absl::OkStatus();
  std::string joined = lines.front();
  for (size_t i = 1; i < lines.size(); ++i) joined += Concat('\n', lines[i]);
  return AppendDurably(files, ChangesPath(workspace), joined, kMaxOverlayBytes);
}

}  // namespace

bool Overlay::IsErased(std::string_view customer) const {
  const auto found = customers.find(customer);
  if (found != customers.end() && found->second.erased) return true;
  return tombstones.Holds(customer);
}

ConsentBits Overlay::Apply(std::string_view customer, ConsentBits base,
                           const ConsentTimes& said) const {
  const auto found = customers.find(customer);
  return found == customers.end() ? base : found->second.ApplyTo(base, said);
}

absl::StatusOr<OverlayLock> OverlayLock::Acquire(const Workspace& workspace) {
  constexpr auto kPause = std::chrono::milliseconds(5);
  constexpr int kTries = 2000;
  const std::string path = JoinPath(workspace.overlay(), "lock");
  BURGEON_RETURN_IF_ERROR(RealFileSystem().MakeDirectories(workspace.overlay()));
  for (int i = 0; i < kTries; ++i) {
    auto lock = FileLock::Acquire(path);
    if (lock.ok()) return OverlayLock(*std::move(lock));
    if (lock.status().code() != absl::StatusCode::kFailedPrecondition) return lock.status();
    std::this_thread::sleep_for(kPause);
  }
  return Unavailable(path, ": another process has been writing the overlay for ten seconds");
}

absl::StatusOr<Overlay> LoadOverlay(FileSystem& files, const Workspace& workspace) {
  Overlay overlay;
  // Lines before tombstones: a sweep writes the tombstone first and takes the line away after it,
  // so that one of the two is seen.
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(files, ChangesPath(workspace),
                  [&](const OverlayLine& line, std::string_view) { ApplyLine(line, &overlay); }));
  BURGEON_ASSIGN_OR_RETURN(overlay.tombstones, Tombstones::Load(files, workspace));
  return overlay;
}

absl::StatusOr<std::vector<OverlayLine>> ReadOverlayLines(FileSystem& files,
                                                          const Workspace& workspace) {
  std::vector<OverlayLine> lines;
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(files, ChangesPath(workspace),
                  [&](const OverlayLine& line, std::string_view) { lines.push_back(line); }));
  return lines;
}

void ResolveTombstones(std::span<const std::string> customers, Overlay* overlay) {
  if (overlay->tombstones.empty()) return;
  for (const std::string& id : customers) {
    if (overlay->tombstones.Holds(id)) overlay->customers[id].erased = true;
  }
}

void ResolveOverlay(const Vocabulary& customers, Overlay* overlay) {
  ResolveTombstones(customers.ids(), overlay);
  for (const Alias& alias : customers.aliases()) {
    const std::string& customer = customers.id(alias.row);
    if (overlay->tombstones.Holds(alias.id)) overlay->customers[customer].erased = true;
    const auto said = overlay->customers.find(alias.id);
    if (said == overlay->customers.end()) continue;
    const OverlayEntry of_alias = said->second;  // the next line may move the map
    overlay->customers[customer].Join(of_alias);
  }
}

absl::Status AppendErasures(FileSystem& files, const Workspace& workspace, const Clock& clock,
                            std::span<const ErasureRequest> requests) {
  std::vector<std::string> lines;
  for (const ErasureRequest& request : requests) {
    BURGEON_RETURN_IF_ERROR(CheckCustomer(request.customer));
    nlohmann::ordered_json line = {
        {"customer", request.customer}, {"erase", true}, {"time", FormatTime(clock.Now())}};
    if (!request.form.empty() && request.form != request.customer) {
      BURGEON_RETURN_IF_ERROR(CheckCustomer(request.form));
      line["form"] = request.form;
    }
    lines.push_back(line.dump());
  }
  return AppendLines(files, workspace, lines);
}

absl::Status AppendErasure(FileSystem& files, const Workspace& workspace, const Clock& clock,
                           std::string_view customer) {
  const ErasureRequest request{std::string(customer)};
  return AppendErasures(files, workspace, clock, {&request, 1});
}

absl::Status AppendConsentRecords(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                  std::span<const ConsentRecord> records) {
  const TimeMicros now = clock.Now();
  std::vector<std::string> lines;
  for (const ConsentRecord& record : records) {
    BURGEON_RETURN_IF_ERROR(CheckCustomer(record.customer));
    if (record.time > now) {
      return InvalidArgument("time ", FormatTime(record.time), ": is after now, ", FormatTime(now),
                             "; what nobody has said yet cannot be recorded");
    }
    nlohmann::ordered_json line = {{"customer", record.customer},
                                   {"purpose", std::string(PurposeName(record.purpose))},
                                   {"granted", record.granted},
                                   {"time", FormatTime(record.time)}};
    if (record.time != now) line["recorded_at"] = FormatTime(now);
    lines.push_back(line.dump());
  }
  return AppendLines(files, workspace, lines);
}

absl::Status AppendConsentChange(FileSystem& files, const Workspace& workspace, const Clock& clock,
                                 std::string_view customer, Purpose purpose, bool granted) {
  const ConsentRecord record{std::string(customer), purpose, granted, clock.Now()};
  return AppendConsentRecords(files, workspace, clock, {&record, 1});
}

absl::StatusOr<int64_t> CompactOverlay(FileSystem& files, const Workspace& workspace,
                                       const std::function<bool(std::string_view)>& drop) {
  const std::string path = ChangesPath(workspace);
  if (!files.Exists(path)) return 0;
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForRead(path));
  std::string kept;
  int64_t dropped = 0;
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(files, path, [&](const OverlayLine& line, std::string_view text) {
        if (drop(line.customer)) {
          ++dropped;
        } else {
          kept += Concat(text, '\n');
        }
      }));
  // A torn tail may name somebody too.
  if (static_cast<int64_t>(kept.size()) == file->size()) return 0;
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files, path, kept));
  return dropped;
}

}  // namespace burgeon
