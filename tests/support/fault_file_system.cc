#include "tests/support/fault_file_system.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/philox.h"

namespace burgeon {

// A file or a folder. `names` and `data` are what a running program sees.
struct FaultFileSystem::Node {
  // One change of a folder: what a crash keeps of it is all or nothing.
  struct Change {
    std::string removed;  // "" none
    std::string added;    // "" none
    NodePointer node;
  };
  static void Apply(const Change& change, std::map<std::string, NodePointer>* names) {
    if (!change.removed.empty()) names->erase(change.removed);
    if (!change.added.empty()) (*names)[change.added] = change.node;
  }
  void Do(Change change) {
    Apply(change, &names);
    pending.push_back(std::move(change));
  }

  bool is_folder = false;
  std::map<std::string, NodePointer> names;
  std::map<std::string, NodePointer> durable_names;
  std::vector<Change> pending;  // since the last SyncDirectory
  std::string data;
  std::string durable_data;
  bool sync_failed = false;  // the kernel forgets dirty pages: a later Sync proves nothing
};

namespace {

std::vector<std::string> Components(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return parts;
}

std::string NameOf(const std::string& path) {
  const std::vector<std::string> parts = Components(path);
  BURGEON_CHECK(!parts.empty());
  return parts.back();
}

// What a crash may leave of a file: the old bytes, or a part of the new ones, the rest missing or
// zero (a size that reached the disk before the bytes).
std::string TornData(const std::string& durable, const std::string& latest, const Philox& random,
                     uint64_t* drawn) {
  if (durable == latest) return latest;
  const bool appended = latest.compare(0, durable.size(), durable) == 0;
  if (!appended && random.Below((*drawn)++, 3) == 0) return durable;
  const size_t fixed = appended ? durable.size() : 0;
  const size_t kept = fixed + random.Below((*drawn)++, latest.size() - fixed + 1);
  std::string torn = latest.substr(0, kept);
  if (random.Below((*drawn)++, 2) == 0) torn.resize(latest.size(), '\0');
  return torn;
}

}  // namespace

std::string_view SurvivalName(Survival survival) {
  switch (survival) {
    case Survival::kDropUnsynced:
      return "drop unsynced";
    case Survival::kKeepAll:
      return "keep all";
    case Survival::kKeepNames:
      return "keep names";
    case Survival::kTorn:
      return "torn";
  }
  BURGEON_CHECK(false);
}

class FaultFileSystem::Writer : public WritableFile {
 public:
  Writer(FaultFileSystem* files, std::string path, NodePointer node)
      : files_(files), path_(std::move(path)), node_(std::move(node)) {}

  absl::Status Append(std::string_view bytes) override {
    const std::lock_guard lock(files_->mutex_);
    const bool dead = files_->crashed_;
    const absl::Status status = files_->Step("append", path_, Space::kNeeded);
    // A machine crashes, and a disk runs full, in the middle of a write.
    if (!dead) node_->data += status.ok() ? bytes : bytes.substr(0, bytes.size() / 2);
    return status;
  }
  absl::Status Sync() override {
    const std::lock_guard lock(files_->mutex_);
    const absl::Status status = files_->Step("sync", path_, Space::kFreed);
    if (!status.ok()) node_->sync_failed = true;
    if (status.ok() && !node_->sync_failed) node_->durable_data = node_->data;
    return status;
  }
  absl::Status Close() override {
    const std::lock_guard lock(files_->mutex_);
    return files_->Step("close", path_, Space::kFreed);
  }

 private:
  FaultFileSystem* files_;
  const std::string path_;
  const NodePointer node_;
};

class FaultFileSystem::Reader : public RandomAccessFile {
 public:
  Reader(FaultFileSystem* files, std::string path, NodePointer node)
      : files_(files),
        path_(std::move(path)),
        node_(std::move(node)),
        size_(static_cast<int64_t>(node_->data.size())) {}

  int64_t size() const override { return size_; }
  absl::Status ReadAt(int64_t offset, std::span<char> out) const override {
    const std::lock_guard lock(files_->mutex_);
    BURGEON_RETURN_IF_ERROR(files_->Step("read", path_, Space::kFreed));
    const auto begin = static_cast<size_t>(offset);
    if (begin > node_->data.size() || out.size() > node_->data.size() - begin) {
      return DataLoss(path_, ": the file ends at byte ", node_->data.size());
    }
    std::copy_n(node_->data.begin() + offset, out.size(), out.begin());
    return absl::OkStatus();
  }

