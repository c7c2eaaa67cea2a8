#include "engine/erasure/receipt.h"

#include <nlohmann/json.hpp>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/events/event_parts.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

std::string PathOf(const Workspace& workspace, const std::string& id) {
  return JoinPath(ReceiptsFolder(workspace), id + ".json");
}

Json EntryJson(const ReceiptEntry& entry) {
  return {{"step", entry.step},
          {"file", entry.file},
          {"action", entry.action},
          {"replaced_by", entry.replaced_by},
          {"removed", entry.removed},
          {"sha256_before", entry.sha256_before},
          {"sha256_after", entry.sha256_after}};
}

ReceiptEntry ReadEntry(const JsonNode& node) {
  ReceiptEntry entry;
  entry.step = node["step"].String();
  entry.file = node["file"].String();
  entry.action = node["action"].String();
  entry.replaced_by = node["replaced_by"].String();
  entry.removed = node["removed"].Int(0, INT64_MAX);
  entry.sha256_before = node["sha256_before"].String();
  entry.sha256_after = node["sha256_after"].String();
  return entry;
}

}  // namespace

std::string ReceiptsFolder(const Workspace& workspace) {
  return JoinPath(workspace.root, "receipts");
}

std::string ReceiptText(const Receipt& receipt) {
  Json json;
  json["schema_version"] = kSchemaVersion;
  json["id"] = receipt.id;
  json["kind"] = receipt.kind;
  json["reason"] = receipt.reason;
  json["started_at"] = FormatTime(receipt.started_at);
  json["started_at_us"] = receipt.started_at;
  json["finished"] = receipt.finished;
  json["finished_at"] = receipt.finished ? Json(FormatTime(receipt.finished_at)) : Json(nullptr);
  json["finished_at_us"] = receipt.finished_at;
  json["resumed"] = receipt.resumed;
  json["persons"] = receipt.persons;
  json["store"] = {{"events_removed", receipt.events_removed},
                   {"attribute_values_removed", receipt.attribute_values_removed},
                   {"version_before", receipt.store_version_before},
                   {"version_after", receipt.store_version_after}};
  json["removed"] = Json::array();
  for (const ReceiptEntry& entry : receipt.entries) json["removed"].push_back(EntryJson(entry));
  json["models"] = Json::array();
  for (const ReceiptModel& model : receipt.models) {
    json["models"].push_back({{"id", model.id}, {"note", model.note}});
  }
  json["verified"] = receipt.verified;
  json["left"] = Json::array();
  for (const ScanFinding& finding : receipt.left) {
    json["left"].push_back(
        {{"file", finding.file}, {"where", finding.where}, {"count", finding.count}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

absl::StatusOr<Receipt> ParseReceipt(std::string_view text, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, path));
  const JsonNode root = document.root();
  root["schema_version"].Int(kSchemaVersion, kSchemaVersion);
  Receipt receipt;
  receipt.id = root["id"].String();
  receipt.kind = root["kind"].String();
  receipt.reason = root["reason"].String();
  receipt.started_at = root["started_at_us"].Int(INT64_MIN, INT64_MAX);
  receipt.finished = root["finished"].Bool();
  receipt.finished_at = root["finished_at_us"].Int(INT64_MIN, INT64_MAX);
  receipt.resumed = root["resumed"].Bool();
  for (const JsonNode& node : root["persons"].Items()) receipt.persons.push_back(node.String());
  const JsonNode store = root["store"];
  receipt.events_removed = store["events_removed"].Int(0, INT64_MAX);
  receipt.attribute_values_removed = store["attribute_values_removed"].Int(0, INT64_MAX);
  receipt.store_version_before = store["version_before"].Int(0, INT64_MAX);
  receipt.store_version_after = store["version_after"].Int(0, INT64_MAX);
  for (const JsonNode& node : root["removed"].Items()) receipt.entries.push_back(ReadEntry(node));
  for (const JsonNode& node : root["models"].Items()) {
    receipt.models.push_back({node["id"].String(), node["note"].String()});
  }
  receipt.verified = root["verified"].Bool();
  for (const JsonNode& node : root["left"].Items()) {
    receipt.left.push_back(
        {node["file"].String(), node["where"].String(), node["count"].Int(0, INT64_MAX)});
  }
  BURGEON_RETURN_IF_ERROR(document.status());
  return receipt;
}

absl::Status SaveReceipt(FileSystem& files, const Workspace& workspace, const Receipt& receipt) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(ReceiptsFolder(workspace)));
  return WriteFileAtomically(files, PathOf(workspace, receipt.id), ReceiptText(receipt));
}

absl::StatusOr<std::optional<Receipt>> FindUnfinishedReceipt(FileSystem& files,
                                                             const Workspace& workspace,
                                                             const std::string& kind) {
  const std::string folder = ReceiptsFolder(workspace);
  if (!files.Exists(folder)) return std::optional<Receipt>();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List(folder));
  for (const std::string& name : names) {
    if (!name.ends_with(".json") || name.find(kind) == std::string::npos) continue;
    const std::string path = JoinPath(folder, name);
    BURGEON_ASSIGN_OR_RETURN(const std::string text,
                             ReadWholeFile(files, path, limits::kMaxManifestBytes));
    BURGEON_ASSIGN_OR_RETURN(Receipt receipt, ParseReceipt(text, path));
    if (!receipt.finished && receipt.kind == kind) return std::optional<Receipt>(receipt);
  }
  return std::optional<Receipt>();
}

std::string NewReceiptId(FileSystem& files, const Workspace& workspace, const std::string& kind,
                         TimeMicros now) {
  const std::string first = Concat(CompactTime(now), "-", kind);
  std::string id = first;
  for (int64_t n = 2; files.Exists(PathOf(workspace, id)); ++n) id = Concat(first, "-", n);
  return id;
}

absl::StatusOr<std::string> Sha256OfFile(FileSystem& files, const std::string& path) {
  if (!files.Exists(path)) return std::string();
  int64_t bytes = 0;
  std::string sha256;
  BURGEON_RETURN_IF_ERROR(DigestFile(files, path, &bytes, &sha256));
  return sha256;
}

}  // namespace burgeon
