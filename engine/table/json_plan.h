// Which parts of a JSON object become columns, worked out once for a source. Internal to this room.
//
// A column is a path or one of the columns that no object has:
//   user.id                  the field id of the object user; a key that has a dot in it is found
//                            under the same path
//   event_params{page}       of an array of {"key": ..., "value": ...} records, the value of the
//   one
//                            whose key is "page"; where the value is an object, that of its fields
//                            string_value, int_value, float_value, double_value that is not null
//   properties.products.sku  with `explode: properties.products`, of the array's element whose row
//                            it is
//   messageId#               messageId, with what tells the rows of one object apart behind it:
//                            "m7#2" for the second element, "m7#attribute:plan" for an extra row
//   #element                 1, 2, ... in the rows of an exploded array, null elsewhere
//   #row, #name, #value      of extra rows (table.h); null in the object's own rows
//   #value:attribute         #value in the extra rows "attribute", null elsewhere
//   userId|anonymousId       the first of these that is not null
#ifndef BURGEON_ENGINE_TABLE_JSON_PLAN_H_
#define BURGEON_ENGINE_TABLE_JSON_PLAN_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/table/table.h"

namespace burgeon {

struct JsonPlan {
  // A value to take out of an object: where its columns find it. Within an exploded array there is
  // one for each element.
  struct Slot {
    std::string path;
    bool of_element = false;
  };
  // A place in the object that has a path.
  struct Node {
    std::vector<std::pair<std::string, int>> children = {};    // key, node
    std::vector<std::pair<std::string, int>> key_values = {};  // key of a record, slot
    StringMap<int> index = {};                                 // the children, where they are many
    int slot = -1;
    int each = -1;         // the extra rows that its fields give
    bool explode = false;  // an array here gives a row an element
  };
  struct Part {
    enum class Kind { kSlot, kNumbered, kElement, kRow, kName, kValue };
    Kind kind = Kind::kSlot;
    int slot = -1;
    std::string row = {};  // of kValue: the only rows it is of; "": all
  };
  using Column = std::vector<Part>;  // the first part that is not null counts
  struct Extra {
    std::string row;
    bool each = false;
    Column value = {};
    std::vector<Column> present = {};
    std::vector<std::pair<Column, std::vector<std::string>>> where = {};
  };

  std::vector<Slot> slots = {};
  std::vector<Node> nodes = {};  // the first is the object itself
  std::vector<Column> columns = {};
  std::vector<Extra> extras = {};
  std::vector<std::string> names = {};  // of the columns
  bool explodes = false;

  // The node that `key` leads to, or -1.
  int ChildOf(const Node& node, std::string_view key) const;

  // kInvalidArgument, naming the column, for a path that is none.
  static absl::StatusOr<JsonPlan> Make(const std::vector<std::string>& columns,
                                       const std::string& explode,
                                       const std::vector<ExtraRows>& extra_rows);
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_JSON_PLAN_H_
