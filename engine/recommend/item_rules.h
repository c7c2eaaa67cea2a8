// Rules about what lists may hold, as a person states them, and as ranking applies them.
//
//   ItemRules rules;
//   rules.stock = StockRule::kInStock;
//   rules.exclude = {{"category", {"gift cards"}}};
//   rules.where = {"price between 5 and 20"};
//   rules.max_per = {{"brand", 2}};
//   BURGEON_ASSIGN_OR_RETURN(const CompiledRules compiled, CompileRules(rules, attributes, items));
//   options.allowed_items = compiled.allowed;      // a mask inside top-k: k results come back
//   options.caps = compiled.caps;
//
// An item passes a rule about an attribute it has no value of only when the rule excludes: unknown
// is not in a range, not in stock, not one of a list, and makes `where` null, which does not pass.
// A value `a > b` of a tree of categories belongs to `a`, too. Caps do not count items without a
// value. Plain data; thread-safe to read.
#ifndef BURGEON_ENGINE_RECOMMEND_ITEM_RULES_H_
#define BURGEON_ENGINE_RECOMMEND_ITEM_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/dataset/item_attributes.h"
#include "engine/dataset/vocabulary.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

inline constexpr size_t kMaxRuleItems = 10'000;  // pinned, and blocked
inline constexpr size_t kMaxRuleValues = 10'000;
inline constexpr size_t kMaxRules = 64;  // of each kind

struct AttributeValues {
  std::string attribute = {};
  std::vector<std::string> values = {};
};
struct AttributeRange {
  std::string attribute = {};  // a number
  std::optional<double> min = {};
  std::optional<double> max = {};
};
struct AttributeCap {
  std::string attribute = {};
  int max = 1;  // items of one value on one list, 1 at least
};
enum class StockRule { kAny, kInStock };  // in stock: the attribute `stock` is above 0

struct ItemRules {
  std::vector<std::string> pinned =
      {};  // item ids that come first, in this order, if they may be shown
  std::vector<std::string> blocked = {};  // item ids never shown
  StockRule stock = StockRule::kAny;
  std::vector<AttributeRange> ranges = {};
  std::vector<AttributeValues> include = {};  // of each attribute one of the values
  std::vector<AttributeValues> exclude = {};  // of each attribute none
  std::vector<std::string> where = {};  // conditions of engine/expression over the attributes and
                                        // item_id; all must be true
  std::vector<AttributeCap> max_per = {};
};

// `first` and then `second`: every rule of both holds, the pinned items of the first come first.
ItemRules JoinRules(const ItemRules& first, const ItemRules& second);

// The section `recommend.rules` of a job: in_stock, price {min, max}, ranges, include, exclude,
// where, max_per, pinned, blocked.
ItemRules ParseItemRules(const ConfigNode& node);

struct CompiledRules {
  std::vector<uint64_t> allowed = {};            // as TopKInput::allowed; empty: all
  std::vector<GroupCap> caps = {};               // views into the attributes
  std::vector<uint32_t> pinned = {};             // rows of those there are, each once, in order
  std::vector<std::string> unknown_pinned = {};  // ids the release does not have
  std::vector<std::string> unknown_blocked = {};
};

// kInvalidArgument naming the rule and the attribute (and those there are), for one that the items
// do not have or that is of another type, a range that holds nothing, a cap below 1, an expression
// that does not compile, more than the limits above.
absl::StatusOr<CompiledRules> CompileRules(const ItemRules& rules, const ItemAttributes& attributes,
                                           const Vocabulary& items);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_ITEM_RULES_H_
