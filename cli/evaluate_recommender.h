// burgeon evaluate recommender: its flags, and what they ask for.
#ifndef BURGEON_CLI_EVALUATE_RECOMMENDER_H_
#define BURGEON_CLI_EVALUATE_RECOMMENDER_H_

#include "cli/verb.h"

namespace burgeon {

// Adds the subcommand to `evaluate`.
void AddEvaluateRecommender(CLI::App* evaluate, VerbAction* chosen);

}  // namespace burgeon

#endif  // BURGEON_CLI_EVALUATE_RECOMMENDER_H_
