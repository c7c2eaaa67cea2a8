// Snapshots on disk, and their identity.
#include <algorithm>
#include <array>
#include <concepts>
#include <span>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/dataset/snapshot.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;

constexpr char kFormat[] = "burgeon snapshot";
constexpr int kVersion = 2;
constexpr char kTensorsName[] = "snapshot.safetensors";
constexpr char kManifestName[] = "manifest.json";
constexpr char kAliases[] = "customers.alias";
constexpr char kAliasRows[] = "customers.alias_row";

// Every array goes in with its length, so that no two contents feed the same bytes.
class ContentHash {
 public:
  void Number(int64_t value) { sha_.Update(&value, sizeof(value)); }
  template <class T>
  void Array(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    Number(static_cast<int64_t>(values.size()));
    sha_.Update(values.data(), values.size() * sizeof(T));
  }
  void Strings(const std::vector<std::string>& values) {
    Number(static_cast<int64_t>(values.size()));
    for (const std::string& value : values) {
      Number(static_cast<int64_t>(value.size()));
      sha_.Update(value);
    }
  }
  void Aliases(const std::vector<Alias>& aliases) {
    Number(-1);  // no length of what comes otherwise
    Number(static_cast<int64_t>(aliases.size()));
    for (const Alias& alias : aliases) {
      Number(static_cast<int64_t>(alias.id.size()));
      sha_.Update(alias.id);
      Number(alias.row);
    }
  }
  void Csr(const CsrMatrix& matrix) {
    Number(matrix.cols);
    Array(matrix.offsets);
    Array(matrix.columns);
    Array(matrix.values);
  }
  std::string Finish() { return ToHex(sha_.Finish()); }

 private:
  Sha256 sha_;
};

template <class To, class From>
std::vector<uint8_t> ToBytes(const std::vector<From>& values, To to) {
  std::vector<uint8_t> bytes;
  bytes.reserve(values.size());
  for (const From& value : values) bytes.push_back(to(value));
  return bytes;
}

absl::Status CheckSize(std::string_view what, size_t found, int64_t wanted) {
  if (static_cast<int64_t>(found) == wanted) return absl::OkStatus();
  return DataLoss(what, ": ", found, " entries; wanted ", wanted);
}

void AddAliases(const Vocabulary& customers, TensorFile* file) {
  if (customers.aliases().empty()) return;
  std::vector<std::string> ids;
  std::vector<uint32_t> rows;
  for (const Alias& alias : customers.aliases()) {
    ids.push_back(alias.id);
    rows.push_back(alias.row);
  }
  file->AddStrings(kAliases, ids);
  file->Add(kAliasRows, std::span<const uint32_t>(rows));
}

absl::Status ReadAliases(const TensorFile& file, Vocabulary* customers) {
  if (!file.Has(kAliasRows)) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> ids, file.GetStrings(kAliases));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint32_t> rows, file.GetUint32s(kAliasRows));
  BURGEON_RETURN_IF_ERROR(CheckSize(kAliasRows, rows.size(), std::ssize(ids)));
  std::vector<Alias> aliases;
  for (size_t i = 0; i < ids.size(); ++i) aliases.push_back({std::move(ids[i]), rows[i]});
  const absl::Status set = customers->SetAliases(std::move(aliases));
  return set.ok() ? set : DataLoss(kAliases, ": ", MessageOf(set));
}

TensorFile ToTensors(const Snapshot& snapshot) {
  TensorFile file;
  const std::array<int64_t, 1> as_of = {snapshot.as_of};
  file.Add("as_of", std::span<const int64_t>(as_of));
  file.AddStrings("customers", snapshot.customers.ids());
  AddAliases(snapshot.customers, &file);
  file.AddStrings("items", snapshot.items.ids());
  file.AddStrings("item_label", snapshot.item_label);
  const auto consent = ToBytes(snapshot.consent, [](ConsentBits bits) { return bits.bits; });
  file.Add("consent", std::span<const uint8_t>(consent));
  std::vector<int64_t> said;
  for (const ConsentTimes& times : snapshot.consent_said) {
    said.insert(said.end(), times.begin(), times.end());
  }
  file.Add("consent_said", std::span<const int64_t>(said));
  file.AddCsr("interactions", snapshot.interactions.view());
  file.AddCsr("seen", snapshot.seen.view());
  const SnapshotEvents& events = snapshot.events;
  const auto type =
      ToBytes(events.type, [](EventType value) { return static_cast<uint8_t>(value); });
  file.Add("events.offsets", std::span<const int64_t>(events.offsets));
  file.Add("events.item", std::span<const uint32_t>(events.item));
  file.Add("events.type", std::span<const uint8_t>(type));
  file.Add("events.time", std::span<const int64_t>(events.time));
  file.Add("events.quantity", std::span<const float>(events.quantity));
  file.Add("events.value_micros", std::span<const int64_t>(events.value_micros));
  file.Add("events.order", std::span<const uint32_t>(events.order));
  return file;
}

