#include "cli/customer_lookup.h"

#include "cli/job_config.h"
#include "engine/events/event_store.h"
#include "engine/governance/pseudonym.h"

namespace burgeon {

absl::StatusOr<PersonLookup> LookupOf(const Session& session) {
  PersonLookup lookup;
  if (session.options().config.empty()) return lookup;
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  lookup.policy = job.identity;
  if (job.pseudonym_key_file.empty()) return lookup;
  BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load(job.pseudonym_key_file));
  lookup.pseudonym = [key](std::string_view id) { return key.Pseudonym(id); };
  return lookup;
}

absl::StatusOr<std::vector<ErasureRequest>> FindAllIds(Session& session,
                                                       const std::vector<std::string>& given) {
  BURGEON_ASSIGN_OR_RETURN(const PersonLookup lookup, LookupOf(session));
  return AllIdsOf(session.files(), session.pool(), session.workspace(), given, lookup);
}

absl::StatusOr<std::vector<std::string>> StoredIds(Session& session,
                                                   const std::vector<std::string>& given) {
  BURGEON_ASSIGN_OR_RETURN(const PersonLookup lookup, LookupOf(session));
  const auto store = EventStore::Open(session.files(), session.workspace().events());
  if (!store.ok() && !absl::IsNotFound(store.status())) return store.status();
  const bool pseudonymous =
      store.ok() ? store->manifest().pseudonymous : static_cast<bool>(lookup.pseudonym);
  std::vector<std::string> stored;
  for (const std::string& id : given) {
    BURGEON_ASSIGN_OR_RETURN(std::string one, StoredForm(id, pseudonymous, lookup));
    stored.push_back(std::move(one));
  }
  return stored;
}

absl::Status WithOverlayLocked(const Workspace& workspace,
                               const std::function<absl::Status()>& act) {
  BURGEON_ASSIGN_OR_RETURN(const OverlayLock lock, OverlayLock::Acquire(workspace));
  return act();
}

}  // namespace burgeon
