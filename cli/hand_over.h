// How burgeon, which has the verbs of data alone, gives the others to burgeon-models beside it:
// most calls then start without LibTorch and FAISS, which take half a second and 140 MB.
#ifndef BURGEON_CLI_HAND_OVER_H_
#define BURGEON_CLI_HAND_OVER_H_

#include <string>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

// The verb of a command line: the first word that is neither a flag nor the value of a global one;
// "" when there is none.
std::string VerbOf(const std::vector<std::string>& arguments);

bool IsModelVerb(const std::string& verb);

// "DIR/burgeon-models" of the DIR that this program lies in.
std::string ModelsProgram();

// Becomes that program, with the same arguments and environment. Returns only on failure: kNotFound
// when it is not there, kUnavailable when it cannot be started.
absl::Status HandOver(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace burgeon

#endif  // BURGEON_CLI_HAND_OVER_H_
