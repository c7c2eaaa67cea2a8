// How much memory this process may still take: the least of what the machine has to give
// (MemAvailable) and what every control group above the process leaves (cgroup v2 and v1).
//
//   const HostMemory memory = QueryHostMemory();
//   if (needed_bytes > memory.available_bytes) ...
#ifndef BURGEON_ENGINE_BASE_HOST_MEMORY_H_
#define BURGEON_ENGINE_BASE_HOST_MEMORY_H_

#include <cstdint>
#include <string>

namespace burgeon {

struct HostMemory {
  int64_t available_bytes = INT64_MAX;  // INT64_MAX: nothing says
  std::string source = "not known";     // what set the limit: "MemAvailable", "cgroup /a/b"
};

// `root`: the folder that /proc and /sys are in; "" in earnest.
HostMemory QueryHostMemory(const std::string& root = "");

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_HOST_MEMORY_H_
