#include "engine/table/json_plan.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

using Part = JsonPlan::Part;

// From so many on a map is faster than looking at each.
constexpr size_t kManyChildren = 16;

// "event_params{page}" is the array event_params and the key page.
struct ParsedPath {
  std::string path;
  std::string key;
  bool key_value = false;
};

absl::StatusOr<ParsedPath> ParsePath(const std::string& text) {
  ParsedPath out;
  const size_t brace = text.find('{');
  if (text.ends_with('}') && brace != std::string::npos && brace > 0) {
    out.path = text.substr(0, brace);
    out.key = text.substr(brace + 1, text.size() - brace - 2);
    out.key_value = true;
  } else {
    out.path = text;
  }
  if (out.path.empty() || (out.key_value && out.key.empty())) {
    return InvalidArgument("the JSON path '", Printable(text),
                           "' is none; one such as user.id or event_params{page} is wanted");
  }
  return out;
}

bool IsUnder(std::string_view path, std::string_view parent) {
  return path.starts_with(parent) && (path.size() == parent.size() || path[parent.size()] == '.');
}

class Planner {
 public:
  Planner(std::string explode, JsonPlan* plan) : explode_(std::move(explode)), plan_(*plan) {
    plan_.nodes.emplace_back();
    node_paths_.emplace_back();
    plan_.explodes = !explode_.empty();
    if (plan_.explodes) plan_.nodes[static_cast<size_t>(NodeAt(explode_))].explode = true;
  }

  absl::StatusOr<int> SlotAt(const std::string& text) {
    for (size_t i = 0; i < plan_.slots.size(); ++i) {
      if (plan_.slots[i].path == text) return static_cast<int>(i);
    }
    BURGEON_ASSIGN_OR_RETURN(const ParsedPath path, ParsePath(text));
    if (path.key_value && path.path == explode_) {
      return InvalidArgument("the JSON path '", Printable(text),
                             "' looks into the array that `explode` takes apart: one of the two");
    }
    const int slot = static_cast<int>(plan_.slots.size());
    plan_.slots.push_back({text, plan_.explodes && IsUnder(path.path, explode_)});
    const auto node = static_cast<size_t>(NodeAt(path.path));
    if (path.key_value) {
      plan_.nodes[node].key_values.emplace_back(path.key, slot);
    } else {
      plan_.nodes[node].slot = slot;
    }
    return slot;
  }

  absl::Status AddColumn(const std::string& name) {
    plan_.names.push_back(name);
    BURGEON_ASSIGN_OR_RETURN(plan_.columns.emplace_back(), ColumnAt(name));
    return absl::OkStatus();
  }

  absl::Status AddExtra(const ExtraRows& extra) {
    JsonPlan::Extra out;
    out.row = extra.row;
    out.each = !extra.each.empty();
    if (out.each) {
      if (plan_.explodes && IsUnder(extra.each, explode_)) {
        return InvalidArgument("rows '", Printable(extra.row), "': '", Printable(extra.each),
                               "' is within the array that `explode` takes apart");
      }
      JsonPlan::Node& node = plan_.nodes[static_cast<size_t>(NodeAt(extra.each))];
      if (node.each >= 0) {
        return InvalidArgument("rows '", Printable(extra.row), "': the fields of '",
                               Printable(extra.each), "' already are the rows '",
                               Printable(plan_.extras[static_cast<size_t>(node.each)].row), "'");
      }
      node.each = static_cast<int>(plan_.extras.size());
    }
    if (!extra.value.empty()) {
      BURGEON_ASSIGN_OR_RETURN(out.value, OwnColumn(extra.row, extra.value));
    }
    for (const std::string& path : extra.present) {
      BURGEON_ASSIGN_OR_RETURN(out.present.emplace_back(), OwnColumn(extra.row, path));
    }
    for (const auto& [path, texts] : extra.where) {
      BURGEON_ASSIGN_OR_RETURN(JsonPlan::Column column, OwnColumn(extra.row, path));
      out.where.emplace_back(std::move(column), texts);
    }
    plan_.extras.push_back(std::move(out));
    return absl::OkStatus();
  }