 private:
  FaultFileSystem* files_;
  const std::string path_;
  const NodePointer node_;
  const int64_t size_;
};

FaultFileSystem::FaultFileSystem() : root_(std::make_shared<Node>()) { root_->is_folder = true; }
FaultFileSystem::~FaultFileSystem() = default;

int64_t FaultFileSystem::steps() const {
  const std::lock_guard lock(mutex_);
  return steps_;
}

std::vector<std::string> FaultFileSystem::log() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

void FaultFileSystem::CrashAfter(int64_t steps) {
  const std::lock_guard lock(mutex_);
  crash_at_ = steps_ + steps;
}

void FaultFileSystem::FailAfter(int64_t steps, FaultKind kind) {
  const std::lock_guard lock(mutex_);
  fail_at_ = steps_ + steps;
  fault_ = kind;
}

bool FaultFileSystem::crashed() const {
  const std::lock_guard lock(mutex_);
  return crashed_;
}

absl::Status FaultFileSystem::Step(std::string_view what, std::string_view path, Space space) {
  if (crashed_ || steps_ >= crash_at_) {
    crashed_ = true;
    return Unavailable(path, ": cannot ", what, ": the machine has crashed");
  }
  const int64_t step = steps_++;
  log_.push_back(Concat(what, " ", path));
  if (fault_ == FaultKind::kIoError && step == fail_at_) {
    return Unavailable(path, ": cannot ", what, ": Input/output error");
  }
  if (fault_ == FaultKind::kDiskFull && step >= fail_at_ && space == Space::kNeeded) {
    return ResourceExhausted(path, ": cannot ", what, ": No space left on device");
  }
  return absl::OkStatus();
}

std::unique_ptr<FaultFileSystem> FaultFileSystem::Clone() const {
  return Survivor(Survival::kKeepAll, 0);
}

std::unique_ptr<FaultFileSystem> FaultFileSystem::Survivor(Survival survival, uint64_t seed) const {
  const std::lock_guard lock(mutex_);
  const Philox random(seed, /*stream=*/0);
  uint64_t drawn = 0;
  const auto copy = [&](const auto& self, const Node& node) -> NodePointer {
    auto out = std::make_shared<Node>();
    out->is_folder = node.is_folder;
    out->data = node.durable_data;
    if (survival == Survival::kKeepAll) out->data = node.data;
    if (survival == Survival::kTorn) {
      out->data = TornData(node.durable_data, node.data, random, &drawn);
    }
    out->durable_data = out->data;
    size_t changes = node.pending.size();
    if (survival == Survival::kDropUnsynced) changes = 0;
    if (survival == Survival::kTorn) changes = random.Below(drawn++, changes + 1);
    auto names = node.durable_names;
    for (size_t i = 0; i < changes; ++i) Node::Apply(node.pending[i], &names);
    for (const auto& [name, child] : names) out->names[name] = self(self, *child);
    out->durable_names = out->names;
    return out;
  };
  auto out = std::make_unique<FaultFileSystem>();
  out->root_ = copy(copy, *root_);
  return out;
}

std::string FaultFileSystem::Content(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const NodePointer node = Find(path);
  return node == nullptr ? "" : node->data;
}

void FaultFileSystem::SetContent(const std::string& path, std::string content) {
  const std::lock_guard lock(mutex_);
  const NodePointer node = Find(path);
  BURGEON_CHECK(node != nullptr && !node->is_folder);
  node->data = content;
  node->durable_data = std::move(content);
}

FaultFileSystem::NodePointer FaultFileSystem::Find(const std::string& path) const {
  NodePointer node = root_;
  for (const std::string& part : Components(path)) {
    const auto found = node->names.find(part);
    if (found == node->names.end()) return nullptr;
    node = found->second;
  }
  return node;
}

absl::StatusOr<FaultFileSystem::NodePointer> FaultFileSystem::FindFolder(
    const std::string& path) const {
  NodePointer node = Find(path);
  if (node == nullptr || !node->is_folder) return NotFound(path, ": no such folder");
  return node;
}

absl::StatusOr<std::unique_ptr<WritableFile>> FaultFileSystem::OpenWritable(const std::string& path,
                                                                            bool truncate) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step(truncate ? "create" : "open for appending", path, Space::kNeeded));
  BURGEON_ASSIGN_OR_RETURN(const NodePointer folder, FindFolder(ParentOf(path)));
  NodePointer node = Find(path);
  if (node == nullptr) {
    node = std::make_shared<Node>();
    folder->Do({.removed = "", .added = NameOf(path), .node = node});
  }
  if (node->is_folder) return Unavailable(path, ": is a folder");
  if (truncate) node->data.clear();
  return std::make_unique<Writer>(this, path, node);
}

absl::StatusOr<std::unique_ptr<WritableFile>> FaultFileSystem::OpenForWrite(
    const std::string& path) {
  return OpenWritable(path, /*truncate=*/true);
}

absl::StatusOr<std::unique_ptr<WritableFile>> FaultFileSystem::OpenForAppend(
    const std::string& path) {
  return OpenWritable(path, /*truncate=*/false);
}

