#include "engine/config/config.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/config/config_tree.h"

namespace burgeon {

using internal::ConfigKind;
using internal::ConfigTree;
using internal::ConfigValue;

namespace {

std::string_view KindName(ConfigKind kind) {
  switch (kind) {
    case ConfigKind::kNull:
      return "empty";
    case ConfigKind::kScalar:
      return "a single value";
    case ConfigKind::kList:
      return "a list";
    case ConfigKind::kMap:
      return "a map";
  }
  return "";
}

std::string ChildPath(const std::string& path, std::string_view field) {
  return path.empty() ? std::string(field) : Concat(path, ".", field);
}

// What stands at a field, having noted that it was asked for. nullptr: absent or null.
const ConfigValue* Ask(const ConfigValue* value, std::string_view field) {
  if (value == nullptr) return nullptr;
  value->asked.insert(std::string(field));
  const ConfigValue* found = value->Find(field);
  return found != nullptr && found->kind != ConfigKind::kNull ? found : nullptr;
}

template <class T>
std::string RangeText(std::string_view noun, T min, T max, T lowest, T highest) {
  if (min == lowest && max == highest) return Concat("is not ", noun);
  if (max == highest) return Concat("is not ", noun, " of at least ", min);
  return Concat("is not ", noun, " from ", min, " to ", max);
}

absl::Status CheckUnknown(const ConfigTree& tree, const ConfigValue& value,
                          const std::string& path) {
  for (const auto& [name, child] : value.fields) {
    const std::string child_path = ChildPath(path, name);
    if (!value.any_name && value.asked.count(name) == 0) {
      return InvalidArgument(
          tree.source_name, ":", child->line, ": ", child_path, ": no such field; ",
          value.asked.empty()
              ? std::string("nothing is allowed here")
              : Concat("allowed here: ", JoinComma({value.asked.begin(), value.asked.end()})));
    }
    BURGEON_RETURN_IF_ERROR(CheckUnknown(tree, *child, child_path));
  }
  for (size_t i = 0; i < value.items.size(); ++i) {
    BURGEON_RETURN_IF_ERROR(CheckUnknown(tree, *value.items[i], Concat(path, "[", i, "]")));
  }
  return absl::OkStatus();
}

void Hash(const ConfigValue& value, Sha256* hash) {
  const auto add = [hash](std::string_view text) {
    hash->Update(Concat(text.size(), ":"));
    hash->Update(text);
  };
  hash->Update(Concat(static_cast<int>(value.kind), "("));
  add(value.text);
  std::vector<std::pair<std::string, const ConfigValue*>> fields;
  for (const auto& [name, child] : value.fields) fields.emplace_back(name, child.get());
  std::sort(fields.begin(), fields.end());
  for (const auto& [name, child] : fields) {
    add(name);
    Hash(*child, hash);
  }
  for (const auto& item : value.items) Hash(*item, hash);
  hash->Update(")");
}

}  // namespace

// ---- ConfigNode

bool ConfigNode::Has(std::string_view field) const { return Ask(value_, field) != nullptr; }

std::string ConfigNode::Where(std::string_view field) const {
  const ConfigValue* at = value_ != nullptr ? value_->Find(field) : nullptr;
  int line = 0;
  if (at != nullptr) {
    line = at->line;
  } else if (value_ != nullptr) {
    line = value_->line;
  }
  const std::string path = ChildPath(path_, field);
  return line > 0 ? Concat(tree_->source_name, ":", line, ": ", path)
                  : Concat(tree_->source_name, ": ", path);
}

void ConfigNode::Fail(std::string_view field, std::string_view problem) const {
  if (tree_->problem.empty()) tree_->problem = Concat(Where(field), ": ", problem);
}

namespace {

// The scalar at a field; an error is remembered when it is something else.
std::optional<std::string> Scalar(const ConfigNode& node, const ConfigValue* value,
                                  std::string_view field) {
  const ConfigValue* found = Ask(value, field);
  if (found == nullptr) return std::nullopt;
  if (found->kind != ConfigKind::kScalar) {
    node.Fail(field, Concat("is ", KindName(found->kind), "; a single value is wanted"));
    return std::nullopt;
  }
  return found->text;
}

constexpr std::string_view kMissing = "is missing";

}  // namespace

std::string ConfigNode::GetString(std::string_view field, std::string_view fallback) const {
  return Scalar(*this, value_, field).value_or(std::string(fallback));
}

std::string ConfigNode::RequireString(std::string_view field) const {
  const auto text = Scalar(*this, value_, field);
  if (!text || text->empty()) Fail(field, kMissing);
  return text.value_or("");
}

int64_t ConfigNode::GetInt(std::string_view field, int64_t fallback, IntRange range) const {
  const auto text = Scalar(*this, value_, field);
  if (!text) return fallback;
  const auto number = ParseInt64(*text);
  if (!number || *number < range.min || *number > range.max) {
    Fail(field,
         Concat("'", Printable(*text), "' ",
                RangeText<int64_t>("an integer", range.min, range.max, INT64_MIN, INT64_MAX)));
    return fallback;
  }
  return *number;
}

int64_t ConfigNode::RequireInt(std::string_view field, IntRange range) const {
  if (!Has(field)) Fail(field, kMissing);
  return GetInt(field, 0, range);
}

double ConfigNode::GetDouble(std::string_view field, double fallback, DoubleRange range) const {
  const auto text = Scalar(*this, value_, field);
  if (!text) return fallback;
  const auto number = ParseDouble(*text);
  if (!number || *number < range.min || *number > range.max) {
    Fail(field, Concat("'", Printable(*text), "' ",
                       RangeText<double>("a number", range.min, range.max, -1e308, 1e308)));
    return fallback;
  }
  return *number;
}

double ConfigNode::RequireDouble(std::string_view field, DoubleRange range) const {
  if (!Has(field)) Fail(field, kMissing);
  return GetDouble(field, 0, range);
}

bool ConfigNode::GetBool(std::string_view field, bool fallback) const {
  const auto text = Scalar(*this, value_, field);
  if (!text) return fallback;
  if (*text == "true") return true;
  if (*text != "false") Fail(field, Concat("'", Printable(*text), "' is neither true nor false"));
  return false;
}

std::string ConfigNode::GetEnum(std::string_view field, std::string_view fallback,
                                const std::vector<std::string>& allowed) const {
  const auto text = Scalar(*this, value_, field);
  if (!text) return std::string(fallback);
  if (std::find(allowed.begin(), allowed.end(), *text) == allowed.end()) {
    Fail(field, Concat("'", Printable(*text), "' is none of ", JoinComma(allowed)));
    return std::string(fallback);
  }
  return *text;
}

std::string ConfigNode::RequireEnum(std::string_view field,
                                    const std::vector<std::string>& allowed) const {
  if (!Has(field)) Fail(field, Concat(kMissing, "; it is one of ", JoinComma(allowed)));
  return GetEnum(field, allowed.front(), allowed);
}

std::string ConfigNode::GetPath(std::string_view field) const {
  return PathOf(GetString(field, ""));
}

std::string ConfigNode::PathOf(std::string_view path) const {
  if (path.empty() || path.front() == '/' || tree_->folder.empty()) return std::string(path);
  return Concat(tree_->folder, "/", path);
}

std::vector<std::string> ConfigNode::GetStrings(std::string_view field) const {
  std::vector<std::string> out;
  const ConfigValue* found = Ask(value_, field);
  if (found == nullptr) return out;
  if (found->kind != ConfigKind::kList) {
    Fail(field, Concat("is ", KindName(found->kind), "; a list is wanted"));
    return out;
  }
  for (const auto& item : found->items) {
    if (item->kind != ConfigKind::kScalar) {
      Fail(field, Concat("holds ", KindName(item->kind), "; single values are wanted"));
      return out;
    }
    out.push_back(item->text);
  }
  return out;
}

ConfigNode ConfigNode::Child(std::string_view field) const {
  const ConfigValue* found = Ask(value_, field);
  if (found != nullptr && found->kind != ConfigKind::kMap) {
    Fail(field, Concat("is ", KindName(found->kind), "; a map of fields is wanted"));
    found = nullptr;
  }
  return {tree_, found, ChildPath(path_, field)};
}

std::vector<ConfigNode> ConfigNode::Children(std::string_view field) const {
  std::vector<ConfigNode> out;
  const ConfigValue* found = Ask(value_, field);
  if (found == nullptr) return out;
  if (found->kind != ConfigKind::kList) {
    Fail(field, Concat("is ", KindName(found->kind), "; a list is wanted"));
    return out;
  }
  for (size_t i = 0; i < found->items.size(); ++i) {
    const ConfigValue* item = found->items[i].get();
    if (item->kind != ConfigKind::kMap) {
      Fail(field, Concat("[", i, "] is ", KindName(item->kind), "; a map of fields is wanted"));
      return out;
    }
    out.push_back(ConfigNode(tree_, item, Concat(ChildPath(path_, field), "[", i, "]")));
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> ConfigNode::GetMap(std::string_view field) const {
  std::vector<std::pair<std::string, std::string>> out;
  const ConfigNode child = Child(field);
  if (child.value_ == nullptr) return out;
  child.value_->any_name = true;
  for (const auto& entry : child.value_->fields) {
    out.emplace_back(entry.first, child.RequireString(entry.first));
  }
  return out;
}

std::vector<std::pair<std::string, ConfigNode>> ConfigNode::GetNodes(std::string_view field) const {
  std::vector<std::pair<std::string, ConfigNode>> out;
  const ConfigNode child = Child(field);
  if (child.value_ == nullptr) return out;
  child.value_->any_name = true;
  for (const auto& entry : child.value_->fields) {
    out.emplace_back(entry.first, child.Child(entry.first));
  }
  return out;
}

std::vector<std::string> ConfigNode::GetNames(std::string_view field) const {
  std::vector<std::string> out;
  const ConfigNode child = Child(field);
  if (child.value_ == nullptr) return out;
  child.value_->any_name = true;
  for (const auto& entry : child.value_->fields) out.push_back(entry.first);
  return out;
}

bool ConfigNode::HoldsMap(std::string_view field) const {
  const ConfigValue* found = Ask(value_, field);
  return found != nullptr && found->kind == ConfigKind::kMap;
}

// ---- Config

Config::Config(std::unique_ptr<ConfigTree> tree) : tree_(std::move(tree)) {}
Config::Config(Config&&) noexcept = default;
Config& Config::operator=(Config&&) noexcept = default;
Config::~Config() = default;

absl::StatusOr<Config> Config::Parse(std::string_view yaml, const std::string& source_name) {
  auto tree = std::make_unique<ConfigTree>();
  tree->source_name = source_name;
  BURGEON_RETURN_IF_ERROR(internal::ParseYaml(yaml, source_name, &tree->root));
  if (tree->root.kind == ConfigKind::kNull) {
    return InvalidArgument(source_name, ": is empty; a map of fields is wanted");
  }
  if (tree->root.kind != ConfigKind::kMap) {
    return InvalidArgument(source_name, ": is ", KindName(tree->root.kind),
                           "; a map of fields is wanted");
  }
  return Config(std::move(tree));
}

absl::StatusOr<Config> Config::Load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return NotFound("config ", path, ": cannot be opened");
  std::string yaml(static_cast<size_t>(limits::kMaxConfigBytes) + 1, '\0');
  in.read(yaml.data(), static_cast<std::streamsize>(yaml.size()));
  if (in.bad()) return Unavailable("config ", path, ": cannot be read");
  yaml.resize(static_cast<size_t>(in.gcount()));
  if (static_cast<int64_t>(yaml.size()) > limits::kMaxConfigBytes) {
    return InvalidArgument("config ", path, ": larger than ", limits::kMaxConfigBytes, " bytes");
  }
  auto config = Parse(yaml, path);
  if (!config.ok()) return config.status();
  const size_t slash = path.rfind('/');
  config->tree_->folder = slash == std::string::npos ? "" : path.substr(0, slash);
  return config;
}

absl::Status Config::Set(std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return InvalidArgument("--set: '", Printable(assignment), "' is not of the form a.b=value");
  }
  ConfigValue value;
  BURGEON_RETURN_IF_ERROR(internal::ParseYaml(assignment.substr(equals + 1),
                                              Concat("--set ", Printable(assignment)), &value));
  std::string_view path = assignment.substr(0, equals);
  ConfigValue* at = &tree_->root;
  for (;;) {
    const size_t dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    if (name.empty()) {
      return InvalidArgument("--set: '", Printable(assignment), "' has an empty field name");
    }
    if (at->kind == ConfigKind::kNull) at->kind = ConfigKind::kMap;
    if (at->kind != ConfigKind::kMap) {
      return InvalidArgument("--set: '", Printable(assignment), "': the value above '", name,
                             "' is ", KindName(at->kind), ", not a map of fields");
    }
    ConfigValue* next = nullptr;
    for (auto& [field, child] : at->fields) {
      if (field == name) next = child.get();
    }
    if (next == nullptr) {
      at->fields.emplace_back(std::string(name), std::make_unique<ConfigValue>());
      next = at->fields.back().second.get();
    }
    at = next;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  value.line = 0;
  *at = std::move(value);
  return absl::OkStatus();
}

ConfigNode Config::root() { return {tree_.get(), &tree_->root, ""}; }

absl::Status Config::Finish() const {
  if (!tree_->problem.empty()) return InvalidArgument(tree_->problem);
  return CheckUnknown(*tree_, tree_->root, "");
}

std::string ConfigNode::Fingerprint() const {
  Sha256 hash;
  if (value_ != nullptr) Hash(*value_, &hash);
  return ToHex(hash.Finish());
}

std::string Config::Fingerprint() const {
  Sha256 hash;
  Hash(tree_->root, &hash);
  return ToHex(hash.Finish());
}

}  // namespace burgeon
