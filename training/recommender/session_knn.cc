#include "training/recommender/session_knn.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kBlock = 16;

// The items of a session, each once, ascending.
std::vector<uint32_t> Distinct(std::span<const uint32_t> session) {
  std::vector<uint32_t> items(session.begin(), session.end());
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

// Larger values first, then smaller rows.
bool IsBefore(const std::pair<double, uint32_t>& a, const std::pair<double, uint32_t>& b) {
  return a.first != b.first ? a.first > b.first : a.second < b.second;
}

}  // namespace

SessionKnn::SessionKnn(const SequenceView& sessions, int64_t items,
                       const SessionKnnOptions& options)
    : sessions_(sessions), options_(options), offsets_(static_cast<size_t>(items) + 1) {
  // An item counts once a session.
  std::vector<int64_t> last(static_cast<size_t>(items), -1);
  const auto visit = [&](const auto& body) {
    std::ranges::fill(last, -1);
    for (int64_t s = 0; s < sessions.rows(); ++s) {
      for (const uint32_t item : sessions.row(s)) {
        if (std::exchange(last[item], s) != s) body(item, static_cast<uint32_t>(s));
      }
    }
  };
  visit([&](uint32_t item, uint32_t) { ++offsets_[item + 1]; });
  for (size_t i = 1; i < offsets_.size(); ++i) offsets_[i] += offsets_[i - 1];
  sessions_of_.resize(static_cast<size_t>(offsets_.back()));
  std::vector<int64_t> next(offsets_.begin(), offsets_.end() - 1);
  visit([&](uint32_t item, uint32_t s) { sessions_of_[static_cast<size_t>(next[item]++)] = s; });
}

std::vector<uint32_t> SessionKnn::RankOne(std::span<const uint32_t> prefix, int k) const {
  // Place of each item, from 1, its last.
  std::unordered_map<uint32_t, int64_t> place;
  for (size_t t = 0; t < prefix.size(); ++t) place[prefix[t]] = static_cast<int64_t>(t) + 1;
  std::vector<uint32_t> candidates;
  for (const auto& [item, at] : place) {
    const auto begin = sessions_of_.begin() + offsets_[item];
    const auto end = sessions_of_.begin() + offsets_[item + 1];
    candidates.insert(candidates.end(), end - std::min<int64_t>(options_.sample, end - begin), end);
  }
  std::ranges::sort(candidates, std::greater());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  if (std::ssize(candidates) > options_.sample) {
    candidates.resize(static_cast<size_t>(options_.sample));
  }
  const auto length = static_cast<int64_t>(prefix.size());
  struct Neighbour {
    double similarity = 0;
    uint32_t session = 0;
    int64_t newest = 0;  // place of the newest item in common
  };
  std::vector<Neighbour> neighbours;
  for (const uint32_t s : candidates) {
    Neighbour one{.session = s};
    for (const uint32_t item : Distinct(sessions_.row(s))) {
      const auto found = place.find(item);
      if (found == place.end()) continue;
      one.similarity += static_cast<double>(found->second) / static_cast<double>(length);
      one.newest = std::max(one.newest, found->second);
    }
    neighbours.push_back(one);
  }
  const size_t kept = std::min(neighbours.size(), static_cast<size_t>(options_.neighbours));
  // Of equals the newer.
  std::partial_sort(neighbours.begin(), neighbours.begin() + static_cast<int64_t>(kept),
                    neighbours.end(), [](const Neighbour& a, const Neighbour& b) {
                      return a.similarity != b.similarity ? a.similarity > b.similarity
                                                          : a.session > b.session;
                    });
  neighbours.resize(kept);
  std::unordered_map<uint32_t, double> scores;
  for (const Neighbour& one : neighbours) {
    const double decay = 1 - 0.1 * static_cast<double>(length - one.newest);
    if (decay <= 0) continue;
    for (const uint32_t item : Distinct(sessions_.row(one.session))) {
      scores[item] += one.similarity * decay;
    }
  }
  std::vector<std::pair<double, uint32_t>> ranked;
  for (const auto& [item, score] : scores) ranked.emplace_back(score, item);
  const size_t count = std::min(ranked.size(), static_cast<size_t>(k));
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<int64_t>(count), ranked.end(),
                    IsBefore);
  std::vector<uint32_t> out;
  for (size_t i = 0; i < count; ++i) out.push_back(ranked[i].second);
  return out;
}

RankedLists SessionKnn::Rank(ThreadPool& pool, const SequenceView& prefixes, int k) const {
  std::vector<std::vector<uint32_t>> lists(static_cast<size_t>(prefixes.rows()));
  pool.ParallelFor(prefixes.rows(), kBlock, [&](int64_t begin, int64_t end) {
    for (int64_t q = begin; q < end; ++q) {
      lists[static_cast<size_t>(q)] = RankOne(prefixes.row(q), k);
    }
  });
  RankedLists out;
  for (const std::vector<uint32_t>& list : lists) {
    out.items.insert(out.items.end(), list.begin(), list.end());
    out.EndList();
  }
  return out;
}

}  // namespace burgeon