absl::StatusOr<std::unique_ptr<RandomAccessFile>> FaultFileSystem::OpenForRead(
    const std::string& path) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step("open", path, Space::kFreed));
  NodePointer node = Find(path);
  if (node == nullptr) return NotFound(path, ": cannot open: No such file or directory");
  if (node->is_folder) return InvalidArgument(path, ": is a folder; a file was wanted");
  return std::make_unique<Reader>(this, path, std::move(node));
}

absl::Status FaultFileSystem::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step("rename", Concat(from, " to ", to), Space::kFreed));
  const NodePointer node = Find(from);
  if (node == nullptr) return NotFound(from, ": cannot rename: No such file or directory");
  const NodePointer there = Find(to);
  if (there != nullptr && (there->is_folder != node->is_folder || !there->names.empty())) {
    return AlreadyExists(from, ": cannot rename to ", to, ": Directory not empty");
  }
  BURGEON_ASSIGN_OR_RETURN(const NodePointer source, FindFolder(ParentOf(from)));
  BURGEON_ASSIGN_OR_RETURN(const NodePointer target, FindFolder(ParentOf(to)));
  if (source == target) {
    source->Do({.removed = NameOf(from), .added = NameOf(to), .node = node});
  } else {
    target->Do({.removed = "", .added = NameOf(to), .node = node});
    source->Do({.removed = NameOf(from), .added = "", .node = nullptr});
  }
  return absl::OkStatus();
}

absl::Status FaultFileSystem::RemoveFile(const std::string& path) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step("remove", path, Space::kFreed));
  const NodePointer node = Find(path);
  if (node == nullptr) return NotFound(path, ": cannot remove: No such file or directory");
  if (node->is_folder) return Unavailable(path, ": cannot remove: Is a directory");
  BURGEON_ASSIGN_OR_RETURN(const NodePointer folder, FindFolder(ParentOf(path)));
  folder->Do({.removed = NameOf(path), .added = "", .node = nullptr});
  return absl::OkStatus();
}

absl::Status FaultFileSystem::RemoveEntries(const std::string& path, Node* folder) {
  const std::map<std::string, NodePointer> names = folder->names;
  for (const auto& [name, child] : names) {
    const std::string below = JoinPath(path, name);
    if (child->is_folder) BURGEON_RETURN_IF_ERROR(RemoveEntries(below, child.get()));
    BURGEON_RETURN_IF_ERROR(Step("remove", below, Space::kFreed));
    folder->Do({.removed = name, .added = "", .node = nullptr});
  }
  return absl::OkStatus();
}

absl::Status FaultFileSystem::RemoveTree(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const NodePointer node = Find(path);
  if (node == nullptr) return crashed_ ? Step("remove", path, Space::kFreed) : absl::OkStatus();
  if (node->is_folder) BURGEON_RETURN_IF_ERROR(RemoveEntries(path, node.get()));
  BURGEON_RETURN_IF_ERROR(Step("remove", path, Space::kFreed));
  BURGEON_ASSIGN_OR_RETURN(const NodePointer folder, FindFolder(ParentOf(path)));
  folder->Do({.removed = NameOf(path), .added = "", .node = nullptr});
  return absl::OkStatus();
}

absl::Status FaultFileSystem::MakeDirectories(const std::string& path) {
  const std::lock_guard lock(mutex_);
  NodePointer node = root_;
  std::string below = path.rfind('/', 0) == 0 ? "/" : "";
  for (const std::string& part : Components(path)) {
    below = JoinPath(below, part);
    const auto found = node->names.find(part);
    if (found != node->names.end()) {
      node = found->second;
      if (!node->is_folder) return AlreadyExists(below, ": is a file; a folder was wanted");
      continue;
    }
    BURGEON_RETURN_IF_ERROR(Step("make folder", below, Space::kNeeded));
    const auto made = std::make_shared<Node>();
    made->is_folder = true;
    node->Do({.removed = "", .added = part, .node = made});
    BURGEON_RETURN_IF_ERROR(Step("sync folder", ParentOf(below), Space::kFreed));
    node->durable_names = node->names;
    node->pending.clear();
    node = made;
  }
  return absl::OkStatus();
}

absl::Status FaultFileSystem::SyncDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step("sync folder", path, Space::kFreed));
  BURGEON_ASSIGN_OR_RETURN(const NodePointer folder, FindFolder(path));
  folder->durable_names = folder->names;
  folder->pending.clear();
  return absl::OkStatus();
}

bool FaultFileSystem::Exists(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return Find(path) != nullptr;
}

absl::StatusOr<std::vector<std::string>> FaultFileSystem::List(const std::string& path) {
  const std::lock_guard lock(mutex_);
  BURGEON_RETURN_IF_ERROR(Step("list", path, Space::kFreed));
  BURGEON_ASSIGN_OR_RETURN(const NodePointer folder, FindFolder(path));
  std::vector<std::string> names;
  for (const auto& [name, node] : folder->names) names.push_back(name);
  return names;
}

}  // namespace burgeon
