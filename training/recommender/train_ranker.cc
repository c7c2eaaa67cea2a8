#include "training/recommender/train_ranker.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>
#include <vector>

#include "engine/base/philox.h"
#include "engine/models/blend_features.h"
#include "engine/models/model_top_k.h"
#include "training/recommender/ranker_network.h"
#include "training/recommender/select_rows.h"

namespace burgeon {
namespace {

constexpr uint64_t kHoldOutStream = 0x726b686f6c64;     // "rkhold"
constexpr uint64_t kCustomerStream = 0x726b63757374;    // "rkcust"
constexpr uint64_t kValidationStream = 0x726b76616c69;  // "rkvali"
constexpr int64_t kBatch = 4096;
constexpr double kValidationShare = 0.25;
// With fewer lists of either kind chance decides what is learned.
constexpr int64_t kFewestLists = 20;
constexpr int kCut = 20;

// The items of customer u that are held out, ascending.
std::vector<uint32_t> HeldOut(std::span<const uint32_t> items, std::span<const uint32_t> sequence,
                              const Philox& random, int64_t u, double share) {
  if (items.size() < 2) return {};
  if (!sequence.empty()) {
    const uint32_t last = sequence.back();
    if (std::ranges::binary_search(items, last)) return {last};
    return {};
  }
  const auto count =
      std::min<size_t>(static_cast<size_t>(std::lround(share * static_cast<double>(items.size()))),
                       items.size() - 1);
  std::vector<std::pair<double, uint32_t>> drawn;
  for (const uint32_t item : items) {
    const uint64_t key = (static_cast<uint64_t>(u) << 32) | item;
    drawn.emplace_back(random.Uniform(key), item);
  }
  std::ranges::sort(drawn);
  std::vector<uint32_t> held;
  for (size_t k = 0; k < count; ++k) held.push_back(drawn[k].second);
  std::ranges::sort(held);
  return held;
}

// Customers to learn from: those of whom something is held out, at most `most` of them.
std::vector<int64_t> CustomersToLearnFrom(const CsrView& held_out, const RankerOptions& options) {
  std::vector<int64_t> all;
  for (int64_t u = 0; u < held_out.rows(); ++u) {
    if (!held_out.row_columns(u).empty()) all.push_back(u);
  }
  const double share =
      static_cast<double>(options.customers) / static_cast<double>(std::max<size_t>(1, all.size()));
  if (share >= 1) return all;
  const Philox random(options.seed, kCustomerStream);
  std::erase_if(all, [&](int64_t u) { return random.Uniform(static_cast<uint64_t>(u)) >= share; });
  return all;
}

// Lists with what is to be found in them, and their features as the blend gives them.
class Gatherer {
 public:
  Gatherer(ExecutionContext& context, const RecommenderModel& blend, const RankerSplit& split,
           const ItemTrends& trends, const RankerOptions& options)
      : context_(context), blend_(blend), split_(split), options_(options), trends_(trends) {}

