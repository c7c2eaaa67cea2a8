// burgeon lineage: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddLineageVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
