// burgeon export-customer: not there yet.
#include "cli/verb.h"

namespace burgeon {

void AddExportCustomerVerb(CLI::App&, VerbAction*) {}

}  // namespace burgeon
