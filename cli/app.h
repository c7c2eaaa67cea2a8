// The command line as a function, so that tests call it in their own process.
#ifndef BURGEON_CLI_APP_H_
#define BURGEON_CLI_APP_H_

#include <iosfwd>
#include <string>
#include <vector>

namespace burgeon {

// arguments without the program's name. Returns the exit code (exit_code.h). On failure one line
// "burgeon: ..." goes to `err`; with --json `out` gets {"error": {"code", "message"}}.
int RunBurgeon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace burgeon

#endif  // BURGEON_CLI_APP_H_
