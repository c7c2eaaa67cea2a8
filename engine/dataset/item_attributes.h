// What is known of items beside their label (category, brand, price, stock, ...), in columns by
// item row: what rules about lists look at.
//
//   const std::vector<AttributeSpec> wanted = DefaultItemAttributes();
//   const ItemAttributes a = BuildItemAttributes(values, sources, INT64_MAX, items, wanted,
//   &report); const ItemAttribute* price = a.Find("price");      // nullptr: no item has one const
//   std::optional<double> pounds = price->NumberOf(row);
//
// Which of several values is believed is said in engine/governance/attributes.h. Plain data;
// thread-safe to read.
#ifndef BURGEON_ENGINE_DATASET_ITEM_ATTRIBUTES_H_
#define BURGEON_ENGINE_DATASET_ITEM_ATTRIBUTES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/dataset/vocabulary.h"
#include "engine/events/event_store.h"
#include "engine/governance/attributes.h"

namespace burgeon {

enum class AttributeType { kText, kNumber };
std::string_view AttributeTypeName(AttributeType type);                  // "text", "number"
std::optional<AttributeType> ParseAttributeType(std::string_view name);  // of these

struct AttributeSpec {
  std::string name = {};
  AttributeType type = AttributeType::kText;
};
// category and brand, texts; price and stock, numbers.
std::vector<AttributeSpec> DefaultItemAttributes();
// `item_attributes: {category: text, price: number}` of a node; those above without it.
std::vector<AttributeSpec> ParseItemAttributes(const ConfigNode& node);
inline constexpr int64_t kMaxItemAttributes = 64;

struct ItemAttribute {
  std::string name;
  AttributeType type = AttributeType::kText;
  std::vector<std::string> words;  // the values there are, ascending, each once
  std::vector<uint32_t> code;      // [items] 0: none; else 1 + place in `words`
  std::vector<double> number;      // [words], of a number

  bool Has(uint32_t item) const { return code[item] != 0; }
  const std::string& WordOf(uint32_t item) const { return words[code[item] - 1]; }  // Has(item)
  std::optional<double> NumberOf(uint32_t item) const {
    if (type != AttributeType::kNumber || !Has(item)) return std::nullopt;
    return number[code[item] - 1];
  }
};

struct ItemAttributes {
  std::vector<ItemAttribute> columns;  // ascending by name; each has a value at least
  const ItemAttribute* Find(std::string_view name) const;
  std::string Names() const;  // "brand, price", "none"
};

// What was left out of a number's column because it is none.
struct AttributeProblem {
  std::string name = {};
  int64_t values = 0;
  std::string item = {};  // the first of them
  std::string value = {};
};

// The believed values at `as_of` of the `wanted` attributes of `items`; an attribute that no item
// has is left out, and so is an empty value.
ItemAttributes BuildItemAttributes(std::vector<AttributeValue> values,
                                   const AttributeSources& sources, TimeMicros as_of,
                                   const Vocabulary& items,
                                   const std::vector<AttributeSpec>& wanted,
                                   std::vector<AttributeProblem>* problems);

// A column of these texts, [items], "" where there is none. kDataLoss naming a text that is no
// finite number, of a number.
absl::StatusOr<ItemAttribute> MakeItemAttribute(std::string name, AttributeType type,
                                                const std::vector<std::string>& texts);

// Shapes, codes and numbers; kDataLoss naming the column and what was wanted. Fills `number`.
absl::Status CheckItemAttribute(int64_t items, ItemAttribute* column);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_ITEM_ATTRIBUTES_H_
