// The one secret of the server: a bearer token (RFC 6750, 2.1) out of a file that only its owner
// can read. The same on every route, metrics too. Without a token everybody who can reach the
// address may ask, which is why only a loopback address may do without (serve_options.h).
#ifndef BURGEON_SERVING_AUTH_H_
#define BURGEON_SERVING_AUTH_H_

#include <string>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "serving/http_types.h"

namespace burgeon {

// The token in a file, without the white space around it. kFailedPrecondition when group or others
// may read or write the file, or it is not a regular file; kInvalidArgument when the token is too
// short or long or has other than printable ASCII. No message ever has any of the token.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

// Immutable; thread-safe.
class Authenticator {
 public:
  Authenticator() = default;                         // lets everybody in
  explicit Authenticator(const std::string& token);  // not empty

  // Compares in a time that does not depend on where the tokens differ.
  bool Accepts(const RequestHead& head) const;

 private:
  bool open_ = true;
  Sha256Digest token_digest_{};
};

// 401 with WWW-Authenticate.
HttpError Unauthorized();

}  // namespace burgeon

#endif  // BURGEON_SERVING_AUTH_H_
