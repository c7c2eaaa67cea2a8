// burgeon quality: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddQualityVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
