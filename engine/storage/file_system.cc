#include "engine/storage/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

// Small appends are gathered up to this size, so that a writer of lines does not pay a system call
// a line.
constexpr size_t kWriteBufferBytes = 256 << 10;
// Some kernels and file systems refuse or shorten larger transfers.
constexpr size_t kMaxTransferBytes = 1 << 30;

absl::StatusCode CodeOfErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::StatusCode::kNotFound;
    case EEXIST:
    case ENOTEMPTY:
      return absl::StatusCode::kAlreadyExists;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return absl::StatusCode::kResourceExhausted;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

absl::Status ErrnoStatus(std::string_view path, std::string_view what, int error) {
  return MakeStatus(CodeOfErrno(error), path, ": cannot ", what, ": ",
                    std::generic_category().message(error));
}

// Opens, again when a signal interrupts. The descriptor, or -1 with errno set.
int OpenRetrying(const std::string& path, int flags) {
  for (;;) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
    if (descriptor >= 0 || errno != EINTR) return descriptor;
  }
}

class PosixWritableFile : public WritableFile {
 public:
  PosixWritableFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  ~PosixWritableFile() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  absl::Status Append(std::string_view bytes) override {
    BURGEON_CHECK(descriptor_ >= 0);
    BURGEON_RETURN_IF_ERROR(broken_);
    if (buffer_.size() + bytes.size() < kWriteBufferBytes) {
      buffer_.append(bytes);
      return absl::OkStatus();
    }
    BURGEON_RETURN_IF_ERROR(Flush());
    if (bytes.size() < kWriteBufferBytes) {
      buffer_.append(bytes);
      return absl::OkStatus();
    }
    return Write(bytes);
  }

  absl::Status Sync() override {
    BURGEON_CHECK(descriptor_ >= 0);
    BURGEON_RETURN_IF_ERROR(Flush());
    if (::fsync(descriptor_) != 0) broken_ = ErrnoStatus(path_, "sync", errno);
    return broken_;
  }

  absl::Status Close() override {
    BURGEON_CHECK(descriptor_ >= 0);
    const absl::Status flushed = Flush();
    const int result = ::close(std::exchange(descriptor_, -1));
    BURGEON_RETURN_IF_ERROR(flushed);
    // Linux has closed the descriptor even when it says EINTR.
    if (result != 0 && errno != EINTR) return ErrnoStatus(path_, "close", errno);
    return absl::OkStatus();
  }

 private:
  absl::Status Flush() {
    BURGEON_RETURN_IF_ERROR(broken_);
    BURGEON_RETURN_IF_ERROR(Write(buffer_));
    buffer_.clear();
    return absl::OkStatus();
  }

  absl::Status Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written =
          ::write(descriptor_, bytes.data(), std::min(bytes.size(), kMaxTransferBytes));
      if (written < 0) {
        if (errno == EINTR) continue;
        // What lies in the file now is not known: nothing more is written after the gap.
        broken_ = ErrnoStatus(path_, "write", errno);
        return broken_;
      }
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }

  const std::string path_;
  int descriptor_;
  std::string buffer_;
  absl::Status broken_;  // the first failure; every later call gives it again
};

class PosixRandomAccessFile : public RandomAccessFile {
 public:
  PosixRandomAccessFile(std::string path, int descriptor, int64_t size)
      : path_(std::move(path)), descriptor_(descriptor), size_(size) {}
  ~PosixRandomAccessFile() override { ::close(descriptor_); }

  int64_t size() const override { return size_; }

