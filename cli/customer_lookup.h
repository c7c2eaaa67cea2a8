// What verbs about single customers read from the job of --config, when there is one: the key of
// the pseudonyms, and the rules by which ids are one person.
#ifndef BURGEON_CLI_CUSTOMER_LOOKUP_H_
#define BURGEON_CLI_CUSTOMER_LOOKUP_H_

#include <functional>
#include <string>
#include <vector>

#include "cli/session.h"
#include "engine/base/status.h"
#include "engine/erasure/person_ids.h"

namespace burgeon {

// Without --config: no key, and the default rules.
absl::StatusOr<PersonLookup> LookupOf(const Session& session);

// AllIdsOf for ids as they were given to a verb.
absl::StatusOr<std::vector<ErasureRequest>> FindAllIds(Session& session,
                                                       const std::vector<std::string>& given);

// Ids as they are stored in the workspace.
absl::StatusOr<std::vector<std::string>> StoredIds(Session& session,
                                                   const std::vector<std::string>& given);

// Calls `act` with the overlay locked against other writers.
absl::Status WithOverlayLocked(const Workspace& workspace,
                               const std::function<absl::Status()>& act);

}  // namespace burgeon

#endif  // BURGEON_CLI_CUSTOMER_LOOKUP_H_
