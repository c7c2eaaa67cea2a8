// Small records gathered over a pass and looked at in groups at its end: how duplicates, keys with
// several values and the like are counted exactly in bounded memory. A record is 40 bytes; beyond
// the bound the records go to 256 spill files by their key, each of which is then sorted on its
// own.
//
//   KeyedRecords records(files, folder + "/spill-duplicates", 64 << 20);
//   BURGEON_RETURN_IF_ERROR(records.Add({.key = Hash128Of(row), .row = n}));
//   BURGEON_RETURN_IF_ERROR(records.Finish([&](std::span<const KeyedRecord> group) { ... }));
//
// Not thread-safe. The spill files are removed at Finish, and by the destructor.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_RECORDS_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_RECORDS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/fast_hash.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct KeyedRecord {
  Hash128 key = {};
  int64_t value = 0;  // what records of one key are sorted by: a time, the hash of a value
  uint64_t tag = 0;
  int64_t row = 0;  // number of the row in the pass
};

class KeyedRecords {
 public:
  using Visitor = std::function<void(std::span<const KeyedRecord> group)>;

  // `folder` is made when the memory does not suffice.
  KeyedRecords(FileSystem& files, std::string folder, int64_t memory_bytes);
  ~KeyedRecords();
  KeyedRecords(const KeyedRecords&) = delete;
  KeyedRecords& operator=(const KeyedRecords&) = delete;

  absl::Status Add(const KeyedRecord& record);
  // Once. Each group has the records of one key, in order of (value, row). Groups come in an order
  // that depends on the keys alone.
  absl::Status Finish(const Visitor& visit);
  bool spilled() const { return spilled_; }

 private:
  absl::Status Spill();
  absl::Status OpenSpillFiles();
  absl::StatusOr<std::vector<KeyedRecord>> ReadSpill(const std::string& path) const;
  std::string SpillPath(size_t part) const;

  FileSystem& files_;
  const std::string folder_;
  const size_t capacity_;
  bool spilled_ = false;
  std::vector<KeyedRecord> records_;
  std::vector<std::unique_ptr<WritableFile>> spill_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_RECORDS_H_
