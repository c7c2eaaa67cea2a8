#include "engine/dataset/session_file.h"

#include <string_view>

#include "engine/base/hash.h"
#include "engine/dataset/id_lines.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxSessionFileBytes = int64_t{4} << 30;

absl::Status ReadTrain(std::string_view text, const std::string& path, SessionData* out) {
  std::vector<std::vector<std::string_view>> sessions;
  StringSet unique;
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(text, [&](int64_t number, std::string_view line) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(std::vector<std::string_view> ids, ReadIds(line, number, path));
        if (ids.empty()) return absl::OkStatus();
        for (const std::string_view id : ids) unique.emplace(id);
        sessions.push_back(std::move(ids));
        return absl::OkStatus();
      }));
  if (sessions.empty()) return InvalidArgument(path, ": there is no session in it");
  BURGEON_ASSIGN_OR_RETURN(out->items, Vocabulary::FromIds({unique.begin(), unique.end()}));
  for (const auto& ids : sessions) {
    for (const std::string_view id : ids) out->train.items.push_back(*out->items.Find(id));
    out->train.offsets.push_back(std::ssize(out->train.items));
  }
  return absl::OkStatus();
}

absl::Status ReadTest(std::string_view text, const std::string& path, SessionData* out) {
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(text, [&](int64_t number, std::string_view line) -> absl::Status {
        if (SplitAtBlanks(line).empty()) return absl::OkStatus();
        const size_t tab = line.find('\t');
        BURGEON_ASSIGN_OR_RETURN(const auto prefix, ReadIds(line.substr(0, tab), number, path));
        const std::string_view rest =
            tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
        BURGEON_ASSIGN_OR_RETURN(const auto target, ReadIds(rest, number, path));
        if (prefix.empty() || target.size() != 1) {
          return InvalidArgument(path, ":", number, ": '", Printable(line, 60),
                                 "' is not items, a tab, and the item that followed");
        }
        for (const std::string_view id : prefix) {
          if (const auto row = out->items.Find(id)) out->prefixes.items.push_back(*row);
        }
        out->prefixes.offsets.push_back(std::ssize(out->prefixes.items));
        out->targets.push_back(out->items.Find(target[0]).value_or(kUnknownItem));
        return absl::OkStatus();
      }));
  if (out->targets.empty()) return InvalidArgument(path, ": there is no line in it");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SessionData> ReadSessionFiles(FileSystem& files, const std::string& train_path,
                                             const std::string& test_path) {
  SessionData out;
  BURGEON_ASSIGN_OR_RETURN(const std::string train,
                           ReadWholeFile(files, train_path, kMaxSessionFileBytes));
  BURGEON_RETURN_IF_ERROR(ReadTrain(train, train_path, &out));
  BURGEON_ASSIGN_OR_RETURN(const std::string test,
                           ReadWholeFile(files, test_path, kMaxSessionFileBytes));
  BURGEON_RETURN_IF_ERROR(ReadTest(test, test_path, &out));
  return out;
}

}  // namespace burgeon
