#include "serving/changes.h"

#include "serving/json_body.h"

namespace burgeon {
namespace {

using OrderedJson = nlohmann::ordered_json;

absl::StatusOr<std::vector<Purpose>> ReadPurposes(const Json& value) {
  BURGEON_ASSIGN_OR_RETURN(const std::string name, ReadText(value, "purpose"));
  if (name == "all") return std::vector<Purpose>(kAllPurposes.begin(), kAllPurposes.end());
  const std::optional<Purpose> one = ParsePurpose(name);
  if (!one) {
    return InvalidArgument("purpose: '", Printable(name),
                           "' is not one of recommend, score, audience, export, all");
  }
  return std::vector<Purpose>{*one};
}

std::string Write(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace

absl::StatusOr<ConsentPost> ParseConsentBody(std::string_view body) {
  BURGEON_ASSIGN_OR_RETURN(const Json json, ParseObject(body));
  BURGEON_RETURN_IF_ERROR(CheckFields(json, "", {"customer_id", "purpose", "granted", "time"}));
  for (const char* const field : {"customer_id", "purpose", "granted"}) {
    if (Find(json, field) == nullptr) return InvalidArgument(field, ": missing");
  }
  ConsentPost post;
  BURGEON_ASSIGN_OR_RETURN(post.customer_id, ReadId(*Find(json, "customer_id"), "customer_id"));
  BURGEON_ASSIGN_OR_RETURN(post.purposes, ReadPurposes(*Find(json, "purpose")));
  const Json& granted = *Find(json, "granted");
  if (!granted.is_boolean()) {
    return InvalidArgument("granted: ", granted.type_name(), ", want true or false");
  }
  post.granted = granted.get<bool>();
  if (const Json* time = Find(json, "time")) {
    BURGEON_ASSIGN_OR_RETURN(post.time, ReadTime(*time, "time"));
  }
  return post;
}

absl::StatusOr<std::vector<std::string>> ParseEraseBody(std::string_view body) {
  BURGEON_ASSIGN_OR_RETURN(const Json json, ParseObject(body));
  BURGEON_RETURN_IF_ERROR(CheckFields(json, "", {"customer_ids"}));
  const Json* ids = Find(json, "customer_ids");
  if (ids == nullptr) return InvalidArgument("customer_ids: missing");
  return ReadIds(*ids, "customer_ids", 1, kMaxErasePost);
}

std::string ConsentJson(std::string_view stored_customer_id, const ConsentPost& post) {
  OrderedJson json;
  json["customer_id"] = std::string(stored_customer_id);
  json["purposes"] = OrderedJson::array();
  for (const Purpose purpose : post.purposes) {
    json["purposes"].push_back(std::string(PurposeName(purpose)));
  }
  json["granted"] = post.granted;
  json["recorded"] = true;
  return Write(json);
}

std::string EraseJson(int64_t ids) {
  OrderedJson json;
  json["erased_ids"] = ids;
  json["recorded"] = true;
  return Write(json);
}

}  // namespace burgeon
