// burgeon consent: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddConsentVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
