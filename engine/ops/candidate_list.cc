#include "engine/ops/candidate_list.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace burgeon {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

float RoundDown(double x) {
  const auto f = static_cast<float>(x);
  return static_cast<double>(f) > x ? std::nextafter(f, -kInfinity) : f;
}

float RoundUp(double x) {
  const auto f = static_cast<float>(x);
  return static_cast<double>(f) < x ? std::nextafter(f, kInfinity) : f;
}

constexpr size_t kChains = 4;

// Four canonical scores at once: a single sum would wait for each addition.
std::array<float, kChains> CanonicalScores(std::span<const float> query,
                                           const std::array<const float*, kChains>& rows) {
  double sums[kChains] = {};
  for (size_t j = 0; j < query.size(); ++j) {
    const double q = query[j];
    for (size_t c = 0; c < kChains; ++c) sums[c] += q * static_cast<double>(rows[c][j]);
  }
  std::array<float, kChains> scores{};
  for (size_t c = 0; c < kChains; ++c) scores[c] = static_cast<float>(sums[c]);
  return scores;
}

}  // namespace

CandidateList::CandidateList(std::span<const float> query, MatrixView<const float> items, int64_t k)
    : query_(query),
      items_(items),
      k_(static_cast<size_t>(std::min(k, items.rows))),
      capacity_(std::min(2 * k_ + 64, static_cast<size_t>(items.rows) + 1)) {
  BURGEON_CHECK(k >= 1 && static_cast<int64_t>(query.size()) == items.cols);
  candidates_.reserve(capacity_);
}

float CandidateList::Threshold(double error) const {
  return RoundDown(static_cast<double>(floor_) - error);
}

bool CandidateList::Add(uint32_t item, float score, double error) {
  const double s = score;
  candidates_.push_back(error == 0 ? Candidate{score, score, item}
                                   : Candidate{RoundDown(s - error), RoundUp(s + error), item});
  if (candidates_.size() < capacity_) return false;
  Shrink();
  if (candidates_.size() > k_ + (capacity_ - k_) / 2) {
    Resolve();
    KeepBest();
  }
  return true;
}

void CandidateList::Shrink() {
  if (candidates_.size() <= k_ || k_ == 0) return;
  const auto kth = candidates_.begin() + static_cast<std::ptrdiff_t>(k_ - 1);
  std::nth_element(candidates_.begin(), kth, candidates_.end(),
                   [](const Candidate& a, const Candidate& b) { return a.low > b.low; });
  floor_ = std::max(floor_, kth->low);
  std::erase_if(candidates_, [this](const Candidate& c) { return c.high < floor_; });
}

void CandidateList::Resolve() {
  std::array<Candidate*, kChains> waiting{};
  std::array<const float*, kChains> rows{};
  size_t count = 0;
  const auto flush = [&] {
    for (size_t c = count; c < kChains; ++c) rows[c] = rows[0];
    const auto scores = CanonicalScores(query_, rows);
    for (size_t c = 0; c < count; ++c) waiting[c]->low = waiting[c]->high = scores[c];
    count = 0;
  };
  for (Candidate& candidate : candidates_) {
    if (candidate.low == candidate.high) continue;
    waiting[count] = &candidate;
    rows[count] = items_.data + int64_t{candidate.item} * items_.stride;
    if (++count == kChains) flush();
  }
  if (count > 0) flush();
}

void CandidateList::KeepBest() {
  std::sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
    return a.low != b.low ? a.low > b.low : a.item < b.item;
  });
  if (candidates_.size() > k_) candidates_.resize(k_);
  if (candidates_.size() == k_ && k_ > 0) floor_ = std::max(floor_, candidates_.back().low);
}

void CandidateList::Finish(std::vector<ScoredItem>* out) {
  Shrink();
  Resolve();
  KeepBest();
  for (const Candidate& candidate : candidates_) {
    out->push_back({ItemRow(candidate.item), candidate.low});
  }
}

}  // namespace burgeon
