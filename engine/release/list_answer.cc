#include "engine/release/list_answer.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/recommend/masks.h"

namespace burgeon {
namespace {

// The biggest `count` of the contributions, the sum of the others, and those of the attributes that
// an item has in common with the history.
ItemReasons NameReasons(const ReleaseData& data, const Contributions& contributions, int64_t row,
                        ItemRow item, int count) {
  std::vector<std::pair<double, uint32_t>> terms;
  for (size_t h = 0; h < contributions.history.size(); ++h) {
    terms.emplace_back(contributions.values.at(row, static_cast<int64_t>(h)),
                       contributions.history[h]);
  }
  std::stable_sort(terms.begin(), terms.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  ItemReasons out;
  out.kind = contributions.kind;
  for (const auto& [value, history] : terms) {
    if (std::ssize(out.items) < count) {
      out.items.push_back({data.items.id(history), data.item_label[history], value});
    } else if (out.kind == ReasonKind::kExact) {
      out.others += value;
    }
  }
  if (out.kind != ReasonKind::kExact) return out;
  for (const ItemAttribute& column : data.item_attributes.columns) {
    if (column.type != AttributeType::kText || !column.Has(item.value)) continue;
    FeatureReason feature{column.name, column.WordOf(item.value), 0};
    bool shared = false;
    for (const auto& [value, history] : terms) {
      if (column.code[history] != column.code[item.value]) continue;
      feature.contribution += value;
      shared = true;
    }
    if (shared) out.features.push_back(std::move(feature));
  }
  std::stable_sort(out.features.begin(), out.features.end(),
                   [](const FeatureReason& a, const FeatureReason& b) {
                     return a.contribution > b.contribution;
                   });
  return out;
}

// Of what the model ranked; popularity and a pin need no other reason than their source.
absl::Status AddReasons(ExecutionContext& context, const RecommenderParts& parts,
                        const ReleaseData& data, const PreparedList& prepared,
                        const RecommendQuery& query, const Recommendation& found,
                        RecommendAnswer* answer) {
  if (found.method == RecommendMethod::kPopularity) return absl::OkStatus();
  std::vector<ItemRow> rows;
  std::vector<size_t> places;
  for (size_t i = 0; i < found.items.size(); ++i) {
    const ItemSource source = found.items[i].source;
    if (source == ItemSource::kPopularity || source == ItemSource::kPinned) continue;
    rows.push_back(found.items[i].item);
    places.push_back(i);
  }
  BURGEON_ASSIGN_OR_RETURN(const Contributions contributions,
                           ContributionsOf(context, parts, query, found.method, rows));
  for (size_t i = 0; i < places.size(); ++i) {
    answer->items[places[i]].reasons =
        NameReasons(data, contributions, static_cast<int64_t>(i), rows[i], prepared.shape.reasons);
  }
  return absl::OkStatus();
}

// Why a pinned item is not on a list.
std::string WhyNotPinned(const RecommenderParts& parts, const PreparedList& prepared,
                         const RecommendQuery& query, uint32_t row) {
  if (!IsAllowed(prepared.options.allowed_items, row)) return "a rule masks it";
  if (!MayList(MaskedItems(parts, query, prepared.options.seen), {}, row)) return "bought before";
  return "a cap is reached or the list is full";
}

void AddNotPinned(const RecommenderParts& parts, const ReleaseData& data,
                  const PreparedList& prepared, const RecommendQuery& query,
                  const Recommendation& found, RecommendAnswer* answer) {
  for (const std::string& id : prepared.rules->unknown_pinned) {
    answer->not_pinned.push_back({id, "the release has no such item"});
  }
  for (const uint32_t row : prepared.rules->pinned) {
    const bool there =
        std::any_of(found.items.begin(), found.items.end(), [&](const RecommendedItem& item) {
          return item.item.value == row && item.source == ItemSource::kPinned;
        });
    if (there) continue;
    answer->not_pinned.push_back({data.items.id(row), WhyNotPinned(parts, prepared, query, row)});
  }
}

ItemSource SourceOf(const ReleaseData& data, const RecommendedItem& item) {
  const bool content = !data.item_content.empty() && data.item_content[item.item.value] != 0;
  return content && item.source == ItemSource::kModel ? ItemSource::kContent : item.source;
}

}  // namespace

absl::StatusOr<PreparedList> PrepareList(const ReleaseData& data, const RecommendOptions& options,
                                         const ListShape& shape) {
  if (shape.reasons < 0 || shape.reasons > kMaxReasons) {
    return InvalidArgument("reasons: ", shape.reasons, " is not from 0 to ", kMaxReasons);
  }
  PreparedList prepared;
  prepared.shape = shape;
  BURGEON_ASSIGN_OR_RETURN(CompiledRules rules,
                           CompileRules(shape.rules, data.item_attributes, data.items));
  prepared.rules = std::make_unique<const CompiledRules>(std::move(rules));
  RecommendOptions& out = prepared.options;
  out = options;
  out.allowed_items = prepared.rules->allowed;
  out.caps = prepared.rules->caps;
  out.pinned = prepared.rules->pinned;
  out.diversity = {.kind = shape.diversity.kind,
                   .strength = shape.diversity.strength,
                   .pool = shape.diversity.pool};
  if (shape.diversity.kind == DiversityKind::kCalibrated) {
    const ItemAttribute* column = data.item_attributes.Find(shape.diversity.attribute);
    if (column == nullptr) {
      return InvalidArgument("diversity.attribute: the release has no item attribute '",
                             Printable(shape.diversity.attribute),
                             "'; it has: ", data.item_attributes.Names());
    }
    out.diversity.group = column->code;
  }
  out.exploration = {.share = shape.exploration.share,
                     .pool = shape.exploration.pool,
                     .seed = shape.exploration.seed};
  return prepared;
}

uint64_t ExplorationKey(const ListShape& shape, std::string_view customer_id) {
  return StableHash64(Concat(customer_id.size(), ":", customer_id, shape.exploration.request));
}

absl::StatusOr<RecommendAnswer> NameList(ExecutionContext& context, const RecommenderParts& parts,
                                         const ReleaseData& data, const PreparedList& prepared,
                                         const RecommendQuery& query, Recommendation found) {
  RecommendAnswer answer;
  answer.method = found.method;
  answer.fallback_reason = found.fallback_reason;
  answer.explored = prepared.shape.exploration.share > 0;
  answer.unknown_blocked = prepared.rules->unknown_blocked;
  answer.items.reserve(found.items.size());
  for (const RecommendedItem& item : found.items) {
    const uint32_t row = item.item.value;
    answer.items.push_back({.id = data.items.id(row),
                            .label = data.item_label[row],
                            .score = item.score,
                            .source = SourceOf(data, item),
                            .propensity = item.propensity});
    const bool filled = item.source == ItemSource::kPopularity;
    if (filled && answer.method != RecommendMethod::kPopularity) ++answer.filled;
  }
  AddNotPinned(parts, data, prepared, query, found, &answer);
  if (prepared.shape.reasons > 0) {
    BURGEON_RETURN_IF_ERROR(AddReasons(context, parts, data, prepared, query, found, &answer));
  }
  return answer;
}

}  // namespace burgeon
