// burgeon erase: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddEraseVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
