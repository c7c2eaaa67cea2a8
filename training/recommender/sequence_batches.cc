#include "training/recommender/sequence_batches.h"

#include <algorithm>
#include <utility>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr uint64_t kRowStream = 0x736571726f77;    // "seqrow"; the epoch is added above
constexpr uint64_t kBatchStream = 0x736571626174;  // "seqbat"
constexpr int64_t kBatchesInRun = 16;

uint64_t OfEpoch(uint64_t stream, int epoch) {
  return stream ^ (static_cast<uint64_t>(epoch) << 48);
}

// Fisher and Yates.
template <class T>
void Shuffle(const Philox& random, std::vector<T>* values) {
  for (size_t i = values->size(); i > 1; --i) {
    std::swap((*values)[i - 1], (*values)[random.Below(i, i)]);
  }
}

}  // namespace

std::vector<std::vector<int64_t>> SequenceBatches(const SequenceView& sequences, int64_t length,
                                                  int64_t batch_size, uint64_t seed, int epoch) {
  std::vector<int64_t> rows;
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    if (sequences.row(u).size() >= 2) rows.push_back(u);
  }
  Shuffle(Philox(seed, OfEpoch(kRowStream, epoch)), &rows);
  const auto read = [&](int64_t u) { return std::min(std::ssize(sequences.row(u)) - 1, length); };
  std::vector<std::vector<int64_t>> batches;
  const int64_t run = kBatchesInRun * batch_size;
  for (int64_t begin = 0; begin < std::ssize(rows); begin += run) {
    const auto first = rows.begin() + begin;
    const auto last = rows.begin() + std::min<int64_t>(begin + run, std::ssize(rows));
    std::stable_sort(first, last, [&](int64_t a, int64_t b) { return read(a) < read(b); });
    for (auto at = first; at != last;) {
      const auto end = at + std::min<int64_t>(batch_size, last - at);
      batches.emplace_back(at, end);
      at = end;
    }
  }
  Shuffle(Philox(seed, OfEpoch(kBatchStream, epoch)), &batches);
  return batches;
}

}  // namespace burgeon
