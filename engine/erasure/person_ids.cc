#include "engine/erasure/person_ids.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/limits.h"
#include "engine/events/event_store.h"
#include "engine/governance/identity_undo.h"

namespace burgeon {
namespace {

bool LooksLikeAPseudonym(std::string_view id) {
  return id.size() == 64 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

absl::Status CheckId(const std::string& id) {
  if (!id.empty() && std::ssize(id) <= limits::kMaxIdBytes && IsValidUtf8(id)) {
    return absl::OkStatus();
  }
  return InvalidArgument("customer '", Printable(id), "': an id of 1 to ", limits::kMaxIdBytes,
                         " bytes of UTF-8 is wanted");
}

}  // namespace

absl::StatusOr<std::string> StoredForm(const std::string& id, bool pseudonymous,
                                       const PersonLookup& lookup) {
  BURGEON_RETURN_IF_ERROR(CheckId(id));
  if (!pseudonymous) return id;
  // Who has only the pseudonym may name it, also with the key at hand.
  if (LooksLikeAPseudonym(id)) return id;
  if (lookup.pseudonym) return lookup.pseudonym(id);
  return InvalidArgument("customer '", Printable(id),
                         "': the store holds pseudonyms; give --config with ",
                         "privacy.pseudonym_key_file, or the pseudonym of 64 hexadecimal digits");
}

absl::StatusOr<std::vector<ErasureRequest>> AllIdsOf(FileSystem& files, ThreadPool& pool,
                                                     const Workspace& workspace,
                                                     std::span<const std::string> given,
                                                     const PersonLookup& lookup) {
  const auto store = EventStore::Open(files, workspace.events());
  if (!store.ok() && !absl::IsNotFound(store.status())) return store.status();
  const bool pseudonymous =
      store.ok() ? store->manifest().pseudonymous : static_cast<bool>(lookup.pseudonym);
  std::map<std::string, std::string> form_of;  // by stored id
  for (const std::string& id : given) {
    BURGEON_ASSIGN_OR_RETURN(const std::string stored, StoredForm(id, pseudonymous, lookup));
    std::string& form = form_of[stored];
    if (id != stored) form = id;
  }
  if (store.ok()) {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<IdLink> links, ReadIdLinks(pool, *store));
    IdentityOptions options;
    options.policy = lookup.policy;
    BURGEON_ASSIGN_OR_RETURN(options.undone, LoadUndoneLinks(files, workspace));
    const IdentityMap identity = IdentityMap::Build(links, options, INT64_MAX);
    const std::map<std::string, std::string> named = form_of;
    for (const auto& [stored, form] : named) {
      for (const std::string& member : identity.MembersOf(stored)) form_of.try_emplace(member);
    }
  }
  std::vector<ErasureRequest> requests;
  for (auto& [stored, form] : form_of) requests.push_back({stored, std::move(form)});
  return requests;
}

}  // namespace burgeon
