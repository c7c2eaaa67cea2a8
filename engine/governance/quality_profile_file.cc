// The file form of a profile: JSON, see quality_profile.h.
#include <limits>

#include <nlohmann/json.hpp>
#include "engine/governance/quality_profile.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int64_t kAnyCount = std::numeric_limits<int64_t>::max();

template <class Key>
nlohmann::json PairsOf(const std::map<Key, int64_t>& counts) {
  nlohmann::json out = nlohmann::json::array();
  for (const auto& [key, count] : counts) out.push_back({key, count});
  return out;
}

template <class Key>
std::map<Key, int64_t> PairsFrom(const JsonNode& node) {
  std::map<Key, int64_t> out;
  for (const JsonNode& pair : node.Items()) {
    const std::vector<JsonNode> parts = pair.Items();
    if (parts.size() != 2) {
      pair.Refuse("a key and a count");
      continue;
    }
    const int64_t key =
        parts[0].Int(std::numeric_limits<int32_t>::min(), std::numeric_limits<uint32_t>::max());
    out[static_cast<Key>(key)] = parts[1].Int(1, kAnyCount);
  }
  return out;
}

nlohmann::json CountsOf(const HashCounts& counts) {
  return {{"counts", PairsOf(counts.counts)}, {"others", counts.others}};
}

HashCounts CountsFrom(const JsonNode& node) {
  HashCounts out;
  out.counts = PairsFrom<uint32_t>(node["counts"]);
  out.others = node["others"].Int(0, kAnyCount);
  return out;
}

}  // namespace

std::string EncodeProfile(const QualityProfile& profile) {
  nlohmann::json columns = nlohmann::json::object();
  for (const auto& [name, column] : profile.columns) {
    columns[name] = {{"type", std::string(ExpressionTypeName(column.type))},
                     {"rows", column.rows},
                     {"nulls", column.nulls},
                     {"numbers", PairsOf(column.numbers.buckets())},
                     {"min", column.numbers.min()},
                     {"max", column.numbers.max()},
                     {"categories", CountsOf(column.categories)},
                     {"shapes", CountsOf(column.shapes)}};
  }
  const nlohmann::json document = {{"burgeon_quality_profile", 1},
                                   {"source", profile.source},
                                   {"input", profile.input},
                                   {"input_digest", profile.input_digest},
                                   {"rows", profile.rows},
                                   {"first_event", profile.first_event},
                                   {"last_event", profile.last_event},
                                   {"columns", columns}};
  return document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

absl::StatusOr<QualityProfile> DecodeProfile(std::string_view text, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, path));
  const JsonNode root = document.root();
  root["burgeon_quality_profile"].Int(1, 1);
  QualityProfile profile;
  profile.source = root["source"].String();
  profile.input = root["input"].String();
  profile.input_digest = root["input_digest"].String();
  profile.rows = root["rows"].Int(0, kAnyCount);
  profile.first_event = root["first_event"].Int(INT64_MIN, INT64_MAX);
  profile.last_event = root["last_event"].Int(INT64_MIN, INT64_MAX);
  for (const auto& [name, node] : root["columns"].Fields()) {
    ColumnProfile& column = profile.columns[name];
    const auto type = ParseExpressionType(node["type"].String());
    if (!type) return DataLoss(path, ": columns.", Printable(name), ".type: not a type");
    column.type = *type;
    column.rows = node["rows"].Int(0, kAnyCount);
    column.nulls = node["nulls"].Int(0, kAnyCount);
    column.numbers = NumberSketch::FromBuckets(PairsFrom<int64_t>(node["numbers"]),
                                               node["min"].Number(), node["max"].Number());
    column.categories = CountsFrom(node["categories"]);
    column.shapes = CountsFrom(node["shapes"]);
  }
  BURGEON_RETURN_IF_ERROR(document.status());
  return profile;
}

}  // namespace burgeon
