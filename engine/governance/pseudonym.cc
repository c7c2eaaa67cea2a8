#include "engine/governance/pseudonym.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "engine/base/hash.h"
#include "engine/storage/file_system.h"

namespace burgeon {
namespace {

constexpr size_t kMinKeyBytes = 32;
constexpr int64_t kMaxKeyFileBytes = 4096;

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The bytes of an even number of hexadecimal digits, or nothing.
std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

}  // namespace

absl::StatusOr<PseudonymKey> PseudonymKey::Load(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    const int error = errno;
    const auto code =
        error == ENOENT ? absl::StatusCode::kNotFound : absl::StatusCode::kUnavailable;
    return MakeStatus(code, path, ": ", std::strerror(error));
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    char mode[8];
    std::snprintf(mode, sizeof(mode), "%04o", info.st_mode & 07777U);
    return InvalidArgument(path, ": a key file must be open to its owner alone (mode 0600), not ",
                           std::string_view(mode), "; chmod 600 it");
  }
  auto content = ReadWholeFile(RealFileSystem(), path, kMaxKeyFileBytes);
  if (absl::IsResourceExhausted(content.status())) {
    return InvalidArgument(path, ": is larger than ", kMaxKeyFileBytes,
                           " bytes: is it the key file?");
  }
  BURGEON_RETURN_IF_ERROR(content.status());
  std::string_view text = *content;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.size() >= 2 * kMinKeyBytes) {
    if (auto bytes = FromHex(text)) return PseudonymKey(*std::move(bytes));
  }
  // Hexadecimal digits that are too few would pass as 32 or more plain bytes of half the strength.
  const bool hex = !text.empty() &&
                   std::all_of(text.begin(), text.end(), [](char c) { return HexDigit(c) >= 0; });
  if (hex || content->size() < kMinKeyBytes) {
    return InvalidArgument(path, ": holds ", text.size(), hex ? " hexadecimal digits" : " bytes",
                           "; a key of at least 32 bytes or 64 hexadecimal digits is wanted");
  }
  return PseudonymKey(*std::move(content));
}

std::string PseudonymKey::Pseudonym(std::string_view external_id) const {
  return ToHex(HmacSha256(bytes_, external_id));
}

}  // namespace burgeon
