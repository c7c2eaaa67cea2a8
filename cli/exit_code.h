// Exit codes of the command line (README, "Exit codes"). One number a kind of failure, so that a
// script can tell a typing error from a damaged file.
#ifndef BURGEON_CLI_EXIT_CODE_H_
#define BURGEON_CLI_EXIT_CODE_H_

#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

inline constexpr int kExitOk = 0;
inline constexpr int kExitInternal = 1;      // a bug, of ours or of a library
inline constexpr int kExitUsage = 2;         // flags, config or input are wrong
inline constexpr int kExitNotFound = 3;      // a file, customer or release is not there
inline constexpr int kExitDamaged = 4;       // a file is damaged or cut off
inline constexpr int kExitPrecondition = 5;  // right request, wrong state
inline constexpr int kExitExhausted = 6;     // disk or memory full, over a limit
inline constexpr int kExitUnavailable = 7;   // port taken, device absent, input or output error
inline constexpr int kExitCheckFailed = 8;   // a check ran and did not pass (quality, leak-check);
                                             // absl::StatusCode::kAborted, and with --json the
                                             // verb's result is printed all the same
inline constexpr int kExitStopped = 9;       // Ctrl-C or SIGTERM; what was done so far is kept
                                             // where the verb says so

int ExitCodeOf(const absl::Status& status);

// "invalid_argument", "not_found", ...: the code as JSON output names it.
std::string_view StatusCodeName(absl::StatusCode code);

}  // namespace burgeon

#endif  // BURGEON_CLI_EXIT_CODE_H_