absl::Status CheckCsr(std::string_view what, const CsrMatrix& matrix, const Snapshot& snapshot) {
  if (matrix.rows() == snapshot.customers.size() && matrix.cols == snapshot.items.size()) {
    return absl::OkStatus();
  }
  return DataLoss(what, ": ", matrix.rows(), " x ", matrix.cols, "; wanted ",
                  snapshot.customers.size(), " x ", snapshot.items.size());
}

absl::Status CheckEvents(const Snapshot& snapshot) {
  const SnapshotEvents& events = snapshot.events;
  BURGEON_RETURN_IF_ERROR(
      CheckSize("events.offsets", events.offsets.size(), snapshot.customers.size() + 1));
  if (events.offsets.front() != 0 ||
      !std::is_sorted(events.offsets.begin(), events.offsets.end())) {
    return DataLoss("events.offsets: do not ascend from 0");
  }
  const int64_t n = events.offsets.back();
  BURGEON_RETURN_IF_ERROR(CheckSize("events.item", events.item.size(), n));
  BURGEON_RETURN_IF_ERROR(CheckSize("events.type", events.type.size(), n));
  BURGEON_RETURN_IF_ERROR(CheckSize("events.time", events.time.size(), n));
  BURGEON_RETURN_IF_ERROR(CheckSize("events.quantity", events.quantity.size(), n));
  BURGEON_RETURN_IF_ERROR(CheckSize("events.value_micros", events.value_micros.size(), n));
  BURGEON_RETURN_IF_ERROR(CheckSize("events.order", events.order.size(), n));
  for (size_t k = 0; k < events.item.size(); ++k) {
    if (events.item[k] != kNoItemRow && events.item[k] >= snapshot.items.size()) {
      return DataLoss("events.item: row ", events.item[k], " of event ", k, "; there are ",
                      snapshot.items.size(), " items");
    }
    if (static_cast<int>(events.type[k]) >= kEventTypes) {
      return DataLoss("events.type: ", static_cast<int>(events.type[k]), " of event ", k,
                      "; wanted below ", kEventTypes);
    }
  }
  return absl::OkStatus();
}

absl::Status ReadVocabulary(const TensorFile& file, const std::string& name, Vocabulary* out) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> ids, file.GetStrings(name));
  auto vocabulary = Vocabulary::FromIds(std::move(ids));
  if (!vocabulary.ok()) return DataLoss(name, ": ", MessageOf(vocabulary.status()));
  *out = *std::move(vocabulary);
  return absl::OkStatus();
}

absl::Status ReadEvents(const TensorFile& file, SnapshotEvents* events) {
  BURGEON_ASSIGN_OR_RETURN(events->offsets, file.GetInt64s("events.offsets"));
  BURGEON_ASSIGN_OR_RETURN(events->item, file.GetUint32s("events.item"));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint8_t> type, file.GetBytes("events.type"));
  for (const uint8_t value : type) events->type.push_back(static_cast<EventType>(value));
  BURGEON_ASSIGN_OR_RETURN(events->time, file.GetInt64s("events.time"));
  BURGEON_ASSIGN_OR_RETURN(events->quantity, file.GetFloats("events.quantity"));
  BURGEON_ASSIGN_OR_RETURN(events->value_micros, file.GetInt64s("events.value_micros"));
  BURGEON_ASSIGN_OR_RETURN(events->order, file.GetUint32s("events.order"));
  return absl::OkStatus();
}

