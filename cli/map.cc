// burgeon map: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddMapVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
