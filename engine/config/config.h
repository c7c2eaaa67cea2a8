// YAML read into a tree that knows where each value stands and which values were asked for.
//
//   BURGEON_ASSIGN_OR_RETURN(Config config, Config::Load("configs/online_retail.yaml"));
//   BURGEON_RETURN_IF_ERROR(config.Set("recommender.rank=256"));        // --set
//   ConfigNode train = config.root().Child("recommender");
//   const int rank = train.GetInt("rank", 512, {1, 4096});
//   ...
//   BURGEON_RETURN_IF_ERROR(config.Finish());   // first error met, or the first unknown field
//
// Getters never fail on the spot: they remember the first error ("configs/a.yaml:12:
// recommender.rank: '5x' is not an integer from 1 to 4096") and return the default, so that a parse
// function reads as a list of fields. A field that nothing asked for is an error in Finish, with
// the names that were allowed there. Not thread-safe. Nodes point into their Config.
#ifndef BURGEON_ENGINE_CONFIG_CONFIG_H_
#define BURGEON_ENGINE_CONFIG_CONFIG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

namespace internal {
struct ConfigTree;
struct ConfigValue;
}  // namespace internal

struct IntRange {
  int64_t min = INT64_MIN;
  int64_t max = INT64_MAX;
};
struct DoubleRange {
  double min = -1e308;
  double max = 1e308;
};

class ConfigNode {
 public:
  // Whether the field is written (and not null).
  bool Has(std::string_view field) const;

  // With a default: the field may be absent. Without: absence is an error.
  std::string GetString(std::string_view field, std::string_view fallback) const;
  std::string RequireString(std::string_view field) const;
  int64_t GetInt(std::string_view field, int64_t fallback, IntRange range = {}) const;
  int64_t RequireInt(std::string_view field, IntRange range = {}) const;
  double GetDouble(std::string_view field, double fallback, DoubleRange range = {}) const;
  double RequireDouble(std::string_view field, DoubleRange range = {}) const;
  bool GetBool(std::string_view field, bool fallback) const;
  std::string GetEnum(std::string_view field, std::string_view fallback,
                      const std::vector<std::string>& allowed) const;
  std::string RequireEnum(std::string_view field, const std::vector<std::string>& allowed) const;
  // Relative to the folder of the file that names it; "" when absent.
  std::string GetPath(std::string_view field) const;
  std::vector<std::string> GetStrings(std::string_view field) const;  // a list of scalars

  // An absent child is an empty node: its getters give their defaults.
  ConfigNode Child(std::string_view field) const;
  // A list of maps; empty when absent.
  std::vector<ConfigNode> Children(std::string_view field) const;
  // The fields of a map whose names are the user's own ("columns: {a: b}"), as written, in order.
  std::vector<std::pair<std::string, std::string>> GetMap(std::string_view field) const;
  std::vector<std::pair<std::string, ConfigNode>> GetNodes(std::string_view field) const;

  // The names of a map whose names are the user's own; what stands at each is asked for through
  // Child(field), as a single value or (HoldsMap) as a map.
  std::vector<std::string> GetNames(std::string_view field) const;
  bool HoldsMap(std::string_view field) const;
  // A path that stands inside a value ("category=tree.csv"), relative as those of GetPath.
  std::string PathOf(std::string_view path) const;

  // Fields of a map that are not written become those of `yaml` (named `source_name` in errors);
  // one that is written and null stays absent. Where both have a map or a list at one of the
  // `joined` paths ("fields", "fields.type.rules"), their fields or items are put together, the
  // written ones first; elsewhere what is written stands alone. Before the fields are asked for.
  absl::Status AddDefaults(std::string_view yaml, const std::string& source_name,
                           const std::vector<std::string>& joined) const;

  // SHA-256 of what stands here, after Set and AddDefaults.
  std::string Fingerprint() const;

  // "file:line: path.of.field", for messages of the caller's own checks.
  std::string Where(std::string_view field) const;
  // Remembers an error of the caller's own about a field.
  void Fail(std::string_view field, std::string_view problem) const;

 private:
  friend class Config;
  ConfigNode(internal::ConfigTree* tree, const internal::ConfigValue* value, std::string path)
      : tree_(tree), value_(value), path_(std::move(path)) {}
  internal::ConfigTree* tree_;
  const internal::ConfigValue* value_;  // nullptr: absent
  std::string path_;
};

class Config {
 public:
  // kNotFound, kInvalidArgument (not YAML, a field twice, deeper than 32, larger than
  // limits::kMaxConfigBytes); the message names file and line.
  static absl::StatusOr<Config> Load(const std::string& path);
  static absl::StatusOr<Config> Parse(std::string_view yaml, const std::string& source_name);
  Config(Config&&) noexcept;
  Config& operator=(Config&&) noexcept;
  ~Config();

  // "a.b.c=value": value is YAML; maps on the way are made. kInvalidArgument without '='.
  absl::Status Set(std::string_view assignment);
  ConfigNode root();
  absl::Status Finish() const;
  // SHA-256 of the tree as it stands, after Set: part of the identity of what it made.
  std::string Fingerprint() const;

 private:
  explicit Config(std::unique_ptr<internal::ConfigTree> tree);
  std::unique_ptr<internal::ConfigTree> tree_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_CONFIG_CONFIG_H_
