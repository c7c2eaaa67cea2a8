// Expected failure: absl::Status with a message that names the input, the field, the value and
// what was wanted. The helpers take any mix of strings, string_views and numbers (see text.h).
//
//   if (k < 1) return InvalidArgument("k: ", k, " is not a positive number");
//   BURGEON_ASSIGN_OR_RETURN(const Table table, reader.Next());
//   BURGEON_RETURN_IF_ERROR(writer.Close());
//
// The codes in use and the exit code of the command line each maps to (cli/exit_code.h):
//   kInvalidArgument    bad flag, config or request            2
//   kNotFound           a file, customer, release not there    3
//   kDataLoss           damaged or truncated file              4
//   kFailedPrecondition right request, wrong state             5
//   kResourceExhausted  disk or memory full, over a limit      6
//   kUnavailable        port taken, device absent              7
//   kAlreadyExists      would overwrite                        5
//   kInternal           a bug of ours or of a library          1
#ifndef BURGEON_ENGINE_BASE_STATUS_H_
#define BURGEON_ENGINE_BASE_STATUS_H_

#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include "engine/base/text.h"

namespace burgeon {

template <class... Parts>
absl::Status MakeStatus(absl::StatusCode code, const Parts&... parts) {
  return absl::Status(code, Concat(parts...));
}

template <class... Parts>
absl::Status InvalidArgument(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kInvalidArgument, parts...);
}
template <class... Parts>
absl::Status NotFound(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kNotFound, parts...);
}
template <class... Parts>
absl::Status DataLoss(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kDataLoss, parts...);
}
template <class... Parts>
absl::Status FailedPrecondition(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kFailedPrecondition, parts...);
}
template <class... Parts>
absl::Status ResourceExhausted(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kResourceExhausted, parts...);
}
template <class... Parts>
absl::Status Unavailable(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kUnavailable, parts...);
}
template <class... Parts>
absl::Status AlreadyExists(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kAlreadyExists, parts...);
}
template <class... Parts>
absl::Status Internal(const Parts&... parts) {
  return MakeStatus(absl::StatusCode::kInternal, parts...);
}

// The message as a std::string (absl::string_view is not a std::string_view here).
inline std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// The same code, with `context` and ": " before the message. OK stays OK.
inline absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  return MakeStatus(status.code(), context, ": ", MessageOf(status));
}

}  // namespace burgeon

#define BURGEON_RETURN_IF_ERROR(expression)          \
  do {                                               \
    absl::Status burgeon_status = (expression);      \
    if (!burgeon_status.ok()) return burgeon_status; \
  } while (false)

#define BURGEON_STATUS_JOIN_INNER(a, b) a##b
#define BURGEON_STATUS_JOIN(a, b) BURGEON_STATUS_JOIN_INNER(a, b)
#define BURGEON_ASSIGN_OR_RETURN(declaration, expression)                                 \
  BURGEON_ASSIGN_OR_RETURN_INNER(BURGEON_STATUS_JOIN(burgeon_or_, __LINE__), declaration, \
                                 expression)
#define BURGEON_ASSIGN_OR_RETURN_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                                           \
  if (!temporary.ok()) return temporary.status();                          \
  declaration = *std::move(temporary)

#endif  // BURGEON_ENGINE_BASE_STATUS_H_