  // Each node knows the keys that lead from it to any other below it, those with dots among them:
  // below "a" the keys "b", "b.c" and, from there, "c".
  void LinkNodes() {
    for (size_t below = 1; below < node_paths_.size(); ++below) {
      for (size_t above = 0; above < node_paths_.size(); ++above) {
        const std::string& prefix = node_paths_[above];
        const std::string& path = node_paths_[below];
        if (above == below || (above > 0 && !path.starts_with(prefix + "."))) continue;
        const size_t skip = above == 0 ? 0 : prefix.size() + 1;
        plan_.nodes[above].children.emplace_back(path.substr(skip), static_cast<int>(below));
      }
    }
    for (JsonPlan::Node& node : plan_.nodes) {
      if (node.children.size() <= kManyChildren) continue;
      node.index.insert(node.children.begin(), node.children.end());
    }
  }

 private:
  absl::StatusOr<JsonPlan::Column> ColumnAt(const std::string& name) {
    JsonPlan::Column column;
    for (size_t begin = 0; begin <= name.size();) {
      const size_t end = std::min(name.find('|', begin), name.size());
      BURGEON_ASSIGN_OR_RETURN(column.emplace_back(), PartAt(name.substr(begin, end - begin)));
      begin = end + 1;
    }
    return column;
  }

  absl::StatusOr<Part> PartAt(const std::string& name) {
    using Kind = Part::Kind;
    static constexpr std::string_view kValueOf = "#value:";
    static constexpr std::pair<std::string_view, Kind> kOwn[] = {{"#element", Kind::kElement},
                                                                 {"#row", Kind::kRow},
                                                                 {"#name", Kind::kName},
                                                                 {"#value", Kind::kValue}};
    for (const auto& [own, kind] : kOwn) {
      if (name == own) return Part{.kind = kind};
    }
    if (name.starts_with(kValueOf)) {
      return Part{.kind = Kind::kValue, .row = name.substr(kValueOf.size())};
    }
    const bool numbered = name.size() > 1 && name.ends_with('#');
    BURGEON_ASSIGN_OR_RETURN(const int slot,
                             SlotAt(numbered ? name.substr(0, name.size() - 1) : name));
    return Part{.kind = numbered ? Kind::kNumbered : Kind::kSlot, .slot = slot};
  }

  // A column of the whole object, whatever row it gives.
  absl::StatusOr<JsonPlan::Column> OwnColumn(const std::string& row, const std::string& path) {
    BURGEON_ASSIGN_OR_RETURN(JsonPlan::Column column, ColumnAt(path));
    for (const Part& part : column) {
      if (part.kind == Part::Kind::kSlot &&
          !plan_.slots[static_cast<size_t>(part.slot)].of_element) {
        continue;
      }
      return InvalidArgument("rows '", Printable(row), "': '", Printable(path),
                             "' is within the array that `explode` takes apart, or no path");
    }
    return column;
  }

  // The node of a path; those on the way are made too.
  int NodeAt(const std::string& path) {
    for (size_t end = path.find('.'); end != std::string::npos; end = path.find('.', end + 1)) {
      if (end > 0) Own(path.substr(0, end));
    }
    return Own(path);
  }
  int Own(const std::string& path) {
    const auto found = std::find(node_paths_.begin() + 1, node_paths_.end(), path);
    if (found != node_paths_.end()) return static_cast<int>(found - node_paths_.begin());
    node_paths_.push_back(path);
    plan_.nodes.emplace_back();
    return static_cast<int>(plan_.nodes.size()) - 1;
  }

  const std::string explode_;
  JsonPlan& plan_;
  std::vector<std::string> node_paths_;
};

}  // namespace

int JsonPlan::ChildOf(const Node& node, std::string_view key) const {
  if (!node.index.empty()) {
    const auto found = node.index.find(key);
    return found == node.index.end() ? -1 : found->second;
  }
  for (const auto& [name, child] : node.children) {
    if (name == key) return child;
  }
  return -1;
}

absl::StatusOr<JsonPlan> JsonPlan::Make(const std::vector<std::string>& columns,
                                        const std::string& explode,
                                        const std::vector<ExtraRows>& extra_rows) {
  JsonPlan plan;
  if (static_cast<int64_t>(columns.size()) > limits::kMaxColumns) {
    return InvalidArgument(columns.size(), " columns are wanted; at most ", limits::kMaxColumns);
  }
  Planner planner(explode, &plan);
  for (const std::string& column : columns) BURGEON_RETURN_IF_ERROR(planner.AddColumn(column));
  for (const ExtraRows& extra : extra_rows) BURGEON_RETURN_IF_ERROR(planner.AddExtra(extra));
  planner.LinkNodes();
  return plan;
}

}  // namespace burgeon
