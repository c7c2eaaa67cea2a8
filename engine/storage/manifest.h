// JSON manifests: read with every field checked, written synced; and the digests they hold.
//
//   BURGEON_ASSIGN_OR_RETURN(JsonDocument document, ReadManifest(files, path));
//   const JsonNode root = document.root();
//   manifest.kind = root["kind"].String();
//   manifest.rows = root["shape"]["rows"].Int(0, limits::kMaxItems);
//   BURGEON_RETURN_IF_ERROR(document.status());   // the first field that was not as wanted
//
// A node that is missing or of another type records an error in its document and gives an empty
// value, so that reading code is a list of fields. Not thread-safe.
#ifndef BURGEON_ENGINE_STORAGE_MANIFEST_H_
#define BURGEON_ENGINE_STORAGE_MANIFEST_H_

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

// A value inside a JsonDocument, which must outlive it.
class JsonNode {
 public:
  JsonNode operator[](std::string_view field) const;  // of an object
  bool Has(std::string_view field) const;
  std::vector<std::pair<std::string, JsonNode>> Fields() const;  // of an object, by name
  std::vector<JsonNode> Items() const;                           // of a list

  std::string String() const;
  bool Bool() const;
  int64_t Int(int64_t min, int64_t max) const;
  double Number() const;
  std::string ObjectText() const;  // an object, as JSON

  // Records that this value is not what it should be.
  void Refuse(std::string_view wanted) const;

 private:
  friend class JsonDocument;
  struct Shared;
  JsonNode(Shared* shared, const nlohmann::json* value, std::string path);

  Shared* shared_;
  const nlohmann::json* value_;  // nullptr: missing, and recorded
  std::string path_;             // "files.tensors.bytes", for messages
};

class JsonDocument {
 public:
  // kDataLoss when `text` is not a JSON object, or nested deeper than limits::kMaxJsonDepth.
  // `source` (a path) starts every message.
  static absl::StatusOr<JsonDocument> Parse(std::string_view text, const std::string& source);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonNode root() const;
  const absl::Status& status() const;

 private:
  explicit JsonDocument(std::unique_ptr<JsonNode::Shared> shared);
  std::unique_ptr<JsonNode::Shared> shared_;
};

// kNotFound when the file is not there.
absl::StatusOr<JsonDocument> ReadManifest(FileSystem& files, const std::string& path);

// The whole content, synced; not atomic (write into a folder that is renamed afterwards).
absl::Status WriteSyncedFile(FileSystem& files, const std::string& path, std::string_view content);

FileDigest DigestOf(std::string_view bytes);
// {"bytes": ..., "sha256": "..."} of a manifest.
FileDigest ReadDigest(const JsonNode& node);
// kDataLoss naming the file, with both sizes or both hashes, when they are not the same.
absl::Status CheckDigest(const std::string& path, const FileDigest& actual,
                         const FileDigest& expected);

// "20261122T154500Z": the time in the ids of candidates and releases. Sorts by time.
std::string CompactTime(TimeMicros time);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_STORAGE_MANIFEST_H_
