// The command line as a function, so that tests call it in their own process.
#ifndef BURGEON_CLI_APP_H_
#define BURGEON_CLI_APP_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

// With every verb; links LibTorch and FAISS. arguments without the program's name. Returns the exit
// code (exit_code.h). On failure one line "burgeon: ..." goes to `err`; with --json `out` gets
// {"error": {"code", "message"}}.
int RunBurgeon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

// The same with the verbs of data alone, which need neither: the program burgeon, after
// hand_over.h has passed on the rest.
int RunDataBurgeon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

// Says why no verb was run, as the two above say why one failed, and returns the exit code.
int ReportFailure(const absl::Status& status, const std::vector<std::string>& arguments,
                  std::ostream& out, std::ostream& err);

}  // namespace burgeon

#endif  // BURGEON_CLI_APP_H_
