// Candidates of a top-k scan, and the lists that come of them: each is scored by the canonical
// formula (cuda/top_k.h), in double, and sorted.
#ifndef BURGEON_CUDA_TOP_K_RANK_H_
#define BURGEON_CUDA_TOP_K_RANK_H_

#include <cstdint>

#include "cuda/top_k.h"

namespace burgeon::cuda {

inline constexpr int kCandidates = 1024;       // of a query, at most
inline constexpr int kTooManyCandidates = -1;  // in the place of their count

struct Candidate {
  float score;  // approximate
  uint32_t row;
};

// Of consecutive queries. On device memory, as all here.
struct CandidateBatch {
  int64_t first_query = 0;
  int64_t query_count = 0;
  Candidate* candidates = nullptr;  // [query_count, kCandidates]
  int* counts = nullptr;            // [query_count]
};

// Queries that have no list yet, in any order.
struct LeftToSort {
  int64_t* queries = nullptr;
  int* count = nullptr;
};

// Writes the lists of a batch; a query with kTooManyCandidates is added to `left` instead. Queued
// on the stream.
absl::Status RankCandidates(const Stream& stream, const TopKView& view, const CandidateBatch& batch,
                            int64_t kept, const TopKLists& lists, const LeftToSort& left);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_RANK_H_
