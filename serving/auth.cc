#include "serving/auth.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "serving/limits.h"

namespace burgeon {
namespace {

constexpr std::string_view kScheme = "Bearer ";

absl::StatusOr<std::string> ReadDescriptor(int descriptor, const std::string& path) {
  struct stat info {};
  if (fstat(descriptor, &info) != 0) {
    return Unavailable("token file ", path, ": ", std::strerror(errno));
  }
  if (!S_ISREG(info.st_mode)) return FailedPrecondition("token file ", path, ": not a plain file");
  if ((info.st_mode & 077) != 0) {
    return FailedPrecondition("token file ", path,
                              ": others than its owner have access to it; want mode 0600");
  }
  std::array<char, limits::kMaxTokenBytes + 2> buffer{};
  size_t bytes = 0;
  while (bytes < buffer.size()) {
    const ssize_t got = read(descriptor, buffer.data() + bytes, buffer.size() - bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Unavailable("token file ", path, ": ", std::strerror(errno));
    if (got == 0) break;
    bytes += static_cast<size_t>(got);
  }
  return std::string(buffer.data(), bytes);
}

}  // namespace

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  // The mode is asked of what was opened, so that the file cannot be exchanged in between.
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    const int error = errno;
    if (error == ENOENT) return NotFound("token file ", path, ": no such file");
    return Unavailable("token file ", path, ": ", std::strerror(error));
  }
  absl::StatusOr<std::string> content = ReadDescriptor(descriptor, path);
  close(descriptor);
  if (!content.ok()) return content.status();
  const std::string token(TrimAscii(*content));
  if (static_cast<int64_t>(token.size()) < limits::kMinTokenBytes ||
      static_cast<int64_t>(token.size()) > limits::kMaxTokenBytes) {
    return InvalidArgument("token file ", path, ": ", token.size(), " bytes, want ",
                           limits::kMinTokenBytes, " to ", limits::kMaxTokenBytes);
  }
  if (!std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; })) {
    return InvalidArgument("token file ", path,
                           ": the token must be one word of printable ASCII characters");
  }
  return token;
}

Authenticator::Authenticator(const std::string& token)
    : open_(false), token_digest_(Sha256Of(token)) {
  BURGEON_CHECK(!token.empty());
}

bool Authenticator::Accepts(const RequestHead& head) const {
  if (open_) return true;
  const std::vector<std::string_view> values = FieldValues(head, "Authorization");
  if (values.size() != 1 || values[0].size() < kScheme.size() ||
      !EqualsIgnoreCase(values[0].substr(0, kScheme.size()), kScheme)) {
    return false;
  }
  // Digests have one length, and the loop never stops early.
  const Sha256Digest digest = Sha256Of(TrimAscii(values[0].substr(kScheme.size())));
  unsigned difference = 0;
  for (size_t i = 0; i < digest.size(); ++i) {
    difference |= static_cast<unsigned>(digest[i]) ^ static_cast<unsigned>(token_digest_[i]);
  }
  return difference == 0;
}

HttpError Unauthorized() {
  return HttpError{401,
                   "unauthorized",
                   "Authorization: a valid bearer token is wanted",
                   {{"WWW-Authenticate", "Bearer realm=\"burgeon\""}}};
}

}  // namespace burgeon
