#include "training/recommender/two_tower_batches.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr uint64_t kCustomerStream = 0x74776f637573;  // "twocus"; the epoch is added above
constexpr uint64_t kTargetStream = 0x74776f746172;    // "twotar"
constexpr uint64_t kNegativeStream = 0x74776f6e6567;  // "twoneg"

uint64_t OfEpoch(uint64_t stream, int epoch) {
  return stream ^ (static_cast<uint64_t>(epoch) << 48);
}

int64_t TargetsOf(int64_t items, double share) {
  const auto wanted = std::llround(share * static_cast<double>(items));
  return std::clamp<int64_t>(wanted, 1, items - 1);
}

}  // namespace

std::vector<std::vector<int64_t>> TwoTowerBatches(const CsrView& interactions, int64_t batch_size,
                                                  uint64_t seed, int epoch) {
  std::vector<int64_t> customers;
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    if (interactions.row_columns(u).size() >= 2) customers.push_back(u);
  }
  const Philox random(seed, OfEpoch(kCustomerStream, epoch));
  for (size_t i = customers.size(); i > 1; --i) {  // Fisher and Yates
    std::swap(customers[i - 1], customers[random.Below(i, i)]);
  }
  std::vector<std::vector<int64_t>> batches;
  for (auto at = customers.begin(); at != customers.end();) {
    const auto end = at + std::min<int64_t>(batch_size, customers.end() - at);
    batches.emplace_back(at, end);
    at = end;
  }
  return batches;
}

TwoTowerExamples DrawExamples(const CsrView& interactions, std::span<const int64_t> customers,
                              double target_share, uint64_t seed, int epoch) {
  const Philox random(seed, OfEpoch(kTargetStream, epoch));
  TwoTowerExamples out;
  out.history.cols = out.targets.cols = interactions.cols;
  std::vector<uint32_t> place;
  std::vector<uint8_t> target;
  for (const int64_t u : customers) {
    const auto items = interactions.row_columns(u);
    const auto weights = interactions.row_values(u);
    const auto count = std::ssize(items);
    const auto base = static_cast<uint64_t>(interactions.offsets[static_cast<size_t>(u)]);
    place.resize(items.size());
    std::iota(place.begin(), place.end(), 0U);
    target.assign(items.size(), 0);
    const int64_t wanted = TargetsOf(count, target_share);
    for (int64_t k = 0; k < wanted; ++k) {  // the first places of a shuffle
      const auto left = static_cast<uint64_t>(count - k);
      const auto from =
          static_cast<size_t>(k) + random.Below(base + static_cast<uint64_t>(k), left);
      std::swap(place[static_cast<size_t>(k)], place[from]);
      target[place[static_cast<size_t>(k)]] = 1;
    }
    for (size_t k = 0; k < items.size(); ++k) {
      if (target[k] != 0) {
        out.targets.columns.push_back(items[k]);
        continue;
      }
      out.history.columns.push_back(items[k]);
      out.history.values.push_back(weights.empty() ? 1.0F : weights[k]);
    }
    out.history.offsets.push_back(std::ssize(out.history.columns));
    out.targets.offsets.push_back(std::ssize(out.targets.columns));
  }
  return out;
}

NegativeSampler::NegativeSampler(std::span<const int64_t> degrees, double popularity_share)
    : popularity_share_(popularity_share) {
  below_.reserve(degrees.size() + 1);
  below_.push_back(0);
  for (const int64_t d : degrees) below_.push_back(below_.back() + static_cast<double>(d));
}

double NegativeSampler::ProbabilityOf(uint32_t item) const {
  const auto items = static_cast<double>(below_.size() - 1);
  const double popular = (below_[item + 1] - below_[item]) / below_.back();
  return (1 - popularity_share_) / items + popularity_share_ * popular;
}

DrawnNegatives NegativeSampler::Draw(int64_t draws, uint64_t seed, uint64_t step) const {
  const Philox random(seed, kNegativeStream);
  const uint64_t items = below_.size() - 1;
  std::vector<uint32_t> drawn(static_cast<size_t>(draws));
  for (size_t k = 0; k < drawn.size(); ++k) {
    const uint64_t at = 2 * (step * static_cast<uint64_t>(draws) + k);
    if (random.Uniform(at) >= popularity_share_) {
      drawn[k] = static_cast<uint32_t>(random.Below(at + 1, items));
      continue;
    }
    const double where = random.Uniform(at + 1) * below_.back();
    const auto above = std::upper_bound(below_.begin() + 1, below_.end() - 1, where);
    drawn[k] = static_cast<uint32_t>(above - below_.begin() - 1);
  }
  std::ranges::sort(drawn);
  DrawnNegatives out;
  for (size_t k = 0; k < drawn.size();) {
    size_t end = k;
    while (end < drawn.size() && drawn[end] == drawn[k]) ++end;
    const double expected = static_cast<double>(draws) * ProbabilityOf(drawn[k]);
    out.items.push_back(drawn[k]);
    out.correction.push_back(static_cast<float>(std::log(static_cast<double>(end - k) / expected)));
    k = end;
  }
  return out;
}

}  // namespace burgeon
