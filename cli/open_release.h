// The release a verb asks, with the overlay on top.
#ifndef BURGEON_CLI_OPEN_RELEASE_H_
#define BURGEON_CLI_OPEN_RELEASE_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/session.h"
#include "engine/release/loaded_release.h"
#include "engine/release/overlay.h"
#include "engine/release/query.h"

namespace burgeon {

struct OpenedRelease {
  std::shared_ptr<const LoadedRelease> release;
  Overlay overlay;
  ReleaseView view() const { return {release.get(), &overlay}; }
};

// kNotFound, saying what to run first, when nothing was published.
absl::StatusOr<OpenedRelease> OpenCurrentRelease(Session& session);

// The customer ids of a file, in the form the release knows them: when it holds pseudonyms and
// --config names the key file, external ids are turned into pseudonyms; else ids are taken as
// they are.
absl::StatusOr<std::vector<std::string>> ReadCustomerIds(Session& session,
                                                         const OpenedRelease& opened,
                                                         const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_CLI_OPEN_RELEASE_H_
