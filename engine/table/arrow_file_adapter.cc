#include "engine/table/arrow_file_adapter.h"

#include <algorithm>
#include <mutex>
#include <span>
#include <string_view>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/result.h>
#include <arrow/status.h>

namespace burgeon {
namespace {

// Parquet writes a page header and a page at a time; the file sees blocks of this size.
constexpr size_t kWriteBlockBytes = size_t{256} << 10;

arrow::Status StorageError(StorageFailure& failure, const absl::Status& status) {
  failure.Set(status);
  return arrow::Status::IOError(MessageOf(status));
}

class InputAdapter : public arrow::io::RandomAccessFile {
 public:
  InputAdapter(std::unique_ptr<burgeon::RandomAccessFile> file,
               std::shared_ptr<StorageFailure> failure)
      : file_(std::move(file)), failure_(std::move(failure)) {}

  using arrow::io::RandomAccessFile::ReadAt;

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }
  arrow::Result<int64_t> GetSize() override { return file_->size(); }

  arrow::Status Seek(int64_t position) override {
    if (position < 0) return arrow::Status::Invalid("seek before the begin of the file");
    position_ = position;
    return arrow::Status::OK();
  }

  arrow::Result<int64_t> Read(int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t read, ReadAt(position_, bytes, out));
    position_ += read;
    return read;
  }

  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
    position_ += buffer->size();
    return buffer;
  }

  arrow::Result<int64_t> ReadAt(int64_t position, int64_t bytes, void* out) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t within, Within(position, bytes));
    if (within == 0) return 0;
    const std::span<char> target(static_cast<char*>(out), static_cast<size_t>(within));
    const absl::Status status = file_->ReadAt(position, target);
    if (!status.ok()) return StorageError(*failure_, status);
    return within;
  }

  // Sizes come from the file and may be damaged: nothing is allocated beyond its end.
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(int64_t position, int64_t bytes) override {
    ARROW_ASSIGN_OR_RAISE(const int64_t within, Within(position, bytes));
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, arrow::AllocateBuffer(within));
    ARROW_RETURN_NOT_OK(ReadAt(position, within, buffer->mutable_data()).status());
    return buffer;
  }

 private:
  arrow::Result<int64_t> Within(int64_t position, int64_t bytes) const {
    if (position < 0 || bytes < 0) {
      return arrow::Status::Invalid("read of ", bytes, " bytes at ", position);
    }
    return std::clamp<int64_t>(file_->size() - position, 0, bytes);
  }

  std::unique_ptr<burgeon::RandomAccessFile> file_;
  std::shared_ptr<StorageFailure> failure_;
  int64_t position_ = 0;
  bool closed_ = false;
};

class OutputAdapter : public arrow::io::OutputStream {
 public:
  OutputAdapter(WritableFile& file, std::shared_ptr<StorageFailure> failure)
      : file_(file), failure_(std::move(failure)) {}

  using arrow::io::OutputStream::Write;

  // Parquet's writer closes its stream when it is destroyed, also after an error; ArrowOutput
  // closes the file.
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<int64_t> Tell() const override { return position_; }

  arrow::Status Write(const void* data, int64_t bytes) override {
    buffer_.append(static_cast<const char*>(data), static_cast<size_t>(bytes));
    position_ += bytes;
    return buffer_.size() >= kWriteBlockBytes ? Flush() : arrow::Status::OK();
  }

  arrow::Status Flush() override {
    const absl::Status before = failure_->Get();
    if (!before.ok()) return arrow::Status::IOError(MessageOf(before));
    if (buffer_.empty()) return arrow::Status::OK();
    const absl::Status status = file_.Append(buffer_);
    buffer_.clear();
    return status.ok() ? arrow::Status::OK() : StorageError(*failure_, status);
  }

 private:
  WritableFile& file_;
  std::shared_ptr<StorageFailure> failure_;
  std::string buffer_;
  int64_t position_ = 0;
  bool closed_ = false;
};

}  // namespace

struct StorageFailure::State {
  mutable std::mutex mutex;
  absl::Status status;
};

StorageFailure::StorageFailure() : state_(std::make_unique<State>()) {}
StorageFailure::~StorageFailure() = default;

void StorageFailure::Set(const absl::Status& status) {
  const std::lock_guard lock(state_->mutex);
  if (state_->status.ok()) state_->status = status;
}

absl::Status StorageFailure::Get() const {
  const std::lock_guard lock(state_->mutex);
  return state_->status;
}

ArrowFile::ArrowFile(std::string path, absl::StatusCode otherwise)
    : path_(std::move(path)), otherwise_(otherwise), failure_(std::make_shared<StorageFailure>()) {}

absl::Status ArrowFile::Explain(const arrow::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  if (status.IsOutOfMemory()) return OutOfMemory();
  return Describe(status.message());
}

absl::Status ArrowFile::OutOfMemory() const {
  return ResourceExhausted(path_, ": holding its columns takes more memory than there is (at most ",
                           kMaxArrowBytes >> 20, " MiB a file)");
}

absl::Status ArrowFile::Describe(const std::string& message) const {
  const absl::Status storage = failure_->Get();
  if (!storage.ok()) return storage;
  return MakeStatus(otherwise_, path_, ": Parquet: ", Printable(message, 400));
}

struct ArrowInput::Pools {
  arrow::ProxyMemoryPool counted{arrow::default_memory_pool()};
  arrow::CappedMemoryPool capped{&counted, kMaxArrowBytes};
};

ArrowInput::ArrowInput(const std::string& path, std::unique_ptr<RandomAccessFile> file)
    : ArrowFile(path, absl::StatusCode::kDataLoss),
      pools_(std::make_unique<Pools>()),
      size_(file->size()),
      stream_(std::make_shared<InputAdapter>(std::move(file), failure_)) {}

ArrowInput::~ArrowInput() = default;

absl::StatusOr<std::unique_ptr<ArrowInput>> ArrowInput::Open(FileSystem& files,
                                                             const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(auto file, files.OpenForRead(path));
  return std::unique_ptr<ArrowInput>(new ArrowInput(path, std::move(file)));
}

arrow::MemoryPool* ArrowInput::pool() const { return &pools_->capped; }

ArrowOutput::ArrowOutput(const std::string& path, std::unique_ptr<WritableFile> file)
    : ArrowFile(path, absl::StatusCode::kInternal),
      file_(std::move(file)),
      stream_(std::make_shared<OutputAdapter>(*file_, failure_)) {}

ArrowOutput::~ArrowOutput() = default;

absl::StatusOr<std::unique_ptr<ArrowOutput>> ArrowOutput::Open(FileSystem& files,
                                                               const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(auto file, files.OpenForWrite(path));
  return std::unique_ptr<ArrowOutput>(new ArrowOutput(path, std::move(file)));
}

absl::Status ArrowOutput::Finish() {
  BURGEON_RETURN_IF_ERROR(Run([&] { return stream_->Flush(); }));
  BURGEON_RETURN_IF_ERROR(file_->Sync());
  return file_->Close();
}

}  // namespace burgeon
