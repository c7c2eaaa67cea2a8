// burgeon simulate: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddSimulateVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
