// From the ids somebody names to all ids of these persons, in stored form: what an erasure, and an
// export of everything held about one person, begin with.
#ifndef BURGEON_ENGINE_ERASURE_PERSON_IDS_H_
#define BURGEON_ENGINE_ERASURE_PERSON_IDS_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/governance/identity.h"
#include "engine/release/overlay.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct PersonLookup {
  // Turns an id as it is given into its stored form; empty: there is no key at hand.
  std::function<std::string(std::string_view)> pseudonym;
  IdentityPolicy policy;
};

// An id as it was given, in the form in which a store keeps it. Errors as below.
absl::StatusOr<std::string> StoredForm(const std::string& id, bool pseudonymous,
                                       const PersonLookup& lookup);

// The persons of `given`, each id once, ascending by stored id; an id as it was given is the `form`
// of its own pseudonym. An id that nobody knows is taken as it is: it may come one day. Reads every
// id link of the store. kInvalidArgument for an id that could not be stored, and, in a store of
// pseudonyms without a key, for one that is no pseudonym.
absl::StatusOr<std::vector<ErasureRequest>> AllIdsOf(FileSystem& files, ThreadPool& pool,
                                                     const Workspace& workspace,
                                                     std::span<const std::string> given,
                                                     const PersonLookup& lookup);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_PERSON_IDS_H_
