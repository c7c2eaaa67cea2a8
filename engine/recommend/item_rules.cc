#include "engine/recommend/item_rules.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/expression/expression.h"

namespace burgeon {
namespace {

constexpr char kStock[] = "stock";
constexpr char kItemId[] = "item_id";
constexpr std::string_view kBelow = " > ";  // between a category and the one below it

// The mask in the making: everything is allowed until a rule takes it away.
class Mask {
 public:
  explicit Mask(int64_t items) : items_(static_cast<uint32_t>(items)) {}

  void Forbid(uint32_t item) {
    if (words_.empty()) {
      words_.assign((items_ + size_t{63}) / 64, ~uint64_t{0});
      if (items_ % 64 != 0) words_.back() >>= 64 - items_ % 64;
    }
    words_[item / 64] &= ~(uint64_t{1} << (item % 64));
  }
  void KeepIf(const std::function<bool(uint32_t)>& keep) {
    for (uint32_t item = 0; item < items_; ++item) {
      if (!keep(item)) Forbid(item);
    }
  }
  std::vector<uint64_t> Take() { return std::move(words_); }

 private:
  uint32_t items_;
  std::vector<uint64_t> words_;
};

absl::Status CheckSize(std::string_view field, size_t size, size_t most) {
  if (size <= most) return absl::OkStatus();
  return InvalidArgument(field, ": ", size, " entries, at most ", most, " are taken");
}

absl::StatusOr<const ItemAttribute*> FindAttribute(const ItemAttributes& attributes,
                                                   std::string_view field, std::string_view name) {
  const ItemAttribute* found = attributes.Find(name);
  if (found != nullptr) return found;
  return InvalidArgument(field, ": the release has no item attribute '", Printable(name),
                         "'; it has: ", attributes.Names());
}

absl::StatusOr<const ItemAttribute*> FindNumber(const ItemAttributes& attributes,
                                                std::string_view field, std::string_view name) {
  BURGEON_ASSIGN_OR_RETURN(const ItemAttribute* found, FindAttribute(attributes, field, name));
  if (found->type == AttributeType::kNumber) return found;
  return InvalidArgument(field, ": '", Printable(name), "' is a text, a number is wanted");
}

// Which of the attribute's values are one of `values`, or lie below one.
std::vector<uint8_t> Matches(const ItemAttribute& column, const std::vector<std::string>& values) {
  const StringSet wanted(values.begin(), values.end());
  std::vector<uint8_t> matches(column.words.size(), 0);
  for (size_t w = 0; w < matches.size(); ++w) {
    const std::string& word = column.words[w];
    bool found = wanted.contains(word);
    for (size_t at = word.find(kBelow); !found && at != std::string::npos;
         at = word.find(kBelow, at + 1)) {
      found = wanted.contains(word.substr(0, at));
    }
    matches[w] = found ? 1 : 0;
  }
  return matches;
}

enum class ListKind { kInclude, kExclude };

absl::Status ApplyLists(const std::vector<AttributeValues>& lists, ListKind kind,
                        const ItemAttributes& attributes, Mask* mask) {
  const std::string_view field = kind == ListKind::kInclude ? "include" : "exclude";
  BURGEON_RETURN_IF_ERROR(CheckSize(field, lists.size(), kMaxRules));
  for (const AttributeValues& list : lists) {
    BURGEON_ASSIGN_OR_RETURN(const ItemAttribute* column,
                             FindAttribute(attributes, field, list.attribute));
    const std::string name = Concat(field, ".", Printable(list.attribute));
    if (list.values.empty()) return InvalidArgument(name, ": no value is given");
    BURGEON_RETURN_IF_ERROR(CheckSize(name, list.values.size(), kMaxRuleValues));
    const std::vector<uint8_t> matches = Matches(*column, list.values);
    mask->KeepIf([&](uint32_t item) {
      const bool matched = column->Has(item) && matches[column->code[item] - 1] != 0;
      return matched == (kind == ListKind::kInclude);
    });
  }
  return absl::OkStatus();
}

absl::Status ApplyRanges(const ItemRules& rules, const ItemAttributes& attributes, Mask* mask) {
  BURGEON_RETURN_IF_ERROR(CheckSize("ranges", rules.ranges.size(), kMaxRules));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const AttributeRange& range : rules.ranges) {
    const double min = range.min.value_or(-kInfinity);
    const double max = range.max.value_or(kInfinity);
    if (!(min <= max)) {
      return InvalidArgument(Printable(range.attribute), ": min ", min, " is not at or below max ",
                             max);
    }
    BURGEON_ASSIGN_OR_RETURN(const ItemAttribute* column,
                             FindNumber(attributes, Printable(range.attribute), range.attribute));
    mask->KeepIf([&](uint32_t item) {
      const std::optional<double> value = column->NumberOf(item);
      return value && *value >= min && *value <= max;
    });
  }
  return absl::OkStatus();
}

absl::Status ApplyStock(StockRule rule, const ItemAttributes& attributes, Mask* mask) {
  if (rule == StockRule::kAny) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const ItemAttribute* column, FindNumber(attributes, "in_stock", kStock));
  mask->KeepIf([&](uint32_t item) { return column->NumberOf(item).value_or(0) > 0; });
  return absl::OkStatus();
}

