#include "engine/erasure/file_scan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/storage/tensor_file.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;
using Counts = std::map<std::string, int64_t>;

constexpr int64_t kMaxTextBytes = int64_t{4} << 30;

constexpr auto kRaw = PersonForms::Text::kRaw;

bool ValueNames(const std::string& key, const Json& value, const PersonForms& forms) {
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    if (text.starts_with('{') && JsonNamesAPerson(text, forms)) return true;
    // A row of a quarantine that could not be taken apart, and the value that was refused.
    if (key == "raw" || key == "value") return forms.IsIn(text, kRaw);
    return forms.Names(key, text);
  }
  if (value.is_number_integer()) {
    const bool id = key == "customer_id" || key == "user_id" || key == "customer";
    return id && forms.Holds(value.dump());
  }
  if (value.is_array()) {
    return std::any_of(value.begin(), value.end(),
                       [&](const Json& each) { return ValueNames(key, each, forms); });
  }
  if (!value.is_object()) return false;
  for (const auto& [name, inner] : value.items()) {
    if (forms.IsNamedBy("key", name)) return true;
    if (ValueNames(name, inner, forms)) return true;
  }
  return false;
}

absl::Status ScanTable(FileSystem& files, const std::string& path, const PersonForms& forms,
                       Counts* counts) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, ReadOptions{}));
  std::vector<std::string> names = reader->column_names();
  for (std::string& name : names) {
    // Attributes of items (docs/formats.md): the ids are theirs.
    if (name == "id" && path.find("-items.") != std::string::npos) name = "item_id";
    if (forms.Holds(name)) ++(*counts)["the name of a column"];
  }
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return absl::OkStatus();
    for (size_t c = 0; c < names.size(); ++c) {
      const TextColumn& column = batch->columns[c];
      for (int64_t i = 0; i < column.size(); ++i) {
        const std::string_view value = column.value(i);
        const bool named =
            value.starts_with('{') ? JsonNamesAPerson(value, forms) : forms.Names(names[c], value);
        if (named) ++(*counts)[Concat("column ", names[c])];
      }
    }
    for (const BadRow& bad : batch->bad_rows) {
      if (forms.IsIn(bad.raw, kRaw)) ++(*counts)[Concat("line ", bad.line)];
    }
  }
}

absl::Status ScanTensors(FileSystem& files, const std::string& path, const PersonForms& forms,
                         Counts* counts) {
  constexpr std::string_view kOffsets = ".offsets";
  BURGEON_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(files, path));
  for (const auto& [tensor, ignored] : file.tensors()) {
    if (!tensor.ends_with(kOffsets)) continue;
    const std::string name = tensor.substr(0, tensor.size() - kOffsets.size());
    if (!file.Has(name + ".bytes") || !MayNameAPerson(name)) continue;
    BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> values, file.GetStrings(name));
    for (const std::string& value : values) {
      if (forms.Holds(value)) ++(*counts)[Concat("tensor ", name)];
    }
  }
  return absl::OkStatus();
}

bool EndsWithAny(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

absl::Status ScanText(FileSystem& files, const std::string& path, const PersonForms& forms,
                      Counts* counts) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(files, path, kMaxTextBytes));
  if (path.ends_with(".json")) {
    if (JsonNamesAPerson(text, forms)) ++(*counts)["its content"];
    return absl::OkStatus();
  }
  const bool json_lines = EndsWithAny(path, {".jsonl", ".ndjson"});
  std::string_view rest = text;
  for (int64_t line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view one = rest.substr(0, end);
    if (json_lines ? JsonNamesAPerson(one, forms) : forms.IsIn(one, kRaw)) {
      ++(*counts)[Concat("line ", line)];
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return absl::OkStatus();
}

absl::Status ScanContent(FileSystem& files, const std::string& path, const PersonForms& forms,
                         Counts* counts) {
  absl::Status status = absl::UnknownError("");
  if (EndsWithAny(path, {".parquet", ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".jsonl.gz"})) {
    status = ScanTable(files, path, forms, counts);
  } else if (EndsWithAny(path, {".safetensors", ".index"})) {
    status = ScanTensors(files, path, forms, counts);
  }
  // An empty or damaged file, or another one than its name says: its bytes are all there is.
  const bool readable = status.ok() || absl::IsUnavailable(status);
  return readable ? status : ScanText(files, path, forms, counts);
}

absl::Status ListInto(FileSystem& files, const std::string& folder, const std::string& prefix,
                      std::vector<std::string>* out) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List(folder));
  for (const std::string& name : names) {
    const std::string path = JoinPath(folder, name);
    const std::string relative = prefix.empty() ? name : JoinPath(prefix, name);
    if (files.List(path).ok()) {
      BURGEON_RETURN_IF_ERROR(ListInto(files, path, relative, out));
    } else {
      out->push_back(relative);
    }
  }
  return absl::OkStatus();
}

}  // namespace

bool JsonNamesAPerson(std::string_view text, const PersonForms& forms) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || json.is_primitive()) return forms.IsIn(text, kRaw);
  return ValueNames("", json, forms);
}

absl::StatusOr<std::vector<std::string>> ListTree(FileSystem& files, const std::string& folder) {
  std::vector<std::string> out;
  if (!files.Exists(folder)) return out;
  BURGEON_RETURN_IF_ERROR(ListInto(files, folder, "", &out));
  std::sort(out.begin(), out.end());
  return out;
}

absl::StatusOr<std::vector<ScanFinding>> ScanFile(FileSystem& files, const std::string& folder,
                                                  const std::string& relative,
                                                  const PersonForms& forms) {
  Counts counts;
  if (forms.IsIn(relative, kRaw)) ++counts["its name"];
  BURGEON_RETURN_IF_ERROR(ScanContent(files, JoinPath(folder, relative), forms, &counts));
  std::vector<ScanFinding> found;
  for (const auto& [where, count] : counts) found.push_back({relative, where, count});
  return found;
}

absl::StatusOr<std::vector<ScanFinding>> ScanTree(FileSystem& files, const std::string& folder,
                                                  const PersonForms& forms) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> paths, ListTree(files, folder));
  std::vector<ScanFinding> all;
  for (const std::string& path : paths) {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<ScanFinding> found,
                             ScanFile(files, folder, path, forms));
    all.insert(all.end(), found.begin(), found.end());
  }
  return all;
}

}  // namespace burgeon
