#include "engine/governance/identity_undo.h"

#include <nlohmann/json.hpp>

#include "engine/base/limits.h"
#include "engine/storage/line_log.h"
#include "engine/storage/manifest.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxUndoBytes = int64_t{256} << 20;

struct UndoLine {
  IdPair pair;
  bool undo = false;
};

absl::StatusOr<UndoLine> ParseLine(std::string_view text, const std::string& source) {
  BURGEON_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::Parse(text, source));
  const JsonNode root = document.root();
  UndoLine line;
  line.pair = IdPair(root["a"].String(), root["b"].String());
  line.undo = root["undo"].Bool();
  root["time"].String();
  BURGEON_RETURN_IF_ERROR(document.status());
  return line;
}

absl::Status CheckId(const std::string& id) {
  if (id.empty()) return InvalidArgument("undo of a merge: an id is wanted, not ''");
  if (static_cast<int64_t>(id.size()) > limits::kMaxIdBytes) {
    return InvalidArgument("undo of a merge: id '", Printable(id), "' has ", id.size(),
                           " bytes; at most ", limits::kMaxIdBytes, " are accepted");
  }
  if (!IsValidUtf8(id)) {
    return InvalidArgument("undo of a merge: id '", Printable(id), "' is not UTF-8");
  }
  return absl::OkStatus();
}

}  // namespace

std::string IdentityUndoPath(const Workspace& workspace) {
  return JoinPath(workspace.overlay(), "identity.jsonl");
}

absl::StatusOr<std::set<IdPair>> LoadUndoneLinks(FileSystem& files, const Workspace& workspace) {
  const std::string path = IdentityUndoPath(workspace);
  std::set<IdPair> undone;
  const auto apply = [&](std::string_view text, int64_t number) -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(UndoLine line, ParseLine(text, Concat(path, ":", number)));
    if (line.undo) {
      undone.insert(std::move(line.pair));
    } else {
      undone.erase(line.pair);
    }
    return absl::OkStatus();
  };
  BURGEON_RETURN_IF_ERROR(ReadLines(files, path, kMaxUndoBytes, apply));
  return undone;
}

absl::Status AppendUndo(FileSystem& files, const Workspace& workspace, const Clock& clock,
                        const IdPair& pair, UndoAction action) {
  BURGEON_RETURN_IF_ERROR(CheckId(pair.first));
  BURGEON_RETURN_IF_ERROR(CheckId(pair.second));
  if (pair.first == pair.second) {
    return InvalidArgument("undo of a merge: '", Printable(pair.first),
                           "' is there twice; wanted the two ids of a link");
  }
  const nlohmann::ordered_json line = {{"a", pair.first},
                                       {"b", pair.second},
                                       {"undo", action == UndoAction::kUndo},
                                       {"time", FormatTime(clock.Now())}};
  return AppendDurably(files, IdentityUndoPath(workspace), line.dump(), kMaxUndoBytes);
}

absl::StatusOr<int64_t> RemoveFromUndoneLinks(FileSystem& files, const Workspace& workspace,
                                              const StringSet& ids) {
  const std::string path = IdentityUndoPath(workspace);
  std::string kept;
  int64_t removed = 0;
  const auto look = [&](std::string_view text, int64_t number) -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(const UndoLine line, ParseLine(text, Concat(path, ":", number)));
    if (ids.contains(line.pair.first) || ids.contains(line.pair.second)) {
      ++removed;
    } else {
      kept.append(text).push_back('\n');
    }
    return absl::OkStatus();
  };
  BURGEON_RETURN_IF_ERROR(ReadLines(files, path, kMaxUndoBytes, look));
  if (removed > 0) BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files, path, kept));
  return removed;
}

}  // namespace burgeon
