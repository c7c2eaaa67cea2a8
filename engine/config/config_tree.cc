#include "engine/config/config_tree.h"

#include <yaml-cpp/yaml.h>

namespace burgeon::internal {
namespace {

constexpr int kMaxDepth = 32;
// Aliases may repeat a part many times over; this caps what they grow to.
constexpr int kMaxValues = 100'000;

class Converter {
 public:
  explicit Converter(const std::string& source_name) : source_name_(source_name) {}

  absl::Status Convert(const YAML::Node& node, int depth, ConfigValue* out) {
    const int line = node.Mark().line + 1;
    out->line = line;
    if (depth > kMaxDepth) return Bad(line, Concat("nested deeper than ", kMaxDepth, " levels"));
    if (++values_ > kMaxValues) return Bad(line, Concat("more than ", kMaxValues, " values"));
    if (node.IsScalar()) {
      out->kind = ConfigKind::kScalar;
      out->text = node.Scalar();
      if (!IsValidUtf8(out->text)) return Bad(line, "the value is not UTF-8");
    } else if (node.IsSequence()) {
      out->kind = ConfigKind::kList;
      for (const auto& item : node) {
        auto value = std::make_unique<ConfigValue>();
        BURGEON_RETURN_IF_ERROR(Convert(item, depth + 1, value.get()));
        out->items.push_back(std::move(value));
      }
    } else if (node.IsMap()) {
      return ConvertMap(node, depth, out);
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ConvertMap(const YAML::Node& node, int depth, ConfigValue* out) {
    out->kind = ConfigKind::kMap;
    for (const auto& entry : node) {
      const int line = entry.first.Mark().line + 1;
      if (!entry.first.IsScalar()) return Bad(line, "a field name must be a plain word");
      const std::string name = entry.first.Scalar();
      if (out->Find(name) != nullptr) {
        return Bad(line, Concat("field '", Printable(name), "' is there twice"));
      }
      auto value = std::make_unique<ConfigValue>();
      BURGEON_RETURN_IF_ERROR(Convert(entry.second, depth + 1, value.get()));
      out->fields.emplace_back(name, std::move(value));
    }
    return absl::OkStatus();
  }

  absl::Status Bad(int line, std::string_view problem) const {
    return InvalidArgument(source_name_, ":", line, ": ", problem);
  }

  const std::string& source_name_;
  int values_ = 0;
};

}  // namespace

const ConfigValue* ConfigValue::Find(std::string_view name) const {
  for (const auto& [field, value] : fields) {
    if (field == name) return value.get();
  }
  return nullptr;
}

absl::Status ParseYaml(std::string_view yaml, const std::string& source_name, ConfigValue* root) {
  YAML::Node node;
  try {
    node = YAML::Load(std::string(yaml));
  } catch (const YAML::Exception& e) {
    return InvalidArgument(source_name, ":", e.mark.line + 1, ": not YAML: ", e.msg);
  }
  return Converter(source_name).Convert(node, 0, root);
}

}  // namespace burgeon::internal
