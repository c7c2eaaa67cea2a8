#include "engine/erasure/lineage.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/limits.h"
#include "engine/erasure/receipt.h"
#include "engine/events/event_store.h"
#include "engine/models/candidate.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

using Json = nlohmann::ordered_json;

// A node whose thing is not there, or damaged. Errors of the disk itself stay errors.
absl::StatusOr<LineageNode> Broken(LineageNode node, const absl::Status& status) {
  if (absl::IsUnavailable(status)) return status;
  node.broken = MessageOf(status);
  return node;
}

LineageNode IngestNode(FileSystem& files, const IngestRecord& record) {
  LineageNode node{.kind = "ingest", .id = Concat(record.number)};
  node.facts = {{"ingest_id", record.ingest_id},
                {"source", record.source},
                {"party", std::string(PartyName(record.party))},
                {"origin", record.origin},
                {"licence", record.licence},
                {"ingested_at", FormatTime(record.ingested_at)},
                {"config_sha256", record.config_sha256},
                {"rows_read", Concat(record.counters.rows_read)},
                {"events_added", Concat(record.counters.events_added)}};
  LineageNode file{.kind = "file", .id = record.input};
  file.facts = {{"sha256", record.input_sha256}};
  const auto now = Sha256OfFile(files, record.input);
  if (!now.ok()) {
    file.broken = MessageOf(now.status());
  } else if (now->empty()) {
    file.broken = "the file is not there any more";
  } else if (*now != record.input_sha256) {
    file.broken = Concat("the file was changed: its SHA-256 is ", *now);
  }
  node.from.push_back(std::move(file));
  return node;
}

LineageNode EventNode(const Event& event) {
  LineageNode node{.kind = "event", .id = Concat("ingest ", event.ingest, ", line ", event.line)};
  node.facts = {{"type", std::string(EventTypeName(event.type))},
                {"time", FormatTime(event.event_time)},
                {"customer", event.customer_id},
                {"item", event.item_id},
                {"source", event.source}};
  return node;
}

const IngestRecord* FindIngest(const EventManifest& manifest, int64_t number) {
  for (const IngestRecord& record : manifest.ingests) {
    if (record.number == number) return &record;
  }
  return nullptr;
}

void CollectMetrics(const nlohmann::json& value, const std::string& path, const std::string& name,
                    std::vector<std::pair<std::string, std::string>>* out) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      CollectMetrics(inner, path.empty() ? key : Concat(path, ".", key), name, out);
    }
    return;
  }
  if (path == name || path.ends_with("." + name)) out->emplace_back(path, value.dump());
}

}  // namespace

bool LineageNode::whole() const {
  if (!broken.empty()) return false;
  for (const LineageNode& node : from) {
    if (!node.whole()) return false;
  }
  return true;
}

absl::StatusOr<LineageNode> Lineage::OfIngest(int64_t number) {
  LineageNode node{.kind = "ingest", .id = Concat(number)};
  const auto store = EventStore::Open(files_, workspace_.events());
  if (!store.ok()) return Broken(std::move(node), store.status());
  const IngestRecord* record = FindIngest(store->manifest(), number);
  if (record != nullptr) return IngestNode(files_, *record);
  return Broken(std::move(node), NotFound("the store has no ingest ", number));
}

