#include "engine/events/event_manifest.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

using nlohmann::json;

constexpr std::string_view kHead = R"({"sha256":")";
constexpr std::string_view kMiddle = R"(","manifest":)";
constexpr std::string_view kTail = "}\n";
constexpr size_t kHexBytes = 64;
constexpr int64_t kFormatVersion = 2;

constexpr std::string_view kManifestPrefix = "manifest-";
constexpr std::string_view kManifestSuffix = ".json";

constexpr std::pair<const char*, int64_t IngestCounters::*> kCounters[] = {
    {"rows_read", &IngestCounters::rows_read},
    {"events_added", &IngestCounters::events_added},
    {"events_without_customer", &IngestCounters::events_without_customer},
    {"rows_quarantined", &IngestCounters::rows_quarantined},
    {"duplicates_in_file", &IngestCounters::duplicates_in_file},
    {"already_stored", &IngestCounters::already_stored},
    {"rows_ignored", &IngestCounters::rows_ignored},
    {"erased_dropped", &IngestCounters::erased_dropped},
    {"attribute_rows", &IngestCounters::attribute_rows},
    {"duplicates_kept", &IngestCounters::duplicates_kept},
    {"event_id_conflicts", &IngestCounters::event_id_conflicts},
    {"attribute_values_added", &IngestCounters::attribute_values_added},
    {"late_events", &IngestCounters::late_events},
    {"values_cleaned", &IngestCounters::values_cleaned},
    {"cleaning_entries", &IngestCounters::cleaning_entries},
    {"events_replaced", &IngestCounters::events_replaced},
};

json EncodePart(const EventPart& part) {
  return {{"bucket", part.bucket},
          {"file", part.file},
          {"rows", part.rows},
          {"bytes", part.bytes},
          {"sha256", part.sha256},
          {"min_event_time", part.min_event_time},
          {"max_event_time", part.max_event_time},
          {"ingest", part.ingest}};
}

json EncodeParts(const std::vector<EventPart>& parts) {
  json out = json::array();
  for (const EventPart& part : parts) out.push_back(EncodePart(part));
  return out;
}

json EncodeCounters(const IngestCounters& counters) {
  json out;
  for (const auto& [name, member] : kCounters) out[name] = counters.*member;
  out["events_by_type"] = counters.events_by_type;
  out["quarantine_by_reason"] = counters.quarantine_by_reason;
  return out;
}

json EncodeIngest(const IngestRecord& record) {
  return {{"ingest_id", record.ingest_id},
          {"number", record.number},
          {"source", record.source},
          {"party", PartyName(record.party)},
          {"origin", record.origin},
          {"licence", record.licence},
          {"trust", record.trust},
          {"input", record.input},
          {"input_sha256", record.input_sha256},
          {"config_sha256", record.config_sha256},
          {"ingested_at", record.ingested_at},
          {"replaced_by", record.replaced_by},
          {"counters", EncodeCounters(record.counters)}};
}

std::vector<EventPart> DecodeParts(const JsonNode& node) {
  std::vector<EventPart> out;
  for (const JsonNode& item : node.Items()) {
    EventPart part;
    part.bucket = static_cast<int>(item["bucket"].Int(0, kNoCustomerBucket));
    part.file = item["file"].String();
    part.rows = item["rows"].Int(0, INT64_MAX);
    part.bytes = item["bytes"].Int(0, INT64_MAX);
    part.sha256 = item["sha256"].String();
    part.min_event_time = item["min_event_time"].Int(INT64_MIN, INT64_MAX);
    part.max_event_time = item["max_event_time"].Int(INT64_MIN, INT64_MAX);
    part.ingest = item["ingest"].Int(0, INT64_MAX);
    out.push_back(std::move(part));
  }
  return out;
}

std::map<std::string, int64_t> DecodeCounts(const JsonNode& node) {
  std::map<std::string, int64_t> out;
  for (const auto& [name, value] : node.Fields()) out[name] = value.Int(0, INT64_MAX);
  return out;
}

Party DecodeParty(const JsonNode& node) {
  const std::string name = node.String();
  for (const Party party : {Party::kFirst, Party::kSecond, Party::kThird}) {
    if (name == PartyName(party)) return party;
  }
  node.Refuse("first, second or third");
  return Party::kFirst;
}

