// burgeon retention: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddRetentionVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
