#include "engine/release/tombstones.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int64_t kFormat = 1;
constexpr size_t kKeyBytes = 32;
constexpr size_t kHexDigits = 64;
constexpr int64_t kMaxBytes = int64_t{1} << 30;  // about ten million
constexpr std::string_view kHead = R"({"sha256":")";
constexpr std::string_view kMiddle = R"(","tombstones":)";
constexpr std::string_view kTail = "}\n";

std::string RandomKey() {
  std::random_device device;
  std::string key;
  while (key.size() < kKeyBytes) key.push_back(static_cast<char>(device()));
  return key;
}

bool IsHex(std::string_view text) {
  return text.size() == kHexDigits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string FromHex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

std::string Digest(std::string_view key, std::string_view id) { return ToHex(HmacSha256(key, id)); }

// The object of the file, once its checksum holds.
absl::StatusOr<std::string_view> Body(std::string_view text, const std::string& path) {
  const size_t begin = kHead.size() + kHexDigits + kMiddle.size();
  if (text.size() < begin + kTail.size() || !text.starts_with(kHead) || !text.ends_with(kTail) ||
      text.substr(kHead.size() + kHexDigits, kMiddle.size()) != kMiddle) {
    return DataLoss(path, ": is not a whole file of tombstones (", text.size(), " bytes)");
  }
  const std::string_view body = text.substr(begin, text.size() - begin - kTail.size());
  if (Sha256Hex(body) != text.substr(kHead.size(), kHexDigits)) {
    return DataLoss(path, ": its content does not match its own SHA-256");
  }
  return body;
}

}  // namespace

std::string TombstonesPath(const Workspace& workspace) {
  return JoinPath(workspace.overlay(), "erased.json");
}

absl::StatusOr<Tombstones> Tombstones::Load(FileSystem& files, const Workspace& workspace) {
  const std::string path = TombstonesPath(workspace);
  Tombstones out;
  if (!files.Exists(path)) return out;
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(files, path, kMaxBytes));
  BURGEON_ASSIGN_OR_RETURN(const std::string_view body, Body(text, path));
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(body, path));
  const JsonNode root = document.root();
  root["format"].Int(kFormat, kFormat);
  const std::string key = root["key"].String();
  if (!IsHex(key)) root["key"].Refuse("64 hexadecimal digits");
  for (const JsonNode& node : root["erased"].Items()) {
    const std::string digest = node["digest"].String();
    if (!IsHex(digest)) node["digest"].Refuse("64 hexadecimal digits");
    out.times_[digest] = node["time_us"].Int(INT64_MIN, INT64_MAX);
  }
  BURGEON_RETURN_IF_ERROR(document.status());
  out.key_ = FromHex(key);
  return out;
}

bool Tombstones::Holds(std::string_view stored_id) const {
  return !times_.empty() && times_.contains(Digest(key_, stored_id));
}

std::string Tombstones::DigestOf(std::string_view stored_id) {
  if (key_.empty()) key_ = RandomKey();
  return Digest(key_, stored_id);
}

void Tombstones::Add(std::string_view stored_id, TimeMicros time) {
  times_.try_emplace(DigestOf(stored_id), time);
}

TimeMicros Tombstones::latest() const {
  TimeMicros latest = 0;
  for (const auto& [digest, time] : times_) latest = std::max(latest, time);
  return latest;
}

absl::Status Tombstones::Save(FileSystem& files, const Workspace& workspace) const {
  nlohmann::ordered_json erased = nlohmann::ordered_json::array();
  // Sorted: the order of the file tells nothing of who was erased when beside whom.
  const std::map<std::string, TimeMicros> sorted(times_.begin(), times_.end());
  for (const auto& [digest, time] : sorted) {
    erased.push_back({{"digest", digest}, {"time_us", time}});
  }
  const std::span<const uint8_t> key(reinterpret_cast<const uint8_t*>(key_.data()), key_.size());
  const nlohmann::ordered_json body = {
      {"format", kFormat}, {"key", ToHex(key)}, {"erased", std::move(erased)}};
  const std::string text = body.dump();
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(workspace.overlay()));
  return WriteFileAtomically(files, TombstonesPath(workspace),
                             Concat(kHead, Sha256Hex(text), kMiddle, text, kTail));
}

}  // namespace burgeon
