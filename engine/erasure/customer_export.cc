#include "engine/erasure/customer_export.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "engine/erasure/consent_history.h"
#include "engine/erasure/file_scan.h"
#include "engine/erasure/line_sweep.h"
#include "engine/erasure/person_forms.h"
#include "engine/events/event_store.h"
#include "engine/release/query.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRecommendations = 10;
constexpr int64_t kMaxFileBytes = int64_t{4} << 30;

struct Work {
  FileSystem& files;
  const Workspace& workspace;
  StringSet ids;
  PersonForms forms;
  CustomerExport out;
  Json json;
};

Json Part(const char* explanation, Json entries) {
  return {{"what_this_is", explanation}, {"entries", std::move(entries)}};
}

Json EventJson(const Event& event) {
  Json json;
  json["type"] = std::string(EventTypeName(event.type));
  json["time"] = FormatTime(event.event_time);
  json["known_at"] = FormatTime(event.known_at);
  json["customer"] = event.customer_id;
  if (!event.item_id.empty()) json["item"] = event.item_id;
  json["quantity"] = event.quantity;
  if (event.value_micros) {
    json["value_micros"] = *event.value_micros;
    json["currency"] = event.currency;
  }
  if (!event.session_id.empty()) json["session"] = event.session_id;
  if (!event.channel.empty()) json["channel"] = event.channel;
  if (!event.event_id.empty()) json["event_id"] = event.event_id;
  if (!event.properties.empty()) json["properties"] = event.properties;
  json["source"] = event.source;
  json["ingest"] = event.ingest;
  json["line"] = event.line;
  return json;
}

absl::Status AddEvents(const EventStore& store, Work* work) {
  std::set<int> buckets;
  for (const std::string& id : work->ids) buckets.insert(BucketOf(id));
  Json events = Json::array();
  Json links = Json::array();
  for (const int bucket : buckets) {
    BURGEON_RETURN_IF_ERROR(store.ReadBucket(bucket, [&](const Event& event) {
      if (!work->ids.contains(event.customer_id)) return;
      (event.type == EventType::kIdLink ? links : events).push_back(EventJson(event));
    }));
  }
  work->out.events = std::ssize(events) + std::ssize(links);
  work->json["events"] = Part(
      "What happened, as the sources named here told it: visits, purchases, feedback and so on.",
      std::move(events));
  work->json["links"] =
      Part("Statements of a source that two ids are the same person.", std::move(links));
  return absl::OkStatus();
}

absl::Status AddAttributes(const EventStore& store, Work* work) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<AttributeValue> values,
                           store.ReadCustomerAttributes());
  Json attributes = Json::array();
  for (const AttributeValue& value : values) {
    if (!work->ids.contains(value.id)) continue;
    attributes.push_back({{"customer", value.id},
                          {"name", value.name},
                          {"value", value.value},
                          {"since", FormatTime(value.event_time)},
                          {"known_at", FormatTime(value.known_at)},
                          {"source", value.source}});
  }
  work->out.attributes = std::ssize(attributes);
  work->json["attributes"] =
      Part("Properties of the person, each with the source it came from.", std::move(attributes));
  return absl::OkStatus();
}

absl::Status AddSources(const EventStore& store, Work* work) {
  Json sources = Json::array();
  for (const IngestRecord& record : store.manifest().ingests) {
    sources.push_back({{"ingest", record.number},
                       {"source", record.source},
                       {"party", std::string(PartyName(record.party))},
                       {"origin", record.origin},
                       {"licence", record.licence},
                       {"read_at", FormatTime(record.ingested_at)}});
  }
  work->json["sources"] = Part("Where the data came from; events name the ingest.", sources);
  return absl::OkStatus();
}

absl::Status AddConsent(Work* work) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ConsentSaid> history,
                           ConsentHistory(work->files, work->workspace, work->ids));
  Json entries = Json::array();
  for (const ConsentSaid& said : history) {
    entries.push_back({{"time", FormatTime(said.time)},
                       {"purpose", std::string(PurposeName(said.purpose))},
                       {"granted", said.granted},
                       {"customer", said.customer},
                       {"source", said.source}});
  }
  work->json["consent"] =
      Part("What the person allowed and refused; of each purpose the last entry holds.", entries);
  return absl::OkStatus();
}

Json AnswersOf(ExecutionContext& context, const ReleaseView& view, uint32_t row) {
  const ReleaseData& data = view.release->data();
  Json json;
  json["release"] = view.release->id();
  json["data_as_of"] = FormatTime(data.as_of);
  Json features = Json::object();
  const auto values = data.features.values.row(row);
  for (size_t f = 0; f < data.features.names.size(); ++f) {
    features[data.features.names[f]] = values[f];
  }
  json["features"] = std::move(features);
  Json bought = Json::array();
  for (const uint32_t item : data.seen.view().row_columns(row))
    bought.push_back(data.items.id(item));
  json["items_bought"] = std::move(bought);
  if (data.order.rows() > 0) {
    Json order = Json::array();
    for (const uint32_t item : data.order.view().row(row)) order.push_back(data.items.id(item));
    json["items_in_order"] = std::move(order);
  }
  const std::string& id = data.customers.id(row);
  const auto profile = AnswerProfile(view, id);
  json["churn_risk_answered"] =
      profile.ok() && profile->churn_risk ? Json(*profile->churn_risk) : Json(nullptr);
  RecommendRequest request;
  request.customer_id = id;
  request.options.k = kRecommendations;
  const auto list = AnswerRecommend(context, view, request);
  json["recommendations_answered"] = Json::array();
  if (!list.ok()) return json;  // without consent nothing is answered
  for (const NamedItem& item : list->items) {
    json["recommendations_answered"].push_back(
        {{"item", item.id}, {"label", item.label}, {"score", item.score}});
  }
  return json;
}

