#include "serving/list_shape_json.h"

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/events/time_format.h"

namespace burgeon {
namespace {

absl::Status CheckObject(const Json& value, std::string_view field) {
  if (value.is_object()) return absl::OkStatus();
  return InvalidArgument(field, ": ", value.type_name(), ", want an object");
}

absl::StatusOr<double> ReadNumber(const Json& value, std::string_view field, double low,
                                  double high) {
  if (!value.is_number()) {
    return InvalidArgument(field, ": ", value.type_name(), ", want a number");
  }
  const auto number = value.get<double>();
  if (number >= low && number <= high) return number;
  return InvalidArgument(field, ": ", number, " is not from ", low, " to ", high);
}

absl::StatusOr<bool> ReadBool(const Json& value, std::string_view field) {
  if (value.is_boolean()) return value.get<bool>();
  return InvalidArgument(field, ": ", value.type_name(), ", want true or false");
}

absl::StatusOr<std::vector<AttributeRange>> ReadRanges(const Json& value) {
  BURGEON_RETURN_IF_ERROR(CheckObject(value, "rules.ranges"));
  std::vector<AttributeRange> ranges;
  for (const auto& [name, one] : value.items()) {
    const std::string field = Concat("rules.ranges.", Printable(name));
    BURGEON_RETURN_IF_ERROR(CheckObject(one, field));
    BURGEON_RETURN_IF_ERROR(CheckFields(one, field + ".", {"min", "max"}));
    AttributeRange range{.attribute = name};
    for (const auto& [end, target] : {std::pair{"min", &range.min}, {"max", &range.max}}) {
      const Json* bound = Find(one, end);
      if (bound == nullptr) continue;
      BURGEON_ASSIGN_OR_RETURN(*target, ReadNumber(*bound, Concat(field, ".", end), -1e308, 1e308));
    }
    ranges.push_back(std::move(range));
  }
  return ranges;
}

absl::StatusOr<std::vector<AttributeValues>> ReadLists(const Json& value, const char* name) {
  const std::string field = Concat("rules.", name);
  BURGEON_RETURN_IF_ERROR(CheckObject(value, field));
  std::vector<AttributeValues> lists;
  for (const auto& [attribute, values] : value.items()) {
    AttributeValues list{.attribute = attribute, .values = {}};
    BURGEON_ASSIGN_OR_RETURN(list.values, ReadIds(values, Concat(field, ".", Printable(attribute)),
                                                  1, static_cast<int64_t>(kMaxRuleValues)));
    lists.push_back(std::move(list));
  }
  return lists;
}

absl::StatusOr<std::vector<AttributeCap>> ReadCaps(const Json& value) {
  BURGEON_RETURN_IF_ERROR(CheckObject(value, "rules.max_per"));
  std::vector<AttributeCap> caps;
  for (const auto& [name, max] : value.items()) {
    BURGEON_ASSIGN_OR_RETURN(
        const int64_t most,
        ReadInteger(max, Concat("rules.max_per.", Printable(name)), 1, limits::kMaxK));
    caps.push_back({name, static_cast<int>(most)});
  }
  return caps;
}

absl::StatusOr<ItemRules> ReadRules(const Json& value) {
  BURGEON_RETURN_IF_ERROR(CheckObject(value, "rules"));
  BURGEON_RETURN_IF_ERROR(CheckFields(
      value, "rules.",
      {"pinned", "blocked", "in_stock", "ranges", "include", "exclude", "where", "max_per"}));
  constexpr auto kMostItems = static_cast<int64_t>(kMaxRuleItems);
  ItemRules rules;
  if (const Json* pinned = Find(value, "pinned")) {
    BURGEON_ASSIGN_OR_RETURN(rules.pinned, ReadIds(*pinned, "rules.pinned", 0, kMostItems));
  }
  if (const Json* blocked = Find(value, "blocked")) {
    BURGEON_ASSIGN_OR_RETURN(rules.blocked, ReadIds(*blocked, "rules.blocked", 0, kMostItems));
  }
  if (const Json* stock = Find(value, "in_stock")) {
    BURGEON_ASSIGN_OR_RETURN(const bool wanted, ReadBool(*stock, "rules.in_stock"));
    rules.stock = wanted ? StockRule::kInStock : StockRule::kAny;
  }
  if (const Json* ranges = Find(value, "ranges")) {
    BURGEON_ASSIGN_OR_RETURN(rules.ranges, ReadRanges(*ranges));
  }
  if (const Json* include = Find(value, "include")) {
    BURGEON_ASSIGN_OR_RETURN(rules.include, ReadLists(*include, "include"));
  }
  if (const Json* exclude = Find(value, "exclude")) {
    BURGEON_ASSIGN_OR_RETURN(rules.exclude, ReadLists(*exclude, "exclude"));
  }
  if (const Json* where = Find(value, "where")) {
    BURGEON_ASSIGN_OR_RETURN(std::string text, ReadText(*where, "rules.where"));
    rules.where.push_back(std::move(text));
  }
  if (const Json* caps = Find(value, "max_per")) {
    BURGEON_ASSIGN_OR_RETURN(rules.max_per, ReadCaps(*caps));
  }
  return rules;
}

absl::Status ReadPool(const Json& value, const char* field, int* pool) {
  const Json* found = Find(value, "pool");
  if (found == nullptr) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const int64_t size, ReadInteger(*found, field, 1, kMaxPool));
  *pool = static_cast<int>(size);
  return absl::OkStatus();
}

absl::StatusOr<DiversityShape> ReadDiversity(const Json& value) {
  BURGEON_RETURN_IF_ERROR(CheckObject(value, "diversity"));
  BURGEON_RETURN_IF_ERROR(
      CheckFields(value, "diversity.", {"method", "strength", "pool", "attribute"}));
  DiversityShape shape;
  const Json* method = Find(value, "method");
  if (method == nullptr) return InvalidArgument("diversity.method: missing");
  BURGEON_ASSIGN_OR_RETURN(const std::string name, ReadText(*method, "diversity.method"));
  const std::optional<DiversityKind> kind = ParseDiversityKind(name);
  if (!kind) {
    return InvalidArgument("diversity.method: '", Printable(name),
                           "' is not one of none, mmr, dpp, calibrated");
  }
  shape.kind = *kind;
  if (const Json* strength = Find(value, "strength")) {
    BURGEON_ASSIGN_OR_RETURN(shape.strength, ReadNumber(*strength, "diversity.strength", 0, 1));
  }
  BURGEON_RETURN_IF_ERROR(ReadPool(value, "diversity.pool", &shape.pool));
  if (const Json* attribute = Find(value, "attribute")) {
    BURGEON_ASSIGN_OR_RETURN(shape.attribute, ReadText(*attribute, "diversity.attribute"));
  }
  return shape;
}

absl::StatusOr<ExplorationShape> ReadExploration(const Json& value) {
  BURGEON_RETURN_IF_ERROR(CheckObject(value, "exploration"));
  BURGEON_RETURN_IF_ERROR(CheckFields(value, "exploration.", {"share", "pool", "seed", "request"}));
  ExplorationShape shape;
  const Json* share = Find(value, "share");
  if (share == nullptr) return InvalidArgument("exploration.share: missing");
  BURGEON_ASSIGN_OR_RETURN(shape.share, ReadNumber(*share, "exploration.share", 0, 1));
  BURGEON_RETURN_IF_ERROR(ReadPool(value, "exploration.pool", &shape.pool));
  if (const Json* seed = Find(value, "seed")) {
    BURGEON_ASSIGN_OR_RETURN(const int64_t number,
                             ReadInteger(*seed, "exploration.seed", 0, INT64_MAX));
    shape.seed = static_cast<uint64_t>(number);
  }
  if (const Json* request = Find(value, "request")) {
    BURGEON_ASSIGN_OR_RETURN(shape.request, ReadId(*request, "exploration.request"));
  }
  return shape;
}

absl::StatusOr<TimeMicros> ReadContact(const Json& value) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadText(value, "contact"));
  if (text == "now") return kContactNow;
  const TimeFormat format;
  const std::optional<TimeMicros> time = format.Parse(text);
  if (time) return *time;
  return InvalidArgument("contact: '", Printable(text), "' is not now or ", format.Wanted());
}

}  // namespace

absl::StatusOr<ListShape> ReadListShape(const Json& body) {
  ListShape shape;
  if (const Json* rules = Find(body, "rules")) {
    BURGEON_ASSIGN_OR_RETURN(shape.rules, ReadRules(*rules));
  }
  if (const Json* diversity = Find(body, "diversity")) {
    BURGEON_ASSIGN_OR_RETURN(shape.diversity, ReadDiversity(*diversity));
  }
  if (const Json* exploration = Find(body, "exploration")) {
    BURGEON_ASSIGN_OR_RETURN(shape.exploration, ReadExploration(*exploration));
  }
  if (const Json* contact = Find(body, "contact")) {
    BURGEON_ASSIGN_OR_RETURN(const TimeMicros at, ReadContact(*contact));
    shape.contact = {.at = at};
  }
  if (const Json* reasons = Find(body, "reasons")) {
    BURGEON_ASSIGN_OR_RETURN(const int64_t count, ReadInteger(*reasons, "reasons", 0, kMaxReasons));
    shape.reasons = static_cast<int>(count);
  }
  return shape;
}

}  // namespace burgeon
