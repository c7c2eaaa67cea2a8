#include "training/recommender/compare_recommenders.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "training/recommender/popularity.h"
#include "training/recommender/rank_customers.h"

namespace burgeon {
namespace {

constexpr std::string_view kTotalName = EvaluatedPopularityName(PopularityKind::kTotal);
constexpr std::string_view kRecentName = EvaluatedPopularityName(PopularityKind::kRecent);
// Trained beside whatever is evaluated, when this program can train it.
constexpr std::array kBaselineKinds = {RecommenderKind::kItemKnn};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What one run left behind.
struct Ranked {
  ModelQuality facts;  // name, seconds, sha, lines
  RankedLists lists;
};

// An item that is masked can never be found.
absl::Status CheckMask(const EvaluationData& data) {
  if (data.mask.rows() != data.test.rows()) return absl::OkStatus();  // ranking says so
  for (int64_t u = 0; u < data.test.rows(); ++u) {
    const auto mask = data.mask.row_columns(u);
    for (const uint32_t item : data.test.row_columns(u)) {
      if (!std::ranges::binary_search(mask, item)) continue;
      return InvalidArgument("evaluate: item row ", item, " of customer row ", u,
                             " is to be found and masked too: the split leaks");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const EvaluationData& data, const ComparisonOptions& options) {
  if (options.runs.empty()) return InvalidArgument("evaluate: there is no model to evaluate");
  StringSet names;
  for (const EvaluatedRun& run : options.runs) {
    if (!names.insert(run.name).second) {
      return InvalidArgument("evaluate: two models are named '", Printable(run.name), "'");
    }
  }
  if (!names.contains(options.baseline)) {
    return InvalidArgument(
        "baseline: '", Printable(options.baseline),
        "' is none of the models evaluated: ", JoinComma({names.begin(), names.end()}));
  }
  for (size_t i = 0; i < options.ks.size(); ++i) {
    if (options.ks[i] < 1 || options.ks[i] > limits::kMaxK ||
        (i > 0 && options.ks[i] <= options.ks[i - 1])) {
      return InvalidArgument("k: ", options.ks[i], " is out of range (1 to ", limits::kMaxK,
                             ") or not above the one before");
    }
  }
  if (options.ks.empty()) return InvalidArgument("k: there is none");
  const CsrView& train = data.train.interactions;
  if (train.rows() != data.test.rows() || train.cols != data.test.cols) {
    return InvalidArgument("evaluate: train is ", train.rows(), " x ", train.cols, ", test ",
                           data.test.rows(), " x ", data.test.cols,
                           ": rows and columns must be the same");
  }
  if (data.test.nonzeros() == 0) {
    return FailedPrecondition("evaluate: no customer has a test item");
  }
  return CheckMask(data);
}

class Comparison {
 public:
  Comparison(ExecutionContext& context, const EvaluationData& data,
             const ComparisonOptions& options)
      : context_(context), data_(data), options_(options) {}

  absl::StatusOr<RecommenderQuality> Run() {
    std::vector<Ranked> ranked;
    for (const EvaluatedRun& run : options_.runs) {
      BURGEON_ASSIGN_OR_RETURN(Ranked one, RankOne(run));
      ranked.push_back(std::move(one));
    }
    return Measure(ranked);
  }

 private:
  RankingTask task() const {
    return {.histories = data_.train.interactions,
            .mask = data_.mask,
            .test = data_.test,
            .k = options_.ks.back()};
  }

  absl::StatusOr<std::vector<float>> Popularity(PopularityKind kind) const {
    if (kind == PopularityKind::kTotal) return TotalPopularity(data_.train.interactions);
    if (data_.interaction_times.empty()) {
      return InvalidArgument(kRecentName, ": the split has no times");
    }
    return RecentPopularity(data_.train.interactions, data_.interaction_times,
                            options_.half_life_days);
  }

  absl::StatusOr<Ranked> RankOne(const EvaluatedRun& run) {
    Ranked out;
    out.facts.name = run.name;
    out.facts.chosen_by = run.chosen_by;
    BURGEON_ASSIGN_OR_RETURN(TrainingRun watched, WatchedRun(options_.progress));
    const auto start = std::chrono::steady_clock::now();
    if (const auto* kind = std::get_if<PopularityKind>(&run.model)) {
      BURGEON_ASSIGN_OR_RETURN(const std::vector<float> scores, Popularity(*kind));
      out.facts.train_seconds = SecondsSince(start);
      const auto trained = std::chrono::steady_clock::now();
      BURGEON_ASSIGN_OR_RETURN(out.lists, RankByScore(scores, task()));
      out.facts.score_seconds = SecondsSince(trained);
      return out;
    }
    const RecommenderKind kind = std::get<RecommenderKind>(run.model);
    TrainingReport report;
    report.run = &watched;
    BURGEON_ASSIGN_OR_RETURN(RecommenderModel model, TrainRecommender(context_, data_.train, kind,
                                                                      run.recommender, &report));
    out.facts.train_seconds = SecondsSince(start);
    out.facts.lines = std::move(report.lines);
    const auto trained = std::chrono::steady_clock::now();
    BURGEON_ASSIGN_OR_RETURN(out.lists, RankByModel(context_, model, task()));
    out.facts.score_seconds = SecondsSince(trained);
    out.facts.embeddings_sha256 = EmbeddingsSha256(model);
    KeepVectors(run.name, kind, std::move(model.item_embeddings));
    return out;
  }

  void KeepVectors(const std::string& name, RecommenderKind kind, FloatMatrix vectors) {
    const bool spectral = kind == RecommenderKind::kSpectral;
    if (!vectors_of_.empty() && (vectors_are_spectral_ || !spectral)) return;
    vectors_of_ = name;
    vectors_are_spectral_ = spectral;
    vectors_ = std::move(vectors);
  }

  RecommenderQuality Measure(const std::vector<Ranked>& ranked) {
    const CsrView& train = data_.train.interactions;
    RecommenderQuality out;
    out.ks = options_.ks;
    out.items = train.cols;
    out.bootstrap = options_.bootstrap;
    out.baseline = options_.baseline;
    out.diversity_by = vectors_of_;
    std::vector<ListScores> scores;
    std::vector<Resampled> samples;
    size_t baseline = 0;
    for (size_t m = 0; m < ranked.size(); ++m) {
      scores.push_back(ScoreLists(context_.pool(),
                                  {.lists = &ranked[m].lists,
                                   .relevant = data_.test,
                                   .train = train,
                                   .item_vectors = vectors_.view()},
                                  options_.ks));
      samples.push_back(Resample(context_.pool(), scores.back().values.view(), options_.bootstrap));
      if (ranked[m].facts.name == options_.baseline) baseline = m;
    }
    std::vector<int64_t> train_items;
    for (const uint32_t u : scores.front().customers) {
      train_items.push_back(std::ssize(train.row_columns(u)));
    }
    out.customers = std::ssize(train_items);
    const std::vector<CustomerGroup> groups = GroupByActivity(train_items, options_.groups);
    for (const CustomerGroup& group : groups) {
      out.groups.push_back({group.name, group.rule, std::ssize(group.rows)});
    }
    for (size_t m = 0; m < ranked.size(); ++m) {
      ModelQuality quality = MeasureQuality(context_.pool(), ranked[m].lists, scores[m], samples[m],
                                            groups, train.cols, options_.bootstrap);
      quality.name = ranked[m].facts.name;
      quality.chosen_by = ranked[m].facts.chosen_by;
      quality.train_seconds = ranked[m].facts.train_seconds;
      quality.score_seconds = ranked[m].facts.score_seconds;
      quality.embeddings_sha256 = ranked[m].facts.embeddings_sha256;
      quality.lines = ranked[m].facts.lines;
      if (m != baseline) {
        quality.difference =
            DifferenceTo(scores[m], samples[m], samples[baseline], options_.bootstrap);
      }
      out.models.push_back(std::move(quality));
    }
    return out;
  }

  ExecutionContext& context_;
  const EvaluationData& data_;
  const ComparisonOptions& options_;
  FloatMatrix vectors_;
  std::string vectors_of_;
  bool vectors_are_spectral_ = false;
};

}  // namespace

void AddBaselines(const EvaluationData& data, const RecommenderOptions& recommender,
                  std::vector<EvaluatedRun>* runs) {
  const auto add = [&](std::string_view name, EvaluatedModel model) {
    const auto same = [&](const EvaluatedRun& run) { return run.name == name; };
    if (std::ranges::none_of(*runs, same))
      runs->push_back({.name = std::string(name), .model = model, .recommender = recommender});
  };
  for (const RecommenderKind kind : kBaselineKinds) {
    const auto kinds = TrainableKinds();
    if (std::ranges::find(kinds, kind) != kinds.end()) add(RecommenderKindName(kind), kind);
  }
  if (!data.interaction_times.empty()) add(kRecentName, PopularityKind::kRecent);
  add(kTotalName, PopularityKind::kTotal);
}

absl::StatusOr<RecommenderQuality> CompareRecommenders(ExecutionContext& context,
                                                       const EvaluationData& data,
                                                       const ComparisonOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckOptions(data, options));
  return Comparison(context, data, options).Run();
}

}  // namespace burgeon
