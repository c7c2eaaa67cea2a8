// Where things lie in a workspace. Paths only; nothing here touches the disk.
//
//   events/      the event store (engine/events)
//   snapshots/   data as known at a time, by snapshot id (engine/dataset)
//   candidates/  what training wrote and nobody published
//   releases/    immutable, published (engine/release)
//   current      a file with the id of the release in use
//   overlay/     erasures and consent changes that apply on top of any release
//   exports/     lists and audiences written for others
#ifndef BURGEON_ENGINE_STORAGE_WORKSPACE_H_
#define BURGEON_ENGINE_STORAGE_WORKSPACE_H_

#include <string>

#include "engine/storage/file_system.h"

namespace burgeon {

struct Workspace {
  std::string root;

  std::string events() const { return JoinPath(root, "events"); }
  std::string snapshots() const { return JoinPath(root, "snapshots"); }
  std::string candidates() const { return JoinPath(root, "candidates"); }
  std::string releases() const { return JoinPath(root, "releases"); }
  std::string current() const { return JoinPath(root, "current"); }
  std::string overlay() const { return JoinPath(root, "overlay"); }
  std::string exports() const { return JoinPath(root, "exports"); }
  std::string lock() const { return JoinPath(root, "lock"); }
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_STORAGE_WORKSPACE_H_