// An item as a row of the expression language: its attributes, then its id.
class ItemRowView : public ExpressionRow {
 public:
  ItemRowView(const ItemAttributes& attributes, const Vocabulary& items)
      : attributes_(attributes), items_(items) {}
  void Go(uint32_t item) { item_ = item; }
  ExpressionValue Column(size_t column) const override {
    if (column == attributes_.columns.size()) return ExpressionValue::Text(items_.id(item_));
    const ItemAttribute& attribute = attributes_.columns[column];
    if (!attribute.Has(item_)) return ExpressionValue::Null();
    if (const auto number = attribute.NumberOf(item_)) return ExpressionValue::Number(*number);
    return ExpressionValue::Text(attribute.WordOf(item_));
  }

 private:
  const ItemAttributes& attributes_;
  const Vocabulary& items_;
  uint32_t item_ = 0;
};

absl::Status ApplyWhere(const std::vector<std::string>& conditions,
                        const ItemAttributes& attributes, const Vocabulary& items, Mask* mask) {
  BURGEON_RETURN_IF_ERROR(CheckSize("where", conditions.size(), kMaxRules));
  std::vector<ExpressionColumn> columns;
  for (const ItemAttribute& attribute : attributes.columns) {
    const bool number = attribute.type == AttributeType::kNumber;
    columns.push_back({attribute.name, number ? ExpressionType::kNumber : ExpressionType::kText});
  }
  if (attributes.Find(kItemId) == nullptr) columns.push_back({kItemId, ExpressionType::kText});
  ItemRowView row(attributes, items);
  ExpressionScratch scratch;
  for (const std::string& condition : conditions) {
    auto expression = Expression::CompileCondition(condition, columns, {});
    if (!expression.ok()) return Annotate(expression.status(), "where");
    mask->KeepIf([&](uint32_t item) {
      row.Go(item);
      return expression->IsTrue(row, &scratch);
    });
  }
  return absl::OkStatus();
}

absl::Status AddCaps(const std::vector<AttributeCap>& caps, const ItemAttributes& attributes,
                     CompiledRules* out) {
  BURGEON_RETURN_IF_ERROR(CheckSize("max_per", caps.size(), kMaxRules));
  for (const AttributeCap& cap : caps) {
    BURGEON_ASSIGN_OR_RETURN(const ItemAttribute* column,
                             FindAttribute(attributes, "max_per", cap.attribute));
    if (cap.max < 1) {
      return InvalidArgument("max_per.", Printable(cap.attribute), ": ", cap.max,
                             " is not 1 or more");
    }
    out->caps.push_back({.group = column->code, .max = cap.max});
  }
  return absl::OkStatus();
}

