// burgeon attributes: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddAttributesVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
