#include "cli/open_release.h"

#include "cli/id_list.h"
#include "cli/job_config.h"
#include "engine/governance/pseudonym.h"
#include "engine/release/release_store.h"

namespace burgeon {

absl::StatusOr<OpenedRelease> OpenCurrentRelease(Session& session) {
  const Workspace workspace = session.workspace();
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const std::string id, CurrentReleaseId(session.files(), workspace));
  OpenedRelease opened;
  BURGEON_ASSIGN_OR_RETURN(opened.release, LoadRelease(session.files(), workspace, *context, id));
  BURGEON_ASSIGN_OR_RETURN(opened.overlay, LoadOverlay(session.files(), workspace));
  ResolveOverlay(opened.release->data().customers, &opened.overlay);
  return opened;
}

absl::StatusOr<std::vector<std::string>> ReadCustomerIds(Session& session,
                                                         const OpenedRelease& opened,
                                                         const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> ids, ReadIdList(session.files(), path));
  if (!opened.release->data().pseudonymous || session.options().config.empty()) return ids;
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  if (job.pseudonym_key_file.empty()) return ids;
  BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load(job.pseudonym_key_file));
  for (std::string& id : ids) id = key.Pseudonym(id);
  return ids;
}

}  // namespace burgeon