  absl::Status Run(RankerExamples* train, RankerExamples* validation) {
    train->pool = validation->pool = options_.pool;
    const std::vector<int64_t> customers = CustomersToLearnFrom(split_.held_out.view(), options_);
    for (size_t begin = 0; begin < customers.size(); begin += kBatch) {
      const auto size = std::min<size_t>(kBatch, customers.size() - begin);
      BURGEON_RETURN_IF_ERROR(Batch(std::span(customers).subspan(begin, size), train, validation));
    }
    for (RankerExamples* examples : {train, validation}) {
      std::vector<float>& values = values_[examples == validation ? 1 : 0];
      const int64_t features = RankerFeatureCount(BlendParts(blend_), trends_.trends());
      const int64_t rows = std::ssize(values) / features;
      examples->features = FloatMatrix(rows, features, std::exchange(values, {}));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Batch(std::span<const int64_t> customers, RankerExamples* train,
                     RankerExamples* validation) {
    FloatMatrix queries(std::ssize(customers), blend_.dim());
    for (size_t q = 0; q < customers.size(); ++q) {
      std::ranges::copy(blend_.customer_embeddings.row(customers[q]),
                        queries.row(static_cast<int64_t>(q)).begin());
    }
    const CsrMatrix histories = SelectRows(split_.train.view(), customers);
    BURGEON_ASSIGN_OR_RETURN(const TopKResult lists, ModelTopK(context_, blend_,
                                                               {.embeddings = queries.view(),
                                                                .histories = histories.view(),
                                                                .excluded = histories.view(),
                                                                .allowed = {}},
                                                               {.k = options_.pool}));
    std::vector<FloatMatrix> features(customers.size());
    context_.pool().ParallelFor(std::ssize(customers), 32, [&](int64_t begin, int64_t end) {
      BlendFeatures maker(blend_);
      for (int64_t q = begin; q < end; ++q) {
        const int64_t customer = customers[static_cast<size_t>(q)];
        if (!FindsAny(customer, lists.list(q))) continue;
        features[static_cast<size_t>(q)] = maker.Of(queries.row(q), histories.view().row_columns(q),
                                                    histories.view().row_values(q), lists.list(q),
                                                    TrendsAsOf(customer, lists.list(q)).view());
      }
    });
    const Philox random(options_.seed, kValidationStream);
    for (size_t q = 0; q < customers.size(); ++q) {
      if (features[q].empty()) continue;
      const bool validates = random.Uniform(static_cast<uint64_t>(customers[q])) < kValidationShare;
      Append(customers[q], lists.list(static_cast<int64_t>(q)), features[q],
             validates ? validation : train, &values_[validates ? 1 : 0]);
    }
    return absl::OkStatus();
  }

  // As they stood just before what is held out.
  FloatMatrix TrendsAsOf(int64_t customer, std::span<const ScoredItem> list) const {
    FloatMatrix out(std::ssize(list), trends_.trends());
    if (trends_.trends() == 0) return out;
    const TimeMicros time = split_.held_times[static_cast<size_t>(customer)];
    for (int64_t i = 0; i < out.rows(); ++i) {
      trends_.Before(time, list[static_cast<size_t>(i)].item.value, out.row(i));
    }
    return out;
  }

  bool FindsAny(int64_t customer, std::span<const ScoredItem> list) const {
    const auto held = split_.held_out.view().row_columns(customer);
    return std::ranges::any_of(list, [&](const ScoredItem& one) {
      return std::ranges::binary_search(held, one.item.value);
    });
  }

  void Append(int64_t customer, std::span<const ScoredItem> list, const FloatMatrix& features,
              RankerExamples* examples, std::vector<float>* values) const {
    const auto held = split_.held_out.view().row_columns(customer);
    values->insert(values->end(), features.values().begin(), features.values().end());
    for (const ScoredItem& one : list) {
      examples->label.push_back(std::ranges::binary_search(held, one.item.value) ? 1 : 0);
      examples->mask.push_back(1);
    }
    const auto missing = static_cast<size_t>(options_.pool) - list.size();
    values->insert(values->end(), missing * static_cast<size_t>(features.cols()), 0.0F);
    examples->label.insert(examples->label.end(), missing, 0);
    examples->mask.insert(examples->mask.end(), missing, 0);
  }

  ExecutionContext& context_;
  const RecommenderModel& blend_;
  const RankerSplit& split_;
  const RankerOptions& options_;
  const ItemTrends& trends_;
  std::vector<float> values_[2];  // features of train and of validation
};

// Mean and deviation of each feature over the items that are there.
void FitStandards(const RankerExamples& examples, ListRanker* ranker) {
  const int64_t features = examples.features.cols();
  std::vector<double> sum(static_cast<size_t>(features), 0);
  std::vector<double> squares(static_cast<size_t>(features), 0);
  double n = 0;
  for (int64_t i = 0; i < examples.features.rows(); ++i) {
    if (examples.mask[static_cast<size_t>(i)] == 0) continue;
    n += 1;
    const auto row = examples.features.row(i);
    for (size_t f = 0; f < row.size(); ++f) {
      sum[f] += row[f];
      squares[f] += static_cast<double>(row[f]) * row[f];
    }
  }
  for (size_t f = 0; f < sum.size(); ++f) {
    const double mean = sum[f] / n;
    const double deviation = std::sqrt(std::max(0.0, squares[f] / n - mean * mean));
    ranker->mean.push_back(static_cast<float>(mean));
    ranker->scale.push_back(deviation > 1e-6 ? static_cast<float>(deviation) : 1);
  }
}

void Standardise(const ListRanker& ranker, RankerExamples* examples) {
  for (int64_t i = 0; i < examples->features.rows(); ++i) {
    StandardiseRankerFeatures(ranker, examples->features.row(i));
  }
}

// Mean NDCG at kCut over the lists in the order of `score` (of a place; larger first).
template <class Score>
double MeanNdcg(const RankerExamples& examples, Score score) {
  double total = 0;
  const auto pool = static_cast<size_t>(examples.pool);
  std::vector<std::pair<double, size_t>> order;
  for (int64_t l = 0; l < examples.lists(); ++l) {
    order.clear();
    size_t wanted = 0;
    for (size_t i = 0; i < pool; ++i) {
      const size_t place = static_cast<size_t>(l) * pool + i;
      if (examples.mask[place] == 0) continue;
      order.emplace_back(-score(place), place);
      wanted += examples.label[place];
    }
    std::ranges::sort(order);
    double gain = 0;
    double ideal = 0;
    for (size_t r = 0; r < order.size() && r < kCut; ++r) {
      const double share = 1 / std::log2(static_cast<double>(r) + 2);
      gain += share * examples.label[order[r].second];
      if (r < wanted) ideal += share;
    }
    total += gain / ideal;
  }
  return total / static_cast<double>(examples.lists());
}

}  // namespace

RankerSplit HoldOutForRanker(const CsrView& interactions, const SequenceView& sequences,
                             const RankerOptions& options) {
  RankerSplit out;
  out.train.cols = out.held_out.cols = interactions.cols;
  const bool ordered = sequences.rows() > 0;
  if (!ordered) out.sequences.offsets.clear();
  const Philox random(options.seed, kHoldOutStream);
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto items = interactions.row_columns(u);
    const auto weights = interactions.row_values(u);
    const auto sequence = ordered ? sequences.row(u) : std::span<const uint32_t>();
    const std::vector<uint32_t> held = HeldOut(items, sequence, random, u, options.share);
    for (size_t k = 0; k < items.size(); ++k) {
      if (std::ranges::binary_search(held, items[k])) continue;
      out.train.columns.push_back(items[k]);
      out.train.values.push_back(weights.empty() ? 1 : weights[k]);
    }
    out.train.offsets.push_back(std::ssize(out.train.columns));
    out.held_out.columns.insert(out.held_out.columns.end(), held.begin(), held.end());
    out.held_out.offsets.push_back(std::ssize(out.held_out.columns));
    if (!ordered) continue;
    const auto end = static_cast<size_t>(sequences.offsets[static_cast<size_t>(u) + 1]);
    if (!sequences.times.empty()) {
      out.held_times.push_back(held.empty() ? 0 : sequences.times[end - 1]);
    }
    const auto first = static_cast<size_t>(sequences.offsets[static_cast<size_t>(u)]);
    for (size_t k = 0; k < sequence.size(); ++k) {
      if (std::ranges::binary_search(held, sequence[k])) continue;
      out.sequences.items.push_back(sequence[k]);
      if (!sequences.times.empty()) out.sequences.times.push_back(sequences.times[first + k]);
    }
    out.sequences.offsets.push_back(std::ssize(out.sequences.items));
  }
  return out;
}

absl::StatusOr<ListRanker> TrainRanker(ExecutionContext& context, const RecommenderModel& blend,
                                       const RankerSplit& split, const ItemTrends& trends,
                                       const RankerOptions& options, TrainingReport* report) {
  RankerExamples train;
  RankerExamples validation;
  BURGEON_RETURN_IF_ERROR(
      Gatherer(context, blend, split, trends, options).Run(&train, &validation));
  if (train.lists() < kFewestLists || validation.lists() < kFewestLists) {
    return FailedPrecondition(
        "ranker: of the customers' lists of ", options.pool, " items ", train.lists(), " and ",
        validation.lists(), " hold an item that was held out, and at least ", kFewestLists,
        " of each are needed to learn from: a larger recommender.blend.ranker.pool, or no ranker");
  }
  ListRanker ranker;
  FitStandards(train, &ranker);
  Standardise(ranker, &train);
  Standardise(ranker, &validation);
  BURGEON_ASSIGN_OR_RETURN(TrainedRanker trained,
                           TrainRankerNetwork(context.pool(), train, validation, options));
  const double before =
      MeanNdcg(validation, [&](size_t place) { return -static_cast<double>(place); });
  const double after = MeanNdcg(validation, [&](size_t place) {
    return PerceptronOutput(trained.network, validation.features.row(static_cast<int64_t>(place)));
  });
  char figures[128];
  std::snprintf(figures, sizeof(figures), "NDCG@%d %.4f, without it %.4f", kCut, after, before);
  const std::string said = Concat("ranker: ", train.lists(), " lists, epoch ", trained.best_epoch,
                                  " of ", trained.epochs, "; on ", validation.lists(),
                                  " lists that it did not learn from ", figures);
  if (!(after > before)) {
    report->lines.push_back(Concat(said, ": it is left out"));
    return ListRanker();
  }
  report->lines.push_back(said);
  ranker.pool = options.pool;
  ranker.network = std::move(trained.network);
  ranker.trends = trends.Latest();
  return ranker;
}

}  // namespace burgeon
