// burgeon identity: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddIdentityVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
