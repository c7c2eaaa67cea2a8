// The tree behind engine/config/config.h; private to this room.
#ifndef BURGEON_ENGINE_CONFIG_CONFIG_TREE_H_
#define BURGEON_ENGINE_CONFIG_CONFIG_TREE_H_

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/status.h"

namespace burgeon::internal {

enum class ConfigKind { kNull, kScalar, kList, kMap };

struct ConfigValue {
  ConfigKind kind = ConfigKind::kNull;
  std::string text;  // of a scalar
  int line = 0;      // 1-based; 0: set on the command line
  std::vector<std::pair<std::string, std::unique_ptr<ConfigValue>>> fields;  // of a map, as written
  std::vector<std::unique_ptr<ConfigValue>> items;                           // of a list
  // Names that a getter asked for: what is left over was not known. Bookkeeping, so mutable.
  mutable std::set<std::string> asked;
  mutable bool any_name = false;  // the names are the user's own

  const ConfigValue* Find(std::string_view name) const;
};

struct ConfigTree {
  ConfigValue root;
  std::string source_name;
  std::string folder;           // paths are relative to it
  mutable std::string problem;  // the first error met
};

// kInvalidArgument with file and line: not YAML, a field twice, too deep, too many values.
absl::Status ParseYaml(std::string_view yaml, const std::string& source_name, ConfigValue* root);

}  // namespace burgeon::internal

#endif  // BURGEON_ENGINE_CONFIG_CONFIG_TREE_H_
