// Session-kNN with weights by place, V-SKNN (Ludewig, Jannach, "Evaluation of session-based
// recommendation algorithms", UMUAI 2018): what others clicked who clicked what this session did.
//
//   w(i) = t / n for an item at place t of n (its last); of the sessions with an item in common the
//   `sample` newest are compared: sim(s) = sum of w over the items in common, and the `neighbours`
//   most similar add sim(s) (1 - 0.1 r) to each of their items, r how many places from the end the
//   newest item in common stands (none beyond 9).
#ifndef BURGEON_TRAINING_RECOMMENDER_SESSION_KNN_H_
#define BURGEON_TRAINING_RECOMMENDER_SESSION_KNN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/item_sequence.h"
#include "engine/base/thread_pool.h"
#include "engine/experiment/ranked_lists.h"

namespace burgeon {

struct SessionKnnOptions {
  int neighbours = 100;
  int sample = 1000;
};

class SessionKnn {
 public:
  // sessions: oldest first; items below `items`. Keeps the view.
  SessionKnn(const SequenceView& sessions, int64_t items, const SessionKnnOptions& options);

  // The k best items for each prefix, by score descending, then by row; items of the prefix among
  // them. Fewer where neighbours have fewer.
  RankedLists Rank(ThreadPool& pool, const SequenceView& prefixes, int k) const;

 private:
  std::vector<uint32_t> RankOne(std::span<const uint32_t> prefix, int k) const;

  SequenceView sessions_;
  SessionKnnOptions options_;
  std::vector<int64_t> offsets_;  // [items + 1] sessions of each item, ascending
  std::vector<uint32_t> sessions_of_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SESSION_KNN_H_
