#include "engine/ops/candidate_list.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

#include "engine/ops/scan_kernels.h"

namespace burgeon {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kLargest = std::numeric_limits<float>::max();

// The float beside f, towards minus infinity; f is finite.
float Below(float f) {
  if (f == 0) return -std::numeric_limits<float>::denorm_min();
  const auto bits = std::bit_cast<int32_t>(f);
  return std::bit_cast<float>(f > 0 ? bits - 1 : bits + 1);
}

float RoundDown(double x) {
  const auto f = static_cast<float>(x);
  return static_cast<double>(f) > x ? (f == kInfinity ? kLargest : Below(f)) : f;
}

float RoundUp(double x) { return -RoundDown(-x); }

}  // namespace

CandidateList::CandidateList(std::span<const float> query, MatrixView<const float> items, int64_t k)
    : query_(query),
      items_(items),
      k_(static_cast<size_t>(std::min(k, items.rows))),
      capacity_(std::min(2 * k_ + 64, static_cast<size_t>(items.rows) + 1)) {
  BURGEON_CHECK(k >= 1 && static_cast<int64_t>(query.size()) == items.cols);
  low_.reserve(capacity_);
  high_.reserve(capacity_);
  item_.reserve(capacity_);
}

float CandidateList::Threshold(double error) const {
  return RoundDown(static_cast<double>(floor_) - error);
}

bool CandidateList::Add(uint32_t item, float score, double error) {
  const double s = score;
  low_.push_back(error == 0 ? score : RoundDown(s - error));
  high_.push_back(error == 0 ? score : RoundUp(s + error));
  item_.push_back(item);
  if (item_.size() < capacity_) return false;
  Shrink();
  if (item_.size() > k_ + (capacity_ - k_) / 2) {
    Resolve();
    KeepBest();
  }
  return true;
}

// Halves the range that holds the k-th largest `low` until the lower end is close enough below it:
// the candidates are counted a vector at a time, which is faster than a partial sort, and any lower
// end that k candidates reach is a floor.
void CandidateList::RaiseFloorByCounting() {
  const auto count = static_cast<int64_t>(low_.size());
  const auto k = static_cast<int64_t>(k_);
  const auto [least, most] = std::ranges::minmax(low_);
  float below = std::max(least, floor_);
  if (!std::isfinite(below) || CountAtLeast(low_.data(), count, below) < k) {
    below = std::max(least, -kLargest);
    if (!std::isfinite(below) || CountAtLeast(low_.data(), count, below) < k) return;
  }
  float above = most;
  constexpr int kSteps = 20;
  for (int step = 0; step < kSteps; ++step) {
    const float middle = 0.5F * below + 0.5F * above;
    if (!(middle > below && middle < above)) break;
    const int64_t reach = CountAtLeast(low_.data(), count, middle);
    (reach >= k ? below : above) = middle;
    if (reach >= k && reach <= k + k / 16) break;
  }
  floor_ = std::max(floor_, below);
}

void CandidateList::Shrink() {
  if (item_.size() <= k_ || k_ == 0) return;
  RaiseFloorByCounting();
  size_t kept = 0;
  for (size_t c = 0; c < item_.size(); ++c) {
    low_[kept] = low_[c];
    high_[kept] = high_[c];
    item_[kept] = item_[c];
    kept += high_[c] < floor_ ? 0 : 1;
  }
  Cut(kept);
}

void CandidateList::Cut(size_t count) {
  low_.resize(count);
  high_.resize(count);
  item_.resize(count);
}

void CandidateList::Resolve() {
  std::array<size_t, kCanonicalRows> waiting{};
  std::array<const float*, kCanonicalRows> rows{};
  size_t count = 0;
  const auto flush = [&] {
    for (size_t c = count; c < rows.size(); ++c) rows[c] = rows[0];
    std::array<float, kCanonicalRows> scores;
    CanonicalScores(query_, rows.data(), scores.data());
    for (size_t c = 0; c < count; ++c) low_[waiting[c]] = high_[waiting[c]] = scores[c];
    count = 0;
  };
  // Rows lie far apart; the first line of each brings the processor to the others.
  for (size_t c = 0; c < item_.size(); ++c) {
    if (low_[c] != high_[c]) __builtin_prefetch(items_.data + int64_t{item_[c]} * items_.stride);
  }
  for (size_t c = 0; c < item_.size(); ++c) {
    if (low_[c] == high_[c]) continue;
    waiting[count] = c;
    rows[count] = items_.data + int64_t{item_[c]} * items_.stride;
    if (++count == waiting.size()) flush();
  }
  if (count > 0) flush();
}

void CandidateList::RaiseFloor(float floor) { floor_ = std::max(floor_, floor); }

void CandidateList::KeepBest() {
  std::vector<std::pair<float, uint32_t>> best(item_.size());
  for (size_t c = 0; c < best.size(); ++c) best[c] = {low_[c], item_[c]};
  std::ranges::sort(best, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  if (best.size() > k_) best.resize(k_);
  Cut(best.size());
  for (size_t c = 0; c < best.size(); ++c) {
    low_[c] = high_[c] = best[c].first;
    item_[c] = best[c].second;
  }
  if (best.size() == k_ && k_ > 0) floor_ = std::max(floor_, best.back().first);
}

void CandidateList::Finish(std::vector<ScoredItem>* out) {
  Shrink();
  Resolve();
  KeepBest();
  for (size_t c = 0; c < item_.size(); ++c) out->push_back({ItemRow(item_[c]), low_[c]});
}

}  // namespace burgeon
