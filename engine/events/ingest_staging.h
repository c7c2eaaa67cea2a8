// Where an ingest keeps what it has read until the whole file is read: records by bucket, in memory
// up to a limit and in run files beyond it. Nothing here outlives its ingest. A record is bytes
// that begin with their own size (staged_record.h).
//
//   BucketSorter sorter(kNoCustomerBucket + 1);
//   AppendRecord(view, sorter.bytes());
//   sorter.Done(bucket);
//   StagedBuckets staged(files, folder, "events", kNoCustomerBucket + 1);
//   staged.Add(sorter.Take());                                    // piece by piece, in order
//   if (staged.held_bytes() > limit) BURGEON_RETURN_IF_ERROR(staged.Spill());
//   BURGEON_RETURN_IF_ERROR(staged.ReadRecords(bucket, [&](std::string_view records) { ... }));
#ifndef BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_
#define BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Records of a piece, those of a bucket together and in the order they came.
struct BucketedRecords {
  std::string bytes;
  std::vector<size_t> begins;  // of each bucket, and the end of the last; empty: no records

  std::string_view Of(int bucket) const {
    const auto b = static_cast<size_t>(bucket);
    if (begins.empty()) return {};
    return std::string_view(bytes).substr(begins[b], begins[b + 1] - begins[b]);
  }
};

// Takes records in any order of buckets.
class BucketSorter {
 public:
  explicit BucketSorter(int buckets) : sizes_(static_cast<size_t>(buckets), 0) {}
  // About how many there will be, so that room is made once.
  void Expect(int64_t records) { expected_ = static_cast<size_t>(records); }
  // Where the next record is appended.
  std::string* bytes() { return &bytes_; }
  // What was appended since the last call is one record of this bucket.
  void Done(int bucket);
  BucketedRecords Take();

 private:
  struct Record {
    uint32_t bucket;
    uint32_t size;
  };
  std::string bytes_;
  std::vector<Record> records_;
  std::vector<size_t> sizes_;  // of each bucket
  size_t done_ = 0;
  size_t expected_ = 0;
};

// Reading is thread-safe; adding and spilling are not.
class StagedBuckets {
 public:
  // Run files are <folder>/<name>-<number>; the folder is made when the first is needed.
  StagedBuckets(FileSystem& files, std::string folder, std::string name, int buckets);

  void Add(BucketedRecords piece);
  int64_t held_bytes() const { return held_bytes_; }
  // Writes what is held to a run file. Not synced: after a crash nobody reads it.
  absl::Status Spill();
  bool spilled() const { return !runs_.empty(); }

  int64_t BytesOf(int bucket) const;
  // All records of a bucket in the order they came, some whole records at a time: views into what
  // is held, or into a buffer of at most about `block_bytes` (or of one record), void after the
  // call. kDataLoss when a run file does not read back as it was written. Stops at the first error
  // that `take` returns.
  absl::Status ReadRecords(int bucket,
                           const std::function<absl::Status(std::string_view records)>& take,
                           int64_t block_bytes = int64_t{1} << 20) const;
  // The same all at once: into *owned what is spilled; views into that and into what is held.
  absl::Status Load(int bucket, std::string* owned, std::vector<std::string_view>* records) const;

 private:
  struct Run {
    std::string path;
    std::vector<int64_t> begins;  // of each bucket, and the end of the last
  };

  FileSystem& files_;
  const std::string folder_;
  const std::string name_;
  const int buckets_;
  std::vector<BucketedRecords> held_;
  int64_t held_bytes_ = 0;
  std::vector<Run> runs_;
};

// Reads records one after another from a range of a file, through a buffer.
class RecordFileReader {
 public:
  RecordFileReader(const RandomAccessFile& file, std::string path, int64_t begin, int64_t end,
                   int64_t buffer_bytes);
  // The next whole records, as many as the buffer holds; empty at the end. Void at the next call.
  absl::StatusOr<std::string_view> Next();

 private:
  const RandomAccessFile& file_;
  const std::string path_;
  int64_t at_;
  const int64_t end_;
  const size_t buffer_bytes_;
  std::string buffer_;
  size_t used_ = 0;  // of the buffer, given out by the call before
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_INGEST_STAGING_H_
