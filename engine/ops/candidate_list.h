// The best k items of one query, from scores that are known within an error: keeps every item that
// may be among the k best, and finds their order by canonical scores (engine/ops/top_k.h).
//
//   CandidateList list(query, items, k);
//   list.Add(row, score, error);          // |score - canonical| <= error
//   list.Finish(&out);                    // exactly the k best, in order
//
// Memory is bounded by 2k + 64 candidates: when more lie too close to tell apart, they are scored
// canonically on the spot. Not thread-safe; the views must outlive the list.
#ifndef BURGEON_ENGINE_OPS_CANDIDATE_LIST_H_
#define BURGEON_ENGINE_OPS_CANDIDATE_LIST_H_

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/top_k.h"

namespace burgeon {

class CandidateList {
 public:
  // k >= 1; k past the number of items is taken as that number.
  CandidateList(std::span<const float> query, MatrixView<const float> items, int64_t k);

  // A score below this, known within `error`, cannot be among the k best. Grows with Add.
  float Threshold(double error) const;
  // error 0: the score is canonical. True when the threshold may have grown.
  bool Add(uint32_t item, float score, double error);
  // For lists over parts of the items: k scores of another part reach `floor`, another list's
  // Threshold(0), so that what lies below is not wanted. The list may then hold fewer than k.
  void RaiseFloor(float floor);
  // Appends the k best (or as many as were added), by score descending, then by row ascending.
  void Finish(std::vector<ScoredItem>* out);

 private:
  void RaiseFloorByCounting();
  void Shrink();  // drops what cannot be among the k best
  void Cut(size_t count);
  void Resolve();   // scores every candidate canonically
  void KeepBest();  // sorts resolved candidates and cuts the list at k

  std::span<const float> query_;
  MatrixView<const float> items_;
  size_t k_;
  size_t capacity_;
  // At least k canonical scores are known to reach this.
  float floor_ = -std::numeric_limits<float>::infinity();
  // Side by side: candidate c's canonical score lies in [low, high]; low == high: it is known.
  std::vector<float> low_;
  std::vector<float> high_;
  std::vector<uint32_t> item_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_CANDIDATE_LIST_H_
