// Our half of the protocol of benchmarks/paired/paired.py, and the raw arrays the driver leaves on
// disk (numpy's tofile, little-endian).
#ifndef BURGEON_BENCHMARKS_PAIRED_SIDE_H_
#define BURGEON_BENCHMARKS_PAIRED_SIDE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace burgeon {

// Prints {}, then does `work` for each line `run` of standard input, and `write(path)` for `write
// PATH`, until the input ends.
void ServeSide(const std::function<void()>& work,
               const std::function<void(const std::string& path)>& write);

std::vector<float> ReadFloats(const std::string& path);
std::vector<int64_t> ReadInt64s(const std::string& path);
std::vector<uint32_t> ReadUint32s(const std::string& path);
void WriteBytes(const std::string& path, const void* data, size_t bytes);
// Prints to standard error and exits with 1.
[[noreturn]] void Fail(const std::string& message);

}  // namespace burgeon

#endif  // BURGEON_BENCHMARKS_PAIRED_SIDE_H_