absl::Status AddAnswers(ExecutionContext& context, Work* work) {
  Json entries = Json::array();
  const auto id = CurrentReleaseId(work->files, work->workspace);
  if (id.ok()) {
    BURGEON_ASSIGN_OR_RETURN(const auto release,
                             LoadRelease(work->files, work->workspace, context, *id));
    BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(work->files, work->workspace));
    ResolveOverlay(release->data().customers, &overlay);
    const ReleaseView view{release.get(), &overlay};
    std::set<uint32_t> rows;
    for (const std::string& customer : work->ids) {
      if (const auto row = release->data().customers.Find(customer)) rows.insert(*row);
    }
    for (const uint32_t row : rows) entries.push_back(AnswersOf(context, view, row));
  } else if (!absl::IsNotFound(id.status())) {
    return id.status();
  }
  work->json["answers"] = Part(
      "What is derived from the data, and what is answered from it now: the risk to stop "
      "buying, and recommendations. Without the consent for it nothing is answered.",
      std::move(entries));
  return absl::OkStatus();
}

// The rows of a file that name the person; of a table with its header.
absl::Status AddLines(const std::string& relative, Work* work, Json* entries) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ScanFinding> found,
                           ScanFile(work->files, work->workspace.root, relative, work->forms));
  if (found.empty()) return absl::OkStatus();
  Json entry = {{"file", relative}, {"rows", Json::array()}};
  const std::string path = JoinPath(work->workspace.root, relative);
  if (IsFileOfLines(path)) {
    const auto rows = RowsNaming(work->files, path, work->forms);
    if (absl::IsUnavailable(rows.status())) return rows.status();
    if (relative.ends_with(".csv") || relative.ends_with(".tsv")) {
      BURGEON_ASSIGN_OR_RETURN(const std::string text,
                               ReadWholeFile(work->files, path, kMaxFileBytes));
      entry["header"] = text.substr(0, text.find_first_of("\r\n"));
    }
    // A file whose rows cannot be told apart is named, and no more: others may be in it.
    for (const std::string& row : rows.value_or(std::vector<std::string>())) {
      entry["rows"].push_back(row);
      ++work->out.lines;
    }
  }
  entries->push_back(std::move(entry));
  return absl::OkStatus();
}

absl::Status AddFiles(Work* work) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                           ListTree(work->files, work->workspace.root));
  Json exports = Json::array();
  Json others = Json::array();
  for (const std::string& path : paths) {
    const auto in = [&path](std::string_view folder) { return path.starts_with(folder); };
    if (in("events/parts/") || in("events/attributes/") || in("events/cleaning/") ||
        in("events/manifest-") || in("snapshots/") || in("candidates/") || in("releases/") ||
        in("overlay/") || in("receipts/") || path == "current" || path == "lock") {
      continue;
    }
    BURGEON_RETURN_IF_ERROR(AddLines(path, work, in("exports/") ? &exports : &others));
  }
  work->json["audiences"] = Part("Files in exports/ that list the person.", std::move(exports));
  work->json["rows_kept_apart"] = Part(
      "Rows of sources that could not be read (quarantine), and values that were corrected "
      "when they were read (cleaning), with what they were before.",
      std::move(others));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CustomerExport> ExportCustomer(FileSystem& files, const Workspace& workspace,
                                              ExecutionContext& context, const Clock& clock,
                                              std::span<const ErasureRequest> ids) {
  Work work{.files = files, .workspace = workspace, .ids = {}, .forms = {}, .out = {}, .json = {}};
  Json names = Json::array();
  for (const ErasureRequest& id : ids) {
    work.ids.insert(id.customer);
    work.forms.Add(id.customer);
    work.forms.Add(id.form);
    names.push_back(id.customer);
  }
  work.json["about"] =
      "Everything this installation holds about one person, at the time given below.";
  work.json["made_at"] = FormatTime(clock.Now());
  work.json["ids"] = Part("The ids under which the person is stored.", std::move(names));
  const auto store = EventStore::Open(files, workspace.events());
  if (store.ok()) {
    BURGEON_RETURN_IF_ERROR(AddAttributes(*store, &work));
    BURGEON_RETURN_IF_ERROR(AddEvents(*store, &work));
    BURGEON_RETURN_IF_ERROR(AddSources(*store, &work));
  } else if (!absl::IsNotFound(store.status())) {
    return store.status();
  }
  BURGEON_RETURN_IF_ERROR(AddConsent(&work));
  BURGEON_RETURN_IF_ERROR(AddAnswers(context, &work));
  BURGEON_RETURN_IF_ERROR(AddFiles(&work));
  work.out.found = work.out.events + work.out.attributes + work.out.lines > 0 ||
                   !work.json["answers"]["entries"].empty() ||
                   !work.json["consent"]["entries"].empty();
  work.out.json = work.json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return std::move(work.out);
}

}  // namespace burgeon
