// Who was erased and swept, without saying who: for each the HMAC-SHA-256 of the stored id, keyed
// by 32 random bytes of the workspace. By them ingest leaves out the rows of a person when an old
// file is read again, and no release brings the person back. They lie in overlay/erased.json:
//   {"sha256": S, "tombstones": {"format": 1, "key": "<64 hex digits>", "erased":
//     [{"digest": "<64 hex digits>", "time_us": 1763812800000000}, ...]}}
// S is the SHA-256 of the bytes of the object. The key lies beside the digests, so whoever has the
// file can try an id; nobody can read one out of it.
//
// Thread-safe to read.
#ifndef BURGEON_ENGINE_RELEASE_TOMBSTONES_H_
#define BURGEON_ENGINE_RELEASE_TOMBSTONES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

class Tombstones {
 public:
  // No file: none. kDataLoss when it is damaged.
  static absl::StatusOr<Tombstones> Load(FileSystem& files, const Workspace& workspace);

  bool empty() const { return times_.empty(); }
  int64_t size() const { return static_cast<int64_t>(times_.size()); }
  bool Holds(std::string_view stored_id) const;
  // 64 hexadecimal digits. With a fresh key when there was no file; Save makes it last.
  std::string DigestOf(std::string_view stored_id);
  // Keeps the first time when it is there already.
  void Add(std::string_view stored_id, TimeMicros time);
  // The latest time of any; 0 when there is none.
  TimeMicros latest() const;
  // One step. The caller holds an OverlayLock.
  absl::Status Save(FileSystem& files, const Workspace& workspace) const;

 private:
  std::string key_;              // bytes; "" when nothing was ever erased
  StringMap<TimeMicros> times_;  // by digest
};

std::string TombstonesPath(const Workspace& workspace);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_TOMBSTONES_H_
