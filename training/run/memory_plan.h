// What a training will need of memory, before it starts: the bytes of each of its phases. The
// formulas stand beside the code that allocates (train_spectral.h, train_als.h, ...).
#ifndef BURGEON_TRAINING_RUN_MEMORY_PLAN_H_
#define BURGEON_TRAINING_RUN_MEMORY_PLAN_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace burgeon {

struct DataCounts {
  int64_t customers = 0;
  int64_t items = 0;
  int64_t interactions = 0;  // pairs of customer and item
  int64_t events = 0;        // rows of the log
};

struct MemoryPhase {
  std::string name;
  int64_t bytes = 0;  // at its highest, all that is held at that time
};

// The largest of them.
int64_t PeakBytes(const std::vector<MemoryPhase>& phases);

// A sparse matrix: offsets of 8 bytes, columns and values of 4.
int64_t CsrBytes(int64_t rows, int64_t entries);

// What stays from the first step to the last: the snapshot (interactions, items seen, events of 29
// bytes, ids taken as 96 bytes with their map) and the interactions of those who consent.
int64_t SnapshotBytes(const DataCounts& data);

// What the libraries take besides: OpenBLAS's packing buffers, 4 MiB a thread (measured).
int64_t LibraryBytes(int threads);

// The largest value from `low` to `high` whose bytes are at most `available`; nothing when even
// `low` is too much. bytes_of must not fall as its argument rises.
std::optional<int64_t> LargestThatFits(int64_t low, int64_t high, int64_t available_bytes,
                                       const std::function<int64_t(int64_t)>& bytes_of);

// "512 B", "3.4 MiB", "1.25 GiB".
std::string BytesText(int64_t bytes);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RUN_MEMORY_PLAN_H_
