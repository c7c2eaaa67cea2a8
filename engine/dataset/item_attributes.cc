#include "engine/dataset/item_attributes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

std::optional<double> FiniteNumber(std::string_view text) {
  const std::optional<double> number = ParseDouble(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

// Takes what is no number out of the texts of a number's column.
void DropOtherTexts(const AttributeSpec& spec, const Vocabulary& items,
                    std::vector<std::string>* texts, std::vector<AttributeProblem>* problems) {
  if (spec.type != AttributeType::kNumber) return;
  AttributeProblem problem{.name = spec.name};
  for (size_t i = 0; i < texts->size(); ++i) {
    std::string& text = (*texts)[i];
    if (text.empty() || FiniteNumber(text)) continue;
    if (problem.values++ == 0) {
      problem.item = items.id(static_cast<uint32_t>(i));
      problem.value = text;
    }
    text.clear();
  }
  if (problem.values > 0) problems->push_back(std::move(problem));
}

}  // namespace

std::string_view AttributeTypeName(AttributeType type) {
  return type == AttributeType::kText ? "text" : "number";
}

std::optional<AttributeType> ParseAttributeType(std::string_view name) {
  if (name == "text") return AttributeType::kText;
  if (name == "number") return AttributeType::kNumber;
  return std::nullopt;
}

std::vector<AttributeSpec> DefaultItemAttributes() {
  return {{"brand", AttributeType::kText},
          {"category", AttributeType::kText},
          {"price", AttributeType::kNumber},
          {"stock", AttributeType::kNumber}};
}

std::vector<AttributeSpec> ParseItemAttributes(const ConfigNode& node) {
  constexpr char kField[] = "item_attributes";
  if (!node.Has(kField)) return DefaultItemAttributes();
  std::vector<AttributeSpec> specs;
  const ConfigNode map = node.Child(kField);
  for (const std::string& name : node.GetNames(kField)) {
    const std::string type = map.RequireEnum(name, {"text", "number"});
    specs.push_back({name, ParseAttributeType(type).value_or(AttributeType::kText)});
  }
  if (std::ssize(specs) > kMaxItemAttributes) {
    node.Fail(kField, Concat("has ", specs.size(), " attributes, at most ", kMaxItemAttributes,
                             " are taken"));
  }
  return specs;
}

const ItemAttribute* ItemAttributes::Find(std::string_view name) const {
  for (const ItemAttribute& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

std::string ItemAttributes::Names() const {
  std::vector<std::string> names;
  for (const ItemAttribute& column : columns) names.push_back(column.name);
  return names.empty() ? "none" : JoinComma(names);
}

absl::StatusOr<ItemAttribute> MakeItemAttribute(std::string name, AttributeType type,
                                                const std::vector<std::string>& texts) {
  ItemAttribute column;
  column.name = std::move(name);
  column.type = type;
  for (const std::string& text : texts) {
    if (!text.empty()) column.words.push_back(text);
  }
  std::sort(column.words.begin(), column.words.end());
  column.words.erase(std::unique(column.words.begin(), column.words.end()), column.words.end());
  for (const std::string& text : texts) {
    const auto at = std::lower_bound(column.words.begin(), column.words.end(), text);
    column.code.push_back(text.empty() ? 0 : static_cast<uint32_t>(at - column.words.begin()) + 1);
  }
  BURGEON_RETURN_IF_ERROR(CheckItemAttribute(std::ssize(texts), &column));
  return column;
}

absl::Status CheckItemAttribute(int64_t items, ItemAttribute* column) {
  if (std::ssize(column->code) != items) {
    return DataLoss("item attribute '", Printable(column->name), "': ", column->code.size(),
                    " codes; there are ", items, " items");
  }
  for (size_t w = 0; w < column->words.size(); ++w) {
    if (column->words[w].empty() || (w > 0 && column->words[w] <= column->words[w - 1])) {
      return DataLoss("item attribute '", Printable(column->name), "': value ", w,
                      " is empty or does not come after the one before it");
    }
  }
  const auto bad = std::find_if(column->code.begin(), column->code.end(),
                                [&](uint32_t code) { return code > column->words.size(); });
  if (bad != column->code.end()) {
    return DataLoss("item attribute '", Printable(column->name), "': code ", *bad, "; there are ",
                    column->words.size(), " values");
  }
  column->number.clear();
  if (column->type != AttributeType::kNumber) return absl::OkStatus();
  for (const std::string& word : column->words) {
    const std::optional<double> number = FiniteNumber(word);
    if (!number) {
      return DataLoss("item attribute '", Printable(column->name), "': '", Printable(word),
                      "' is not a number");
    }
    column->number.push_back(*number);
  }
  return absl::OkStatus();
}

ItemAttributes BuildItemAttributes(std::vector<AttributeValue> values,
                                   const AttributeSources& sources, TimeMicros as_of,
                                   const Vocabulary& items,
                                   const std::vector<AttributeSpec>& wanted,
                                   std::vector<AttributeProblem>* problems) {
  std::erase_if(values, [&](const AttributeValue& value) {
    return std::none_of(wanted.begin(), wanted.end(),
                        [&](const AttributeSpec& spec) { return spec.name == value.name; });
  });
  const ResolvedAttributes resolved =
      ResolveAttributes(std::move(values), {}, sources, IdentityMap(), as_of);
  std::vector<AttributeSpec> specs = wanted;
  std::sort(specs.begin(), specs.end(),
            [](const AttributeSpec& a, const AttributeSpec& b) { return a.name < b.name; });
  ItemAttributes out;
  for (const AttributeSpec& spec : specs) {
    std::vector<std::string> texts(static_cast<size_t>(items.size()));
    for (const ResolvedAttribute& value : resolved.values) {
      if (value.name != spec.name) continue;
      const std::optional<uint32_t> row = items.Find(value.customer);
      if (row) texts[*row] = value.believed.value;
    }
    DropOtherTexts(spec, items, &texts, problems);
    auto column = MakeItemAttribute(spec.name, spec.type, texts);
    BURGEON_CHECK(column.ok());
    if (!column->words.empty()) out.columns.push_back(*std::move(column));
  }
  return out;
}

}  // namespace burgeon
