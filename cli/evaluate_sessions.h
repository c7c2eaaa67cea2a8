// burgeon evaluate sessions: its flags, and what they ask for.
#ifndef BURGEON_CLI_EVALUATE_SESSIONS_H_
#define BURGEON_CLI_EVALUATE_SESSIONS_H_

#include "cli/verb.h"

namespace burgeon {

// Adds the subcommand to `evaluate`.
void AddEvaluateSessions(CLI::App* evaluate, VerbAction* chosen);

}  // namespace burgeon

#endif  // BURGEON_CLI_EVALUATE_SESSIONS_H_
