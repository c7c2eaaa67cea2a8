// Arrow on top of the storage seam: files that Arrow reads and writes go through FileSystem, and
// what Arrow reports (a status or an exception) comes back as absl::Status. Internal to this room.
//
//   BURGEON_ASSIGN_OR_RETURN(auto input, ArrowInput::Open(files, path));
//   BURGEON_RETURN_IF_ERROR(input->Run([&] { return builder.Open(input->stream()); }));
#ifndef BURGEON_ENGINE_TABLE_ARROW_FILE_ADAPTER_H_
#define BURGEON_ENGINE_TABLE_ARROW_FILE_ADAPTER_H_

#include <cstdint>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace arrow {
class MemoryPool;
class Status;
namespace io {
class OutputStream;
class RandomAccessFile;
}  // namespace io
}  // namespace arrow

namespace burgeon {

// What Arrow may hold in memory for one open file. A file whose pages unpack to more, by intent or
// by damage, ends in kResourceExhausted instead of taking the machine down.
inline constexpr int64_t kMaxArrowBytes = int64_t{4} << 30;

// The first failure of the storage below an Arrow stream: Arrow would keep only its text.
// Thread-safe.
class StorageFailure {
 public:
  StorageFailure();
  ~StorageFailure();
  void Set(const absl::Status& status);  // the first one stays
  absl::Status Get() const;              // OK when there was none

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// How failures of Arrow on one file are reported: storage's own error first, kResourceExhausted
// when memory ran out, else `otherwise` (kDataLoss when reading, kInternal when writing).
class ArrowFile {
 public:
  const std::string& path() const { return path_; }

  // Runs `call`, which returns arrow::Status, and turns what it returns or throws into a Status.
  template <class Call>
  absl::Status Run(Call&& call) const {
    try {
      return Explain(std::forward<Call>(call)());
    } catch (const std::bad_alloc&) {
      return OutOfMemory();
    } catch (const std::exception& error) {
      return Describe(error.what());
    }
  }

 protected:
  ArrowFile(std::string path, absl::StatusCode otherwise);

  absl::Status Explain(const arrow::Status& status) const;
  absl::Status OutOfMemory() const;
  absl::Status Describe(const std::string& message) const;

  std::string path_;
  absl::StatusCode otherwise_;
  std::shared_ptr<StorageFailure> failure_;
};

class ArrowInput : public ArrowFile {
 public:
  static absl::StatusOr<std::unique_ptr<ArrowInput>> Open(FileSystem& files,
                                                          const std::string& path);
  ~ArrowInput();

  const std::shared_ptr<arrow::io::RandomAccessFile>& stream() const { return stream_; }
  // Capped at kMaxArrowBytes. Must outlive every array read through it.
  arrow::MemoryPool* pool() const;
  int64_t size() const { return size_; }

 private:
  struct Pools;
  ArrowInput(const std::string& path, std::unique_ptr<RandomAccessFile> file);

  std::unique_ptr<Pools> pools_;
  int64_t size_;
  std::shared_ptr<arrow::io::RandomAccessFile> stream_;
};

// Buffers small writes; after a failure nothing more reaches the file.
class ArrowOutput : public ArrowFile {
 public:
  static absl::StatusOr<std::unique_ptr<ArrowOutput>> Open(FileSystem& files,
                                                           const std::string& path);
  ~ArrowOutput();

  const std::shared_ptr<arrow::io::OutputStream>& stream() const { return stream_; }
  // What is buffered goes to the file, which is synced and closed.
  absl::Status Finish();

 private:
  ArrowOutput(const std::string& path, std::unique_ptr<WritableFile> file);

  std::unique_ptr<WritableFile> file_;
  std::shared_ptr<arrow::io::OutputStream> stream_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_ARROW_FILE_ADAPTER_H_
