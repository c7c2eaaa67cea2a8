#include "training/recommender/evaluate_sessions.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/dataset/session_file.h"
#include "engine/ops/top_k.h"
#include "training/recommender/rank_customers.h"

namespace burgeon {
namespace {

// Queries ranked at a time.
constexpr int64_t kBatch = 4096;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// [rows, items] how often each item is in each row.
CsrMatrix Counts(const SequenceView& sequences, int64_t items) {
  CsrMatrix out;
  out.cols = items;
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    std::vector<uint32_t> row(sequences.row(u).begin(), sequences.row(u).end());
    std::ranges::sort(row);
    for (size_t k = 0; k < row.size(); ++k) {
      if (k > 0 && row[k] == row[k - 1]) {
        out.values.back() += 1;
        continue;
      }
      out.columns.push_back(row[k]);
      out.values.push_back(1);
    }
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

void Measure(const RankedLists& lists, const std::vector<uint32_t>& targets,
             SessionModelQuality* out) {
  for (size_t q = 0; q < targets.size(); ++q) {
    const auto list = lists.list(static_cast<int64_t>(q));
    const auto at = std::ranges::find(list, targets[q]);
    if (targets[q] == kUnknownItem || at == list.end()) continue;
    out->hit_rate += 1;
    out->mrr += 1 / static_cast<double>(at - list.begin() + 1);
  }
  out->hit_rate /= static_cast<double>(targets.size());
  out->mrr /= static_cast<double>(targets.size());
}

absl::StatusOr<RankedLists> RankByEncoder(ExecutionContext& context, const RecommenderModel& model,
                                          const SequenceView& prefixes, int k) {
  BURGEON_ASSIGN_OR_RETURN(const FloatMatrix queries,
                           EncodeSequences(context.pool(), model.encoder, prefixes));
  RankedLists lists;
  for (int64_t begin = 0; begin < queries.rows(); begin += kBatch) {
    const int64_t end = std::min(begin + kBatch, queries.rows());
    BURGEON_ASSIGN_OR_RETURN(const TopKResult top, TopK(context,
                                                        {.queries = queries.view().Rows(begin, end),
                                                         .items = model.item_embeddings.view(),
                                                         .excluded = {},
                                                         .allowed = {}},
                                                        {.k = k}));
    for (int64_t q = 0; q < end - begin; ++q) {
      for (const ScoredItem& entry : top.list(q)) lists.items.push_back(entry.item.value);
      lists.EndList();
    }
  }
  return lists;
}

// The k items of the largest popularity, for every query.
RankedLists RankByPopularity(const std::vector<float>& popularity, int64_t queries, int k) {
  std::vector<uint32_t> order(popularity.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint32_t>(i);
  std::ranges::stable_sort(order, std::greater(), [&](uint32_t i) { return popularity[i]; });
  order.resize(std::min(order.size(), static_cast<size_t>(k)));
  RankedLists lists;
  for (int64_t q = 0; q < queries; ++q) {
    lists.items.insert(lists.items.end(), order.begin(), order.end());
    lists.EndList();
  }
  return lists;
}

}  // namespace

absl::StatusOr<SessionEvaluation> EvaluateSessions(ExecutionContext& context, FileSystem& files,
                                                   const SessionEvaluationOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const SessionData data,
                           ReadSessionFiles(files, options.train_path, options.test_path));
  SessionEvaluation out;
  out.sessions = data.train.rows();
  out.items = data.items.size();
  out.clicks = std::ssize(data.train.items);
  out.queries = std::ssize(data.targets);
  out.unknown = std::ranges::count(data.targets, kUnknownItem);
  using Steady = std::chrono::steady_clock;

  BURGEON_ASSIGN_OR_RETURN(TrainingRun watched, WatchedRun(options.progress));
  auto start = Steady::now();
  const CsrMatrix counts = Counts(data.train.view(), data.items.size());
  SessionModelQuality sequence{.name = "sequence", .lines = {}};
  TrainingReport report;
  report.run = &watched;
  BURGEON_ASSIGN_OR_RETURN(
      const RecommenderModel model,
      TrainSequence(context, counts.view(), data.train.view(), options.sequence, &report));
  sequence.train_seconds = SecondsSince(start);
  sequence.lines = std::move(report.lines);
  start = Steady::now();
  BURGEON_ASSIGN_OR_RETURN(const RankedLists by_order,
                           RankByEncoder(context, model, data.prefixes.view(), options.k));
  sequence.rank_seconds = SecondsSince(start);
  Measure(by_order, data.targets, &sequence);
  out.models.push_back(std::move(sequence));

  SessionModelQuality nearest{.name = "session_knn", .lines = {}};
  start = Steady::now();
  const SessionKnn knn(data.train.view(), data.items.size(), options.session_knn);
  nearest.train_seconds = SecondsSince(start);
  start = Steady::now();
  const RankedLists by_sessions = knn.Rank(context.pool(), data.prefixes.view(), options.k);
  nearest.rank_seconds = SecondsSince(start);
  Measure(by_sessions, data.targets, &nearest);
  out.models.push_back(std::move(nearest));

  SessionModelQuality popular{.name = "popularity", .lines = {}};
  Measure(RankByPopularity(model.popularity, out.queries, options.k), data.targets, &popular);
  out.models.push_back(std::move(popular));
  return out;
}

}  // namespace burgeon
