#include "serving/json_api.h"

#include <charconv>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/events/event.h"
#include "serving/json_body.h"
#include "serving/limits.h"
#include "serving/list_shape_json.h"

namespace burgeon {
namespace {

using OrderedJson = nlohmann::ordered_json;

absl::StatusOr<RequestEvent> ReadEvent(const Json& value, const std::string& field) {
  if (!value.is_object()) {
    return InvalidArgument(field, ": ", value.type_name(), ", want an object");
  }
  BURGEON_RETURN_IF_ERROR(CheckFields(value, field + ".", {"item_id", "type", "time"}));
  const Json* item = Find(value, "item_id");
  if (item == nullptr) return InvalidArgument(field, ".item_id: missing");
  RequestEvent event;
  BURGEON_ASSIGN_OR_RETURN(event.item_id, ReadId(*item, field + ".item_id"));
  if (const Json* type = Find(value, "type")) {
    BURGEON_ASSIGN_OR_RETURN(const std::string name, ReadText(*type, field + ".type"));
    const std::optional<EventType> parsed = ParseEventType(name);
    if (!parsed) {
      return InvalidArgument(field, ".type: '", Printable(name), "' is not a type of event");
    }
    event.type = *parsed;
  }
  if (const Json* time = Find(value, "time")) {
    BURGEON_ASSIGN_OR_RETURN(event.time, ReadTime(*time, field + ".time"));
  }
  return event;
}

absl::Status ReadWho(const Json& body, RecommendRequest* request) {
  const Json* customer = Find(body, "customer_id");
  const Json* events = Find(body, "events");
  if (customer == nullptr && events == nullptr) {
    return InvalidArgument("customer_id, events: want one of them, or both");
  }
  if (customer != nullptr) {
    BURGEON_ASSIGN_OR_RETURN(request->customer_id, ReadId(*customer, "customer_id"));
  }
  if (events == nullptr) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(CheckArray(*events, "events", 1, limits::kMaxRequestEvents));
  for (size_t i = 0; i < events->size(); ++i) {
    BURGEON_ASSIGN_OR_RETURN(RequestEvent event,
                             ReadEvent((*events)[i], Concat("events[", i, "]")));
    request->events.push_back(std::move(event));
  }
  return absl::OkStatus();
}

absl::Status ReadHow(const Json& body, RecommendOptions* options) {
  if (const Json* k = Find(body, "k")) {
    BURGEON_ASSIGN_OR_RETURN(const int64_t value, ReadInteger(*k, "k", 1, limits::kMaxK));
    options->k = static_cast<int>(value);
  }
  if (const Json* method = Find(body, "method")) {
    BURGEON_ASSIGN_OR_RETURN(const std::string name, ReadText(*method, "method"));
    const std::optional<RecommendMethod> parsed = ParseRecommendMethod(name);
    if (!parsed) {
      return InvalidArgument("method: '", Printable(name),
                             "' is not one of model, neighbours, popularity");
    }
    options->method = *parsed;
  }
  if (const Json* retrieval = Find(body, "retrieval")) {
    BURGEON_ASSIGN_OR_RETURN(const std::string name, ReadText(*retrieval, "retrieval"));
    const std::optional<Retrieval> parsed = ParseRetrieval(name);
    if (!parsed) {
      return InvalidArgument("retrieval: '", Printable(name), "' is not one of exact, index");
    }
    options->retrieval = *parsed;
  }
  if (const Json* include_seen = Find(body, "include_seen")) {
    if (!include_seen->is_boolean()) {
      return InvalidArgument("include_seen: ", include_seen->type_name(), ", want true or false");
    }
    options->seen = include_seen->get<bool>() ? SeenItems::kAllow : SeenItems::kMask;
  }
  return absl::OkStatus();
}

// The double whose shortest decimal is that of the float, so that the writer, which knows doubles
// only, writes 0.1 and not 0.10000000149011612. A number that is none becomes null.
OrderedJson ShortFloat(float value) {
  if (!std::isfinite(value)) return nullptr;
  char buffer[32];
  const char* end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  double shortest = 0;
  BURGEON_CHECK(std::from_chars(buffer, end, shortest).ec == std::errc());
  return shortest;
}

OrderedJson Start(std::string_view release_id) {
  OrderedJson json;
  json["release"] = std::string(release_id);
  return json;
}

OrderedJson ReasonsJson(const ItemReasons& reasons) {
  OrderedJson json;
  json["kind"] = std::string(ReasonKindName(reasons.kind));
  OrderedJson& items = json["items"] = OrderedJson::array();
  for (const NamedReason& one : reasons.items) {
    items.push_back({{"id", one.id}, {"label", one.label}, {"contribution", one.contribution}});
  }
  if (reasons.kind != ReasonKind::kExact) return json;
  json["others"] = reasons.others;
  OrderedJson& features = json["features"] = OrderedJson::array();
  for (const FeatureReason& one : reasons.features) {
    features.push_back(
        {{"name", one.name}, {"value", one.value}, {"contribution", one.contribution}});
  }
  return json;
}

std::string Write(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace

absl::StatusOr<RecommendRequest> ParseRecommendBody(std::string_view body) {
  BURGEON_ASSIGN_OR_RETURN(const Json json, ParseObject(body));
  BURGEON_RETURN_IF_ERROR(
      CheckFields(json, "",
                  {"customer_id", "events", "k", "method", "retrieval", "include_seen", "rules",
                   "diversity", "exploration", "contact", "reasons"}));
  RecommendRequest request;
  BURGEON_RETURN_IF_ERROR(ReadWho(json, &request));
  BURGEON_RETURN_IF_ERROR(ReadHow(json, &request.options));
  BURGEON_ASSIGN_OR_RETURN(request.shape, ReadListShape(json));
  return request;
}

absl::StatusOr<LookalikeRequest> ParseLookalikeBody(std::string_view body,
                                                    const LookalikeOptions& defaults) {
  BURGEON_ASSIGN_OR_RETURN(const Json json, ParseObject(body));
  BURGEON_RETURN_IF_ERROR(CheckFields(json, "", {"seeds", "size", "exclude"}));
  LookalikeRequest request;
  request.options = defaults;
  const Json* seeds = Find(json, "seeds");
  if (seeds == nullptr) return InvalidArgument("seeds: missing");
  BURGEON_ASSIGN_OR_RETURN(request.seeds, ReadIds(*seeds, "seeds", 1, limits::kMaxRequestSeeds));
  if (const Json* exclude = Find(json, "exclude")) {
    BURGEON_ASSIGN_OR_RETURN(request.exclude,
                             ReadIds(*exclude, "exclude", 0, limits::kMaxRequestSeeds));
  }
  if (const Json* size = Find(json, "size")) {
    BURGEON_ASSIGN_OR_RETURN(request.options.size,
                             ReadInteger(*size, "size", 1, limits::kMaxLookalikeSize));
  }
  return request;
}

std::string RecommendJson(std::string_view release_id, const RecommendAnswer& answer) {
  OrderedJson json = Start(release_id);
  json["customer_id"] =
      answer.customer_id.empty() ? OrderedJson(nullptr) : OrderedJson(answer.customer_id);
  if (answer.refused) {
    json["refused"] = {{"rule", answer.refused->rule}, {"reason", answer.refused->reason}};
    return Write(json);
  }
  json["method"] = std::string(RecommendMethodName(answer.method));
  json["fallback"] =
      answer.fallback_reason.empty() ? OrderedJson(nullptr) : OrderedJson(answer.fallback_reason);
  OrderedJson& items = json["items"] = OrderedJson::array();
  for (const NamedItem& item : answer.items) {
    OrderedJson one = {{"id", item.id},
                       {"label", item.label},
                       {"score", ShortFloat(item.score)},
                       {"source", std::string(ItemSourceName(item.source))}};
    if (answer.explored) one["propensity"] = item.propensity;
    if (item.reasons) one["reasons"] = ReasonsJson(*item.reasons);
    items.push_back(std::move(one));
  }
  json["filled"] = answer.filled;
  json["unknown_items"] = answer.unknown_items;
  if (!answer.not_pinned.empty()) {
    OrderedJson& left_out = json["not_pinned"] = OrderedJson::array();
    for (const LeftOut& one : answer.not_pinned) {
      left_out.push_back({{"id", one.id}, {"reason", one.reason}});
    }
  }
  if (!answer.unknown_blocked.empty()) json["unknown_blocked"] = answer.unknown_blocked;
  return Write(json);
}

std::string LookalikeJson(std::string_view release_id, const LookalikeAnswer& answer) {
  OrderedJson json = Start(release_id);
  json["seeds_used"] = answer.seeds_used;
  OrderedJson& members = json["members"] = OrderedJson::array();
  for (const auto& [id, score] : answer.members) {
    members.push_back({{"id", id}, {"score", ShortFloat(score)}});
  }
  json["unknown_seeds"] = answer.unknown_seeds;
  json["unknown_excluded"] = answer.unknown_excluded;
  return Write(json);
}

std::string ProfileJson(std::string_view release_id, const CustomerProfile& profile) {
  OrderedJson json = Start(release_id);
  json["customer_id"] = profile.id;
  json["items_bought"] = profile.items_bought;
  json["churn_risk"] =
      profile.churn_risk.has_value() ? ShortFloat(*profile.churn_risk) : OrderedJson(nullptr);
  json["consent"] = profile.consent;
  OrderedJson& features = json["features"] = OrderedJson::object();
  for (const auto& [name, value] : profile.features) features[name] = ShortFloat(value);
  return Write(json);
}

std::string SimilarJson(std::string_view release_id, SimilarKind kind, std::string_view id,
                        const std::vector<SimilarEntry>& entries) {
  const bool items = kind == SimilarKind::kItems;
  OrderedJson json = Start(release_id);
  json[items ? "item_id" : "customer_id"] = std::string(id);
  OrderedJson& similar = json["similar"] = OrderedJson::array();
  for (const SimilarEntry& entry : entries) {
    OrderedJson one = {{"id", entry.id}};
    if (items) one["label"] = entry.label;
    one["score"] = ShortFloat(entry.score);
    similar.push_back(std::move(one));
  }
  return Write(json);
}

std::string HealthJson(std::string_view release_id, const ReloadCounts& reloads) {
  OrderedJson json;
  json["status"] = release_id.empty() ? "no_release" : "ok";
  json["release"] =
      release_id.empty() ? OrderedJson(nullptr) : OrderedJson(std::string(release_id));
  json["reloads"] = reloads.loaded;
  json["reload_failures"] = reloads.failed;
  json["last_reload_failed"] = reloads.last_failed;
  return Write(json);
}

}  // namespace burgeon
