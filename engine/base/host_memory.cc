#include "engine/base/host_memory.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>

#include "engine/base/text.h"

namespace burgeon {
namespace {

// The number behind `key` on a line of its own ("MemAvailable:  123 kB", "inactive_file 123").
std::optional<int64_t> NumberOf(const std::string& path, std::string_view key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    std::string_view rest = TrimAscii(std::string_view(line).substr(key.size()));
    rest = rest.substr(0, rest.find(' '));
    return ParseInt64(rest);
  }
  return std::nullopt;
}

std::optional<int64_t> OneNumber(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  if (!(file >> word)) return std::nullopt;
  return ParseInt64(word);  // "max" is no number: no limit
}

void Lower(int64_t bytes, std::string source, HostMemory* memory) {
  if (bytes >= memory->available_bytes) return;
  *memory = {std::max<int64_t>(0, bytes), std::move(source)};
}

struct GroupFiles {
  const char* limit;
  const char* usage;
  const char* inactive;  // of memory.stat: file pages that the kernel gives back
};
constexpr GroupFiles kVersion2 = {"/memory.max", "/memory.current", "inactive_file "};
constexpr GroupFiles kVersion1 = {"/memory.limit_in_bytes", "/memory.usage_in_bytes",
                                  "total_inactive_file "};

// The group at `path` and all above it.
void LowerByGroups(const std::string& mount, std::string path, const GroupFiles& names,
                   HostMemory* memory) {
  for (;;) {
    if (path == "/") path.clear();
    const std::string folder = mount + path;
    const auto limit = OneNumber(folder + names.limit);
    const auto usage = OneNumber(folder + names.usage);
    if (limit && usage) {
      const int64_t reclaimed = NumberOf(folder + "/memory.stat", names.inactive).value_or(0);
      Lower(*limit - (*usage - std::min(reclaimed, *usage)),
            Concat("cgroup ", path.empty() ? "/" : path), memory);
    }
    if (path.empty()) return;
    path.resize(path.rfind('/'));
  }
}

}  // namespace

HostMemory QueryHostMemory(const std::string& root) {
  HostMemory memory;
  const auto available = NumberOf(root + "/proc/meminfo", "MemAvailable:");
  if (available && *available < INT64_MAX / 1024) Lower(*available * 1024, "MemAvailable", &memory);
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "0::/a/b" or "4:cpu,memory:/a/b"
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (!path.starts_with('/')) continue;
    if (controllers == ",,") LowerByGroups(root + "/sys/fs/cgroup", path, kVersion2, &memory);
    if (controllers.find(",memory,") != std::string::npos) {
      LowerByGroups(root + "/sys/fs/cgroup/memory", path, kVersion1, &memory);
    }
  }
  return memory;
}

}  // namespace burgeon