  absl::Status ReadAt(int64_t offset, std::span<char> out) const override {
    BURGEON_CHECK(offset >= 0);
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t got =
          ::pread(descriptor_, out.data() + done, std::min(out.size() - done, kMaxTransferBytes),
                  static_cast<off_t>(offset) + static_cast<off_t>(done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return ErrnoStatus(path_, "read", errno);
      }
      if (got == 0) {
        return DataLoss(path_, ": the file ends at byte ", offset + static_cast<int64_t>(done),
                        "; ", out.size(), " bytes at offset ", offset, " were wanted");
      }
      done += static_cast<size_t>(got);
    }
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  const int descriptor_;
  const int64_t size_;
};

class PosixFileSystem : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path) override {
    return OpenWritable(path, O_TRUNC, "create");
  }

  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override {
    return OpenWritable(path, O_APPEND, "open for appending");
  }

  absl::StatusOr<std::unique_ptr<RandomAccessFile>> OpenForRead(const std::string& path) override {
    const int descriptor = OpenRetrying(path, O_RDONLY);
    if (descriptor < 0) return ErrnoStatus(path, "open", errno);
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) {
      const int error = errno;
      ::close(descriptor);
      return ErrnoStatus(path, "read the size", error);
    }
    if (!S_ISREG(info.st_mode)) {
      ::close(descriptor);
      return InvalidArgument(path, ": is ", S_ISDIR(info.st_mode) ? "a folder" : "not a plain file",
                             "; a file was wanted");
    }
    return std::make_unique<PosixRandomAccessFile>(path, descriptor,
                                                   static_cast<int64_t>(info.st_size));
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
    return ErrnoStatus(from, Concat("rename to ", to), errno);
  }

  absl::Status RemoveFile(const std::string& path) override {
    if (::unlink(path.c_str()) == 0) return absl::OkStatus();
    return ErrnoStatus(path, "remove", errno);
  }

  absl::Status RemoveTree(const std::string& path) override {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error && error != std::errc::no_such_file_or_directory) {
      return ErrnoStatus(path, "remove the folder", error.value());
    }
    return absl::OkStatus();
  }

  absl::Status MakeDirectories(const std::string& path) override {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) {
      if (S_ISDIR(info.st_mode)) return absl::OkStatus();
      return AlreadyExists(path, ": is a file; a folder was wanted");
    }
    const std::string parent = ParentOf(path);
    if (parent != path) BURGEON_RETURN_IF_ERROR(MakeDirectories(parent));
    // Another process may have made it meanwhile.
    if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
      return ErrnoStatus(path, "make the folder", errno);
    }
    return SyncDirectory(parent);
  }

  absl::Status SyncDirectory(const std::string& path) override {
    const int descriptor = OpenRetrying(path, O_RDONLY | O_DIRECTORY);
    if (descriptor < 0) return ErrnoStatus(path, "open the folder", errno);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0) return ErrnoStatus(path, "sync the folder", error);
    return absl::OkStatus();
  }

  bool Exists(const std::string& path) override {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0;
  }

  absl::StatusOr<std::vector<std::string>> List(const std::string& path) override {
    std::error_code error;
    std::filesystem::directory_iterator entry(path, error);
    std::vector<std::string> names;
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) return ErrnoStatus(path, "list the folder", error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  static absl::StatusOr<std::unique_ptr<WritableFile>> OpenWritable(const std::string& path,
                                                                    int flags,
                                                                    std::string_view what) {
    const int descriptor = OpenRetrying(path, O_WRONLY | O_CREAT | flags);
    if (descriptor < 0) return ErrnoStatus(path, what, errno);
    return std::make_unique<PosixWritableFile>(path, descriptor);
  }
};

absl::Status WriteSynced(FileSystem& files, const std::string& path, std::string_view content) {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForWrite(path));
  BURGEON_RETURN_IF_ERROR(file->Append(content));
  BURGEON_RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

}  // namespace

FileSystem& RealFileSystem() {
  static PosixFileSystem files;
  return files;
}

absl::StatusOr<std::string> ReadWholeFile(FileSystem& files, const std::string& path,
                                          int64_t max_bytes) {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForRead(path));
  if (file->size() > max_bytes) {
    return ResourceExhausted(path, ": ", file->size(), " bytes; at most ", max_bytes,
                             " are accepted");
  }
  std::string content(static_cast<size_t>(file->size()), '\0');
  BURGEON_RETURN_IF_ERROR(file->ReadAt(0, content));
  return content;
}

absl::Status WriteFileAtomically(FileSystem& files, const std::string& path,
                                 std::string_view content) {
  const std::string temporary = path + ".tmp";
  absl::Status status = WriteSynced(files, temporary, content);
  if (status.ok()) status = files.Rename(temporary, path);
  if (!status.ok()) {
    // The error to report is the first one; the leftover is overwritten by the next attempt.
    files.RemoveFile(temporary).IgnoreError();
    return status;
  }
  return files.SyncDirectory(ParentOf(path));
}

absl::Status RemoveTemporaries(FileSystem& files, const std::string& folder) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List(folder));
  for (const std::string& name : names) {
    if (name.rfind(kTemporaryPrefix, 0) == 0) {
      BURGEON_RETURN_IF_ERROR(files.RemoveTree(JoinPath(folder, name)));
    }
  }
  return absl::OkStatus();
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  if (folder.empty()) return std::string(name);
  if (folder.back() == '/') return Concat(folder, name);
  return Concat(folder, "/", name);
}

std::string ParentOf(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  if (slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

absl::StatusOr<FileLock> FileLock::Acquire(const std::string& path) {
  const int descriptor = OpenRetrying(path, O_RDWR | O_CREAT);
  if (descriptor < 0) return ErrnoStatus(path, "open the lock file", errno);
  int result = 0;
  do {
    result = ::flock(descriptor, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return FileLock(descriptor);
  const int error = errno;
  ::close(descriptor);
  if (error == EWOULDBLOCK) {
    return FailedPrecondition(path, ": another process holds this lock; wait until it has ended");
  }
  return ErrnoStatus(path, "lock", error);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);  // closing releases the lock
}

}  // namespace burgeon
