#include "engine/storage/line_log.h"

#include <memory>
#include <span>

namespace burgeon {
namespace {

// Whether the file ends in the middle of a line, which an append that crashed left.
absl::StatusOr<bool> HasTornTail(FileSystem& files, const std::string& path) {
  if (!files.Exists(path)) return false;
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForRead(path));
  if (file->size() == 0) return false;
  char last = 0;
  BURGEON_RETURN_IF_ERROR(file->ReadAt(file->size() - 1, std::span(&last, 1)));
  return last != '\n';
}

}  // namespace

absl::Status AppendDurably(FileSystem& files, const std::string& path, std::string_view line,
                           int64_t max_bytes) {
  const std::string folder = ParentOf(path);
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  const std::string bytes = Concat(line, '\n');
  BURGEON_ASSIGN_OR_RETURN(const bool torn, HasTornTail(files, path));
  if (torn) {
    BURGEON_ASSIGN_OR_RETURN(std::string content, ReadWholeFile(files, path, max_bytes));
    content.resize(content.rfind('\n') + 1);  // npos + 1 is 0
    return WriteFileAtomically(files, path, content.append(bytes));
  }
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForAppend(path));
  BURGEON_RETURN_IF_ERROR(file->Append(bytes));
  BURGEON_RETURN_IF_ERROR(file->Sync());
  BURGEON_RETURN_IF_ERROR(file->Close());
  // Each time: the file may come from a process that ended before it synced the name.
  return files.SyncDirectory(folder);
}

absl::Status ReadLines(FileSystem& files, const std::string& path, int64_t max_bytes,
                       const std::function<absl::Status(std::string_view, int64_t)>& visit) {
  if (!files.Exists(path)) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const std::string content, ReadWholeFile(files, path, max_bytes));
  std::string_view rest = content;
  for (int64_t number = 1; rest.find('\n') != std::string_view::npos; ++number) {
    const size_t end = rest.find('\n');
    BURGEON_RETURN_IF_ERROR(visit(rest.substr(0, end), number));
    rest.remove_prefix(end + 1);
  }
  return absl::OkStatus();
}

}  // namespace burgeon
