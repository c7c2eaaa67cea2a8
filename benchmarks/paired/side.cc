#include "benchmarks/paired/side.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>

namespace burgeon {
namespace {

template <class T>
std::vector<T> ReadArray(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) Fail("cannot read " + path);
  const auto bytes = static_cast<size_t>(in.tellg());
  std::vector<T> values(bytes / sizeof(T));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(bytes));
  return values;
}

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

void ServeSide(const std::function<void()>& work,
               const std::function<void(const std::string& path)>& write) {
  std::cout << "{}" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.starts_with("write ")) {
      write(line.substr(6));
      std::cout << "{}" << std::endl;
      continue;
    }
    const double cpu = CpuSeconds();
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("{\"seconds\": %.9f, \"cpu_seconds\": %.9f}\n", seconds.count(),
                CpuSeconds() - cpu);
    std::fflush(stdout);
  }
}

std::vector<float> ReadFloats(const std::string& path) { return ReadArray<float>(path); }
std::vector<int64_t> ReadInt64s(const std::string& path) { return ReadArray<int64_t>(path); }
std::vector<uint32_t> ReadUint32s(const std::string& path) { return ReadArray<uint32_t>(path); }

void WriteBytes(const std::string& path, const void* data, size_t bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
  if (!out) Fail("cannot write " + path);
}

void Fail(const std::string& message) {
  std::cerr << message << "\n";
  std::exit(1);
}

}  // namespace burgeon
