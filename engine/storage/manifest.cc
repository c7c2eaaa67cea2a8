#include "engine/storage/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/hash.h"
#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr int64_t kSha256HexDigits = 64;

// Counted before parsing, so that depth costs nothing. Brackets inside strings do not count.
bool IsDeeperThan(std::string_view json, int limit) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limit) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

struct JsonNode::Shared {
  nlohmann::json value;
  std::string source;
  absl::Status status;  // the first failure
};

JsonNode::JsonNode(Shared* shared, const nlohmann::json* value, std::string path)
    : shared_(shared), value_(value), path_(std::move(path)) {}

void JsonNode::Refuse(std::string_view wanted) const {
  if (!shared_->status.ok() || value_ == nullptr) return;
  std::string shown = "a list";
  if (value_->is_object()) shown = "an object";
  if (value_->is_primitive()) {
    shown = value_->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  shared_->status = DataLoss(shared_->source, ": field '", Printable(path_), "' is ",
                             Printable(shown), "; ", wanted, " was wanted");
}

JsonNode JsonNode::operator[](std::string_view field) const {
  const std::string path = path_.empty() ? std::string(field) : Concat(path_, ".", field);
  if (value_ == nullptr) return {shared_, nullptr, path};
  if (!value_->is_object()) {
    Refuse("an object");
    return {shared_, nullptr, path};
  }
  const auto found = value_->find(std::string(field));
  if (found == value_->end()) {
    if (shared_->status.ok()) {
      shared_->status = DataLoss(shared_->source, ": field '", Printable(path), "' is missing");
    }
    return {shared_, nullptr, path};
  }
  return {shared_, &*found, path};
}

bool JsonNode::Has(std::string_view field) const {
  return value_ != nullptr && value_->is_object() && value_->contains(std::string(field));
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::Fields() const {
  std::vector<std::pair<std::string, JsonNode>> fields;
  if (value_ == nullptr) return fields;
  if (!value_->is_object()) {
    Refuse("an object");
    return fields;
  }
  for (const auto& [name, value] : value_->items()) fields.emplace_back(name, (*this)[name]);
  return fields;
}

std::vector<JsonNode> JsonNode::Items() const {
  std::vector<JsonNode> items;
  if (value_ == nullptr) return items;
  if (!value_->is_array()) {
    Refuse("a list");
    return items;
  }
  for (size_t i = 0; i < value_->size(); ++i) {
    items.push_back({shared_, &(*value_)[i], Concat(path_, "[", i, "]")});
  }
  return items;
}

std::string JsonNode::String() const {
  if (value_ == nullptr) return "";
  if (value_->is_string()) return value_->get_ref<const std::string&>();
  Refuse("a string");
  return "";
}

bool JsonNode::Bool() const {
  if (value_ == nullptr) return false;
  if (value_->is_boolean()) return value_->get<bool>();
  Refuse("true or false");
  return false;
}

int64_t JsonNode::Int(int64_t min, int64_t max) const {
  if (value_ == nullptr) return min;
  const bool fits =
      value_->is_number_integer() && (!value_->is_number_unsigned() ||
                                      value_->get<uint64_t>() <= static_cast<uint64_t>(INT64_MAX));
  if (fits && value_->get<int64_t>() >= min && value_->get<int64_t>() <= max) {
    return value_->get<int64_t>();
  }
  Refuse(Concat("a whole number from ", min, " to ", max));
  return min;
}

double JsonNode::Number() const {
  if (value_ == nullptr) return 0;
  if (value_->is_number()) return value_->get<double>();
  Refuse("a number");
  return 0;
}

std::string JsonNode::ObjectText() const {
  if (value_ == nullptr) return "{}";
  if (value_->is_object()) return value_->dump();
  Refuse("an object");
  return "{}";
}

JsonDocument::JsonDocument(std::unique_ptr<JsonNode::Shared> shared) : shared_(std::move(shared)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

absl::StatusOr<JsonDocument> JsonDocument::Parse(std::string_view text, const std::string& source) {
  if (IsDeeperThan(text, limits::kMaxJsonDepth)) {
    return DataLoss(source, ": nested deeper than ", limits::kMaxJsonDepth);
  }
  // The parser would take a zero byte as the end of its input.
  if (text.find('\0') != std::string_view::npos) return DataLoss(source, ": holds a zero byte");
  auto shared = std::make_unique<JsonNode::Shared>();
  shared->value = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  shared->source = source;
  if (shared->value.is_discarded()) return DataLoss(source, ": is not JSON");
  if (!shared->value.is_object()) return DataLoss(source, ": is not a JSON object");
  return JsonDocument(std::move(shared));
}

JsonNode JsonDocument::root() const { return {shared_.get(), &shared_->value, ""}; }

const absl::Status& JsonDocument::status() const { return shared_->status; }

absl::StatusOr<JsonDocument> ReadManifest(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(files, path, limits::kMaxManifestBytes));
  return JsonDocument::Parse(text, path);
}

absl::Status WriteSyncedFile(FileSystem& files, const std::string& path, std::string_view content) {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForWrite(path));
  BURGEON_RETURN_IF_ERROR(file->Append(content));
  BURGEON_RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

FileDigest DigestOf(std::string_view bytes) {
  return {static_cast<int64_t>(bytes.size()), Sha256Hex(bytes)};
}

FileDigest ReadDigest(const JsonNode& node) {
  FileDigest digest{node["bytes"].Int(0, INT64_MAX), node["sha256"].String()};
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (digest.sha256.size() != kSha256HexDigits ||
      !std::all_of(digest.sha256.begin(), digest.sha256.end(), is_hex)) {
    node["sha256"].Refuse("64 hexadecimal digits");
  }
  return digest;
}

absl::Status CheckDigest(const std::string& path, const FileDigest& actual,
                         const FileDigest& expected) {
  if (actual.bytes != expected.bytes) {
    return DataLoss(path, ": ", actual.bytes, " bytes; the manifest says ", expected.bytes);
  }
  if (actual.sha256 != expected.sha256) {
    return DataLoss(path, ": the SHA-256 is ", actual.sha256, "; the manifest says ",
                    expected.sha256);
  }
  return absl::OkStatus();
}

std::string CompactTime(TimeMicros time) {
  std::string text =
      FormatTime(time - ((time % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

}  // namespace burgeon