IngestRecord DecodeIngest(const JsonNode& node) {
  IngestRecord out;
  out.ingest_id = node["ingest_id"].String();
  out.number = node["number"].Int(1, INT64_MAX);
  out.source = node["source"].String();
  out.party = DecodeParty(node["party"]);
  out.origin = node["origin"].String();
  out.licence = node["licence"].String();
  out.trust = node["trust"].Int(INT64_MIN, INT64_MAX);
  out.input = node["input"].String();
  out.input_sha256 = node["input_sha256"].String();
  out.config_sha256 = node["config_sha256"].String();
  out.ingested_at = node["ingested_at"].Int(INT64_MIN, INT64_MAX);
  out.replaced_by = node["replaced_by"].Int(0, INT64_MAX);
  const JsonNode counters = node["counters"];
  for (const auto& [name, member] : kCounters) {
    out.counters.*member = counters[name].Int(0, INT64_MAX);
  }
  out.counters.events_by_type = DecodeCounts(counters["events_by_type"]);
  out.counters.quarantine_by_reason = DecodeCounts(counters["quarantine_by_reason"]);
  return out;
}

// The version in "manifest-00000012.json", or nothing.
std::optional<int64_t> VersionOf(std::string_view name) {
  if (!name.starts_with(kManifestPrefix) || !name.ends_with(kManifestSuffix)) return std::nullopt;
  name.remove_prefix(kManifestPrefix.size());
  name.remove_suffix(kManifestSuffix.size());
  const auto version = ParseInt64(name);
  if (!version || *version < 1) return std::nullopt;
  return version;
}

absl::StatusOr<std::vector<std::string>> ListOrNone(FileSystem& files, const std::string& folder) {
  auto names = files.List(folder);
  if (absl::IsNotFound(names.status())) return std::vector<std::string>();
  return names;
}

absl::StatusOr<EventManifest> LoadManifest(FileSystem& files, const std::string& folder,
                                           int64_t version) {
  const std::string path = JoinPath(folder, ManifestName(version));
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(files, path, limits::kMaxManifestBytes));
  BURGEON_ASSIGN_OR_RETURN(EventManifest manifest, DecodeManifest(text, path));
  if (manifest.version != version) {
    return DataLoss(path, ": says that it is version ", manifest.version);
  }
  return manifest;
}

void AddFiles(const std::vector<EventPart>& parts, StringSet* names) {
  for (const EventPart& part : parts) names->insert(part.file);
}

absl::Status RemoveUnnamed(FileSystem& files, const std::string& folder,
                           std::string_view part_folder, const StringSet& named) {
  const std::string parts = JoinPath(folder, part_folder);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListOrNone(files, parts));
  bool removed = false;
  for (const std::string& name : names) {
    if (named.contains(JoinPath(part_folder, name))) continue;
    BURGEON_RETURN_IF_ERROR(files.RemoveFile(JoinPath(parts, name)));
    removed = true;
  }
  return removed ? files.SyncDirectory(parts) : absl::OkStatus();
}

}  // namespace

std::string ManifestName(int64_t version) {
  char digits[32];
  std::snprintf(digits, sizeof(digits), "%08lld", static_cast<long long>(version));
  return Concat(kManifestPrefix, std::string_view(digits), kManifestSuffix);
}

std::string EncodeManifest(const EventManifest& manifest) {
  json ingests = json::array();
  for (const IngestRecord& record : manifest.ingests) ingests.push_back(EncodeIngest(record));
  const json body = {
      {"format", kFormatVersion},
      {"version", manifest.version},
      {"buckets", kEventBuckets},
      {"pseudonymous", manifest.pseudonymous},
      {"pseudonym_check", manifest.pseudonym_check},
      {"max_event_time", manifest.max_event_time},
      {"max_known_at", manifest.max_known_at},
      {"watermark", manifest.watermark},
      {"parts", EncodeParts(manifest.parts)},
      {"customer_attribute_parts", EncodeParts(manifest.customer_attribute_parts)},
      {"item_attribute_parts", EncodeParts(manifest.item_attribute_parts)},
      {"aggregate_parts", EncodeParts(manifest.aggregate_parts)},
      {"cleaning_parts", EncodeParts(manifest.cleaning_parts)},
      {"ingests", std::move(ingests)},
  };
  const std::string text = body.dump(1, ' ', false, json::error_handler_t::replace);
  return Concat(kHead, Sha256Hex(text), kMiddle, text, kTail);
}