absl::StatusOr<Snapshot> FromTensors(const TensorFile& file) {
  Snapshot snapshot;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> as_of, file.GetInt64s("as_of"));
  BURGEON_RETURN_IF_ERROR(CheckSize("as_of", as_of.size(), 1));
  snapshot.as_of = as_of[0];
  BURGEON_RETURN_IF_ERROR(ReadVocabulary(file, "customers", &snapshot.customers));
  BURGEON_RETURN_IF_ERROR(ReadAliases(file, &snapshot.customers));
  BURGEON_RETURN_IF_ERROR(ReadVocabulary(file, "items", &snapshot.items));
  BURGEON_ASSIGN_OR_RETURN(snapshot.item_label, file.GetStrings("item_label"));
  BURGEON_RETURN_IF_ERROR(
      CheckSize("item_label", snapshot.item_label.size(), snapshot.items.size()));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint8_t> consent, file.GetBytes("consent"));
  BURGEON_RETURN_IF_ERROR(CheckSize("consent", consent.size(), snapshot.customers.size()));
  for (const uint8_t bits : consent) snapshot.consent.push_back(ConsentBits{bits});
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> said, file.GetInt64s("consent_said"));
  BURGEON_RETURN_IF_ERROR(
      CheckSize("consent_said", said.size(), kPurposes * snapshot.customers.size()));
  snapshot.consent_said.resize(consent.size());
  for (size_t i = 0; i < said.size(); ++i) {
    snapshot.consent_said[i / kPurposes][i % kPurposes] = said[i];
  }
  BURGEON_ASSIGN_OR_RETURN(snapshot.interactions, file.GetCsr("interactions"));
  BURGEON_RETURN_IF_ERROR(CheckCsr("interactions", snapshot.interactions, snapshot));
  BURGEON_ASSIGN_OR_RETURN(snapshot.seen, file.GetCsr("seen"));
  BURGEON_RETURN_IF_ERROR(CheckCsr("seen", snapshot.seen, snapshot));
  BURGEON_RETURN_IF_ERROR(ReadEvents(file, &snapshot.events));
  BURGEON_RETURN_IF_ERROR(CheckEvents(snapshot));
  snapshot.id = SnapshotId(snapshot);
  return snapshot;
}

std::string ManifestText(const Snapshot& snapshot, const std::string& tensors) {
  Json manifest;
  manifest["format"] = kFormat;
  manifest["version"] = kVersion;
  manifest["id"] = snapshot.id;
  manifest["as_of_micros"] = snapshot.as_of;
  manifest["as_of"] = FormatTime(snapshot.as_of);
  manifest["store_version"] = snapshot.store_version;
  manifest["last_ingest"] = snapshot.last_ingest;
  manifest["replaces"] = snapshot.replaces;
  manifest["customers"] = snapshot.customers.size();
  manifest["items"] = snapshot.items.size();
  manifest["interactions"] = snapshot.interactions.columns.size();
  manifest["events"] = snapshot.events.time.size();
  manifest["file"] = {
      {"name", kTensorsName}, {"bytes", tensors.size()}, {"sha256", Sha256Hex(tensors)}};
  return manifest.dump(2) + "\n";
}

struct ManifestFields {
  std::string id;
  int64_t store_version = 0;
  int64_t last_ingest = 0;
  std::string replaces;
  std::string sha256;
  int64_t bytes = 0;
};

absl::StatusOr<ManifestFields> ParseManifest(const std::string& text, const std::string& path) {
  const Json manifest = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return DataLoss(path, ": is not a JSON object");
  if (!manifest.contains("format") || manifest["format"] != kFormat) {
    return DataLoss(path, ": format is not '", kFormat, "'");
  }
  if (!manifest.contains("version") || manifest["version"] != kVersion) {
    return DataLoss(path, ": version is not ", kVersion, "; another release of burgeon wrote it");
  }
  if (!manifest.contains("id") || !manifest["id"].is_string()) {
    return DataLoss(path, ": id is not a string");
  }
  const Json file = manifest.value("file", Json::object());
  if (!file.is_object() || !file.contains("sha256") || !file["sha256"].is_string() ||
      !file.contains("bytes") || !file["bytes"].is_number_integer()) {
    return DataLoss(path, ": file lacks its sha256 (text) or bytes (a whole number)");
  }
  if (!manifest.contains("store_version") || !manifest["store_version"].is_number_integer() ||
      !manifest.contains("last_ingest") || !manifest["last_ingest"].is_number_integer() ||
      !manifest.contains("replaces") || !manifest["replaces"].is_string()) {
    return DataLoss(path,
                    ": lacks store_version or last_ingest (whole numbers), or replaces (text)");
  }
  return ManifestFields{
      manifest["id"].get<std::string>(),      manifest["store_version"].get<int64_t>(),
      manifest["last_ingest"].get<int64_t>(), manifest["replaces"].get<std::string>(),
      file["sha256"].get<std::string>(),      file["bytes"].get<int64_t>()};
}

}  // namespace

