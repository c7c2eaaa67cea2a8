// The command line with the verbs a program has (app.h is what callers want).
#ifndef BURGEON_CLI_RUN_APP_H_
#define BURGEON_CLI_RUN_APP_H_

#include <iosfwd>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace burgeon {

// The verbs of data, and `models`; those of them without `add` stand in the help only.
int RunApp(const std::vector<ModelVerb>& models, const std::vector<std::string>& arguments,
           std::ostream& out, std::ostream& err);

}  // namespace burgeon

#endif  // BURGEON_CLI_RUN_APP_H_
