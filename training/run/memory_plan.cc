#include "training/run/memory_plan.h"

#include <algorithm>
#include <cstdio>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr int64_t kEventBytes = 4 + 1 + 8 + 4 + 8 + 4;  // SnapshotEvents, a row
constexpr int64_t kIdBytes = 96;

}  // namespace

int64_t PeakBytes(const std::vector<MemoryPhase>& phases) {
  int64_t peak = 0;
  for (const MemoryPhase& phase : phases) peak = std::max(peak, phase.bytes);
  return peak;
}

int64_t CsrBytes(int64_t rows, int64_t entries) { return 8 * (rows + 1) + 8 * entries; }

int64_t SnapshotBytes(const DataCounts& data) {
  return 3 * CsrBytes(data.customers, data.interactions) + kEventBytes * data.events +
         kIdBytes * (data.customers + data.items);
}

int64_t LibraryBytes(int threads) { return int64_t{threads} << 22; }

std::optional<int64_t> LargestThatFits(int64_t low, int64_t high, int64_t available_bytes,
                                       const std::function<int64_t(int64_t)>& bytes_of) {
  if (bytes_of(low) > available_bytes) return std::nullopt;
  while (low < high) {
    const int64_t middle = low + (high - low + 1) / 2;
    if (bytes_of(middle) <= available_bytes) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

std::string BytesText(int64_t bytes) {
  constexpr int64_t kMib = 1 << 20;
  char text[32];
  if (bytes < 1024) return Concat(bytes, " B");
  if (bytes < kMib) {
    std::snprintf(text, sizeof(text), "%.1f KiB", static_cast<double>(bytes) / 1024);
  } else if (bytes < 1024 * kMib) {
    std::snprintf(text, sizeof(text), "%.1f MiB", static_cast<double>(bytes) / kMib);
  } else {
    std::snprintf(text, sizeof(text), "%.2f GiB", static_cast<double>(bytes) / (1024.0 * kMib));
  }
  return text;
}

}  // namespace burgeon