absl::Status AddItems(const ItemRules& rules, const Vocabulary& items, CompiledRules* out,
                      Mask* mask) {
  BURGEON_RETURN_IF_ERROR(CheckSize("pinned", rules.pinned.size(), kMaxRuleItems));
  BURGEON_RETURN_IF_ERROR(CheckSize("blocked", rules.blocked.size(), kMaxRuleItems));
  for (const std::string& id : rules.blocked) {
    if (const auto row = items.Find(id)) {
      mask->Forbid(*row);
    } else {
      out->unknown_blocked.push_back(id);
    }
  }
  for (const std::string& id : rules.pinned) {
    const auto row = items.Find(id);
    if (!row) {
      out->unknown_pinned.push_back(id);
    } else if (std::find(out->pinned.begin(), out->pinned.end(), *row) == out->pinned.end()) {
      out->pinned.push_back(*row);
    }
  }
  return absl::OkStatus();
}

template <class T>
void Append(const std::vector<T>& from, std::vector<T>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

std::vector<AttributeValues> ParseLists(const ConfigNode& node, std::string_view field) {
  std::vector<AttributeValues> lists;
  const ConfigNode map = node.Child(field);
  for (const std::string& name : node.GetNames(field)) {
    lists.push_back({name, map.GetStrings(name)});
  }
  return lists;
}

AttributeRange ParseRange(const ConfigNode& node, const std::string& name) {
  AttributeRange range{.attribute = name};
  if (node.Has("min")) range.min = node.RequireDouble("min");
  if (node.Has("max")) range.max = node.RequireDouble("max");
  return range;
}

}  // namespace

ItemRules JoinRules(const ItemRules& first, const ItemRules& second) {
  ItemRules out = first;
  Append(second.pinned, &out.pinned);
  Append(second.blocked, &out.blocked);
  if (second.stock == StockRule::kInStock) out.stock = second.stock;
  Append(second.ranges, &out.ranges);
  Append(second.include, &out.include);
  Append(second.exclude, &out.exclude);
  Append(second.where, &out.where);
  Append(second.max_per, &out.max_per);
  return out;
}

ItemRules ParseItemRules(const ConfigNode& node) {
  ItemRules rules;
  rules.pinned = node.GetStrings("pinned");
  rules.blocked = node.GetStrings("blocked");
  rules.stock = node.GetBool("in_stock", false) ? StockRule::kInStock : StockRule::kAny;
  for (const std::string& name : node.GetNames("ranges")) {
    rules.ranges.push_back(ParseRange(node.Child("ranges").Child(name), name));
  }
  rules.include = ParseLists(node, "include");
  rules.exclude = ParseLists(node, "exclude");
  rules.where = node.GetStrings("where");
  const ConfigNode caps = node.Child("max_per");
  for (const std::string& name : node.GetNames("max_per")) {
    rules.max_per.push_back({name, static_cast<int>(caps.RequireInt(name, {1, limits::kMaxK}))});
  }
  return rules;
}

absl::StatusOr<CompiledRules> CompileRules(const ItemRules& rules, const ItemAttributes& attributes,
                                           const Vocabulary& items) {
  CompiledRules out;
  Mask mask(items.size());
  BURGEON_RETURN_IF_ERROR(ApplyStock(rules.stock, attributes, &mask));
  BURGEON_RETURN_IF_ERROR(ApplyRanges(rules, attributes, &mask));
  BURGEON_RETURN_IF_ERROR(ApplyLists(rules.include, ListKind::kInclude, attributes, &mask));
  BURGEON_RETURN_IF_ERROR(ApplyLists(rules.exclude, ListKind::kExclude, attributes, &mask));
  BURGEON_RETURN_IF_ERROR(ApplyWhere(rules.where, attributes, items, &mask));
  BURGEON_RETURN_IF_ERROR(AddCaps(rules.max_per, attributes, &out));
  BURGEON_RETURN_IF_ERROR(AddItems(rules, items, &out, &mask));
  out.allowed = mask.Take();
  return out;
}

}  // namespace burgeon
