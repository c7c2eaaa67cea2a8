// burgeon satisfaction: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddSatisfactionVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