absl::StatusOr<LineageNode> Lineage::OfStoreVersion(int64_t version, int64_t last_ingest) {
  LineageNode node{.kind = "event store", .id = Concat("version ", version)};
  const auto store = EventStore::Open(files_, workspace_.events());
  if (!store.ok()) return Broken(std::move(node), store.status());
  const EventManifest& manifest = store->manifest();
  if (version == 0) {
    node.broken = "the version it was built from was not recorded; the ingests are those of now";
  } else if (manifest.version != version) {
    node.facts.emplace_back("now", Concat("version ", manifest.version,
                                          "; ingests after the snapshot, or removals, are in it"));
  }
  // Ingests are numbered in the order they came.
  for (const IngestRecord& record : manifest.ingests) {
    if (version != 0 && record.number > last_ingest) continue;
    node.from.push_back(IngestNode(files_, record));
  }
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfSnapshot(const std::string& id) {
  LineageNode node{.kind = "snapshot", .id = id};
  if (id.empty() || id.find('/') != std::string::npos || id.front() == '.') {
    return Broken(std::move(node), NotFound("'", Printable(id), "' is no id of a snapshot"));
  }
  const std::string path = JoinPath(JoinPath(workspace_.snapshots(), id), "manifest.json");
  const auto document = ReadManifest(files_, path);
  if (!document.ok()) return Broken(std::move(node), document.status());
  const JsonNode root = document->root();
  const int64_t version = root["store_version"].Int(0, INT64_MAX);
  const int64_t last_ingest = root["last_ingest"].Int(0, INT64_MAX);
  node.facts = {{"as_of", root["as_of"].String()}, {"replaces", root["replaces"].String()}};
  const std::string recorded = root["file"]["sha256"].String();
  if (!document->status().ok()) return Broken(std::move(node), document->status());
  const std::string tensors =
      JoinPath(JoinPath(workspace_.snapshots(), id), "snapshot.safetensors");
  BURGEON_ASSIGN_OR_RETURN(const std::string sha256, Sha256OfFile(files_, tensors));
  node.facts.emplace_back("sha256", recorded);
  if (sha256 != recorded) node.broken = Concat(tensors, ": its SHA-256 is '", sha256, "'");
  BURGEON_ASSIGN_OR_RETURN(LineageNode store, OfStoreVersion(version, last_ingest));
  node.from.push_back(std::move(store));
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfCandidate(const std::string& id) {
  LineageNode node{.kind = "candidate", .id = id};
  const auto candidate = LoadCandidate(files_, workspace_.candidates(), id);
  if (!candidate.ok()) return Broken(std::move(node), candidate.status());
  node.facts = {{"kind", candidate->kind},
                {"created_at", FormatTime(candidate->created_at)},
                {"config_sha256", candidate->config_sha256},
                {"code_version", candidate->code_version},
                {"replaces", candidate->replaces}};
  BURGEON_ASSIGN_OR_RETURN(LineageNode snapshot, OfSnapshot(candidate->snapshot_id));
  node.from.push_back(std::move(snapshot));
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfRelease(const std::string& id) {
  std::string wanted = id;
  if (wanted.empty()) {
    BURGEON_ASSIGN_OR_RETURN(wanted, CurrentReleaseId(files_, workspace_));
  }
  LineageNode node{.kind = "release", .id = wanted};
  const auto manifest = LoadReleaseManifest(files_, workspace_, wanted);
  if (!manifest.ok()) return Broken(std::move(node), manifest.status());
  const ReleaseData& data = manifest->scalars;
  node.facts = {{"created_at", FormatTime(manifest->created_at)},
                {"data_as_of", FormatTime(data.as_of)},
                {"config_sha256", data.config_sha256},
                {"code_version", manifest->code_version},
                {"replaces", data.replaces}};
  const std::string tensors = JoinPath(JoinPath(workspace_.releases(), wanted), kTensorsFile);
  BURGEON_ASSIGN_OR_RETURN(const std::string sha256, Sha256OfFile(files_, tensors));
  if (sha256 != manifest->tensors.sha256) {
    node.broken = Concat(tensors, ": its SHA-256 is '", sha256, "'; the manifest says ",
                         manifest->tensors.sha256);
  }
  for (const std::string& candidate : {data.recommender_candidate, data.churn_candidate}) {
    if (candidate.empty()) continue;
    BURGEON_ASSIGN_OR_RETURN(LineageNode from, OfCandidate(candidate));
    node.from.push_back(std::move(from));
  }
  BURGEON_ASSIGN_OR_RETURN(LineageNode snapshot, OfSnapshot(data.snapshot_id));
  node.from.push_back(std::move(snapshot));
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfEvent(int64_t ingest, int64_t line) {
  LineageNode node{.kind = "row", .id = Concat("ingest ", ingest, ", line ", line)};
  const auto store = EventStore::Open(files_, workspace_.events());
  if (!store.ok()) return Broken(std::move(node), store.status());
  for (int bucket = 0; bucket <= kNoCustomerBucket; ++bucket) {
    BURGEON_RETURN_IF_ERROR(store->ReadBucket(bucket, [&](const Event& event) {
      if (event.ingest == ingest && event.line == line) node.from.push_back(EventNode(event));
    }));
  }
  if (node.from.empty()) {
    node.broken =
        "the store has no event of this row: it was ignored, quarantined, a duplicate, "
        "or removed since";
  }
  BURGEON_ASSIGN_OR_RETURN(LineageNode of_ingest, OfIngest(ingest));
  node.from.push_back(std::move(of_ingest));
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfMetric(const std::string& name) {
  BURGEON_ASSIGN_OR_RETURN(const std::string id, CurrentReleaseId(files_, workspace_));
  BURGEON_ASSIGN_OR_RETURN(const ReleaseManifest manifest,
                           LoadReleaseManifest(files_, workspace_, id));
  LineageNode node{.kind = "metric", .id = name};
  const auto metrics = nlohmann::json::parse(manifest.scalars.metrics_json, nullptr, false);
  CollectMetrics(metrics, "", name, &node.facts);
  if (node.facts.empty()) {
    return NotFound("metric '", Printable(name), "': not among those of release ", id);
  }
  BURGEON_ASSIGN_OR_RETURN(LineageNode release, OfRelease(id));
  node.from.push_back(std::move(release));
  return node;
}

absl::StatusOr<LineageNode> Lineage::OfRecommendation(const StringSet& customers,
                                                      const std::string& item) {
  LineageNode node{.kind = "recommendation", .id = Concat("item ", item)};
  const auto store = EventStore::Open(files_, workspace_.events());
  if (!store.ok()) return Broken(std::move(node), store.status());
  int64_t events = 0;
  for (const std::string& customer : customers) {
    BURGEON_RETURN_IF_ERROR(store->ReadBucket(BucketOf(customer), [&](const Event& event) {
      if (event.customer_id != customer) return;
      ++events;
      if (event.item_id == item) node.from.push_back(EventNode(event));
    }));
  }
  node.facts = {{"events of the customer", Concat(events)},
                {"of these with the item", Concat(node.from.size())}};
  BURGEON_ASSIGN_OR_RETURN(LineageNode release, OfRelease(""));
  node.from.push_back(std::move(release));
  return node;
}

namespace {

void AddLines(const LineageNode& node, const std::string& indent, std::vector<std::string>* out) {
  out->push_back(Concat(indent, node.kind, " ", Printable(node.id, 200)));
  for (const auto& [name, value] : node.facts) {
    if (!value.empty()) out->push_back(Concat(indent, "  ", name, ": ", Printable(value, 200)));
  }
  if (!node.broken.empty()) {
    out->push_back(Concat(indent, "  BROKEN: ", Printable(node.broken, 500)));
  }
  for (const LineageNode& from : node.from) AddLines(from, indent + "  ", out);
}

Json ToJson(const LineageNode& node) {
  Json facts = Json::object();
  for (const auto& [name, value] : node.facts) facts[name] = value;
  Json from = Json::array();
  for (const LineageNode& each : node.from) from.push_back(ToJson(each));
  return {{"kind", node.kind},
          {"id", node.id},
          {"facts", std::move(facts)},
          {"broken", node.broken.empty() ? Json(nullptr) : Json(node.broken)},
          {"from", std::move(from)}};
}

}  // namespace

std::vector<std::string> LineageLines(const LineageNode& node) {
  std::vector<std::string> lines;
  AddLines(node, "", &lines);
  return lines;
}

std::string LineageJson(const LineageNode& node) {
  return ToJson(node).dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace burgeon