absl::StatusOr<EventManifest> DecodeManifest(std::string_view text, const std::string& path) {
  const size_t begin = kHead.size() + kHexBytes + kMiddle.size();
  if (text.size() < begin + kTail.size() || !text.starts_with(kHead) ||
      text.substr(kHead.size() + kHexBytes, kMiddle.size()) != kMiddle || !text.ends_with(kTail)) {
    return DataLoss(path, ": is not a whole event manifest (", text.size(), " bytes)");
  }
  const std::string_view body = text.substr(begin, text.size() - begin - kTail.size());
  if (Sha256Hex(body) != text.substr(kHead.size(), kHexBytes)) {
    return DataLoss(path, ": its content does not match its own SHA-256");
  }
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(body, path));
  const JsonNode root = document.root();
  EventManifest out;
  const int64_t format = root["format"].Int(1, INT64_MAX);
  BURGEON_RETURN_IF_ERROR(document.status());
  if (format != kFormatVersion) {
    return FailedPrecondition(path, ": is a store of format ", format,
                              ", this program keeps format ", kFormatVersion,
                              ". Ingest its sources again into a new workspace");
  }
  root["buckets"].Int(kEventBuckets, kEventBuckets);
  out.version = root["version"].Int(1, INT64_MAX);
  out.pseudonymous = root["pseudonymous"].Bool();
  out.pseudonym_check = root["pseudonym_check"].String();
  out.max_event_time = root["max_event_time"].Int(INT64_MIN, INT64_MAX);
  out.max_known_at = root["max_known_at"].Int(INT64_MIN, INT64_MAX);
  out.parts = DecodeParts(root["parts"]);
  out.customer_attribute_parts = DecodeParts(root["customer_attribute_parts"]);
  out.watermark = root["watermark"].Int(INT64_MIN, INT64_MAX);
  out.item_attribute_parts = DecodeParts(root["item_attribute_parts"]);
  out.aggregate_parts = DecodeParts(root["aggregate_parts"]);
  out.cleaning_parts = DecodeParts(root["cleaning_parts"]);
  for (const JsonNode& item : root["ingests"].Items()) out.ingests.push_back(DecodeIngest(item));
  BURGEON_RETURN_IF_ERROR(document.status());
  return out;
}

absl::StatusOr<std::vector<int64_t>> ListManifests(FileSystem& files, const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListOrNone(files, folder));
  std::vector<int64_t> versions;
  for (const std::string& name : names) {
    if (const auto version = VersionOf(name)) versions.push_back(*version);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

absl::StatusOr<EventManifest> LoadNewestManifest(FileSystem& files, const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> versions, ListManifests(files, folder));
  if (versions.empty()) return NotFound(folder, ": holds no event store (no manifest-*.json)");
  return LoadManifest(files, folder, versions.back());
}

absl::Status CommitManifest(FileSystem& files, const std::string& folder,
                            const EventManifest& manifest) {
  const std::string text = EncodeManifest(manifest);
  const std::string path = JoinPath(folder, ManifestName(manifest.version));
  if (text.size() > static_cast<size_t>(limits::kMaxManifestBytes)) {
    return ResourceExhausted(path, ": would have ", text.size(), " bytes, more than ",
                             limits::kMaxManifestBytes);
  }
  return WriteFileAtomically(files, path, text);
}

absl::Status RemoveLeftovers(FileSystem& files, const std::string& folder, size_t manifests_kept) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListOrNone(files, folder));
  for (const std::string& name : names) {
    if (name.starts_with(kStagingPrefix)) {
      BURGEON_RETURN_IF_ERROR(files.RemoveTree(JoinPath(folder, name)));
    }
  }
  BURGEON_ASSIGN_OR_RETURN(std::vector<int64_t> versions, ListManifests(files, folder));
  const size_t gone = versions.size() - std::min(versions.size(), manifests_kept);
  StringSet named;
  for (size_t i = gone; i < versions.size(); ++i) {
    const auto manifest = LoadManifest(files, folder, versions[i]);
    // A damaged manifest before the newest serves nobody; a damaged newest stops everything.
    if (!manifest.ok()) {
      if (i + 1 == versions.size() || !absl::IsDataLoss(manifest.status())) {
        return manifest.status();
      }
      continue;
    }
    AddFiles(manifest->parts, &named);
    AddFiles(manifest->customer_attribute_parts, &named);
    AddFiles(manifest->item_attribute_parts, &named);
    AddFiles(manifest->aggregate_parts, &named);
    AddFiles(manifest->cleaning_parts, &named);
  }
  // Manifests first: none of those left may name a part that is gone.
  for (size_t i = 0; i < gone; ++i) {
    BURGEON_RETURN_IF_ERROR(files.RemoveFile(JoinPath(folder, ManifestName(versions[i]))));
  }
  if (gone > 0) BURGEON_RETURN_IF_ERROR(files.SyncDirectory(folder));
  BURGEON_RETURN_IF_ERROR(RemoveUnnamed(files, folder, kPartsFolder, named));
  BURGEON_RETURN_IF_ERROR(RemoveUnnamed(files, folder, kAttributesFolder, named));
  return RemoveUnnamed(files, folder, kCleaningFolder, named);
}

}  // namespace burgeon