std::string SnapshotId(const Snapshot& snapshot) {
  ContentHash hash;
  hash.Number(snapshot.as_of);
  hash.Strings(snapshot.customers.ids());
  // Nothing at all for a job without links, so that its ids stay what they were.
  if (!snapshot.customers.aliases().empty()) hash.Aliases(snapshot.customers.aliases());
  hash.Strings(snapshot.items.ids());
  hash.Strings(snapshot.item_label);
  hash.Array(snapshot.consent);
  hash.Array(snapshot.consent_said);
  hash.Csr(snapshot.interactions);
  hash.Csr(snapshot.seen);
  const SnapshotEvents& events = snapshot.events;
  hash.Array(events.offsets);
  hash.Array(events.item);
  hash.Array(events.type);
  hash.Array(events.time);
  hash.Array(events.quantity);
  hash.Array(events.value_micros);
  hash.Array(events.order);
  return hash.Finish().substr(0, 16);
}

absl::StatusOr<std::string> SaveSnapshot(FileSystem& files, const std::string& snapshots_folder,
                                         const Snapshot& snapshot) {
  const std::string folder = JoinPath(snapshots_folder, snapshot.id);
  if (files.Exists(JoinPath(folder, kManifestName))) return folder;
  const std::string temporary = folder + ".tmp";
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(temporary));
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(temporary));
  const TensorFile tensors = ToTensors(snapshot);
  BURGEON_RETURN_IF_ERROR(WriteTensorFile(files, JoinPath(temporary, kTensorsName), tensors));
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files, JoinPath(temporary, kManifestName),
                                              ManifestText(snapshot, SerializeTensors(tensors))));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(folder));  // without a manifest: not one of ours
  BURGEON_RETURN_IF_ERROR(files.Rename(temporary, folder));
  BURGEON_RETURN_IF_ERROR(files.SyncDirectory(snapshots_folder));
  return folder;
}

absl::StatusOr<Snapshot> LoadSnapshot(FileSystem& files, const std::string& folder) {
  const std::string manifest_path = JoinPath(folder, kManifestName);
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(files, manifest_path, limits::kMaxManifestBytes));
  BURGEON_ASSIGN_OR_RETURN(const ManifestFields manifest, ParseManifest(text, manifest_path));
  const std::string path = JoinPath(folder, kTensorsName);
  auto bytes = ReadWholeFile(files, path, manifest.bytes);
  if (absl::IsResourceExhausted(bytes.status())) {
    return DataLoss(path, ": is longer than the ", manifest.bytes, " bytes its manifest names");
  }
  BURGEON_RETURN_IF_ERROR(bytes.status());
  if (static_cast<int64_t>(bytes->size()) != manifest.bytes ||
      Sha256Hex(*bytes) != manifest.sha256) {
    return DataLoss(path, ": is damaged: ", bytes->size(), " bytes with another SHA-256 than its",
                    " manifest names (", manifest.bytes, " bytes)");
  }
  BURGEON_ASSIGN_OR_RETURN(const TensorFile tensors, ParseTensors(*bytes, path));
  auto snapshot = FromTensors(tensors);
  if (!snapshot.ok()) return Annotate(snapshot.status(), path);
  if (snapshot->id != manifest.id) {
    return DataLoss(path, ": its content has the id ", snapshot->id, "; the manifest names ",
                    manifest.id);
  }
  snapshot->store_version = manifest.store_version;
  snapshot->last_ingest = manifest.last_ingest;
  snapshot->replaces = manifest.replaces;
  return snapshot;
}

}  // namespace burgeon
