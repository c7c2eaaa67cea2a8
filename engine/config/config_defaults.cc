// ConfigNode::AddDefaults: fields that a preset gives, under those that are written.
#include <algorithm>

#include "engine/config/config.h"
#include "engine/config/config_tree.h"

namespace burgeon {
namespace {

using internal::ConfigKind;
using internal::ConfigValue;

bool Joins(const std::vector<std::string>& joined, const std::string& path) {
  return std::find(joined.begin(), joined.end(), path) != joined.end();
}

// Fields of `value` that are written and null take a default away.
void Merge(ConfigValue&& defaults, const std::string& path, const std::vector<std::string>& joined,
           ConfigValue* value) {
  for (auto& [name, fallback] : defaults.fields) {
    const std::string below = path.empty() ? name : Concat(path, ".", name);
    const auto at = std::find_if(value->fields.begin(), value->fields.end(),
                                 [&](const auto& field) { return field.first == name; });
    if (at == value->fields.end()) {
      value->fields.emplace_back(name, std::move(fallback));
    } else if (at->second->kind == ConfigKind::kNull) {
      value->fields.erase(at);
    } else if (Joins(joined, below) && at->second->kind == fallback->kind) {
      for (auto& item : fallback->items) at->second->items.push_back(std::move(item));
      Merge(std::move(*fallback), below, joined, at->second.get());
    }
  }
}

}  // namespace

absl::Status ConfigNode::AddDefaults(std::string_view yaml, const std::string& source_name,
                                     const std::vector<std::string>& joined) const {
  ConfigValue defaults;
  BURGEON_RETURN_IF_ERROR(internal::ParseYaml(yaml, source_name, &defaults));
  if (value_ == nullptr || value_->kind != ConfigKind::kMap) return absl::OkStatus();
  // The tree is the Config's own and not const; nodes only read it otherwise.
  Merge(std::move(defaults), "", joined, const_cast<ConfigValue*>(value_));
  return absl::OkStatus();
}

}  // namespace burgeon
