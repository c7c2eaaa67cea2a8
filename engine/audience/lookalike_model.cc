#include "engine/audience/lookalike_model.h"

#include <algorithm>
#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {

namespace {

enum RandomStream : uint64_t { kBackgroundStream = 0x6261636b, kFoldStream = 0x666f6c64 };
constexpr uint64_t kFolds = 4;
// Below this many seeds a fold would fit to too few of them to say anything.
constexpr size_t kMinSeedsForFolds = 2 * kFolds;
constexpr int64_t kBlockRows = 512;

double Sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// At most `size` of the customers, ascending: those with the smallest random number of their own.
std::vector<CustomerRow> SampleOf(std::span<const CustomerRow> customers, int64_t size,
                                  uint64_t seed) {
  std::vector<CustomerRow> sample(customers.begin(), customers.end());
  if (static_cast<int64_t>(sample.size()) <= size) return sample;
  const Philox random(seed, kBackgroundStream);
  std::vector<std::pair<uint64_t, CustomerRow>> keyed;
  keyed.reserve(sample.size());
  for (const CustomerRow customer : sample) {
    const auto words = random.Words(customer.value);
    keyed.emplace_back(uint64_t{words[0]} << 32 | words[1], customer);
  }
  std::nth_element(keyed.begin(), keyed.begin() + size, keyed.end());
  sample.clear();
  for (int64_t i = 0; i < size; ++i) sample.push_back(keyed[static_cast<size_t>(i)].second);
  std::sort(sample.begin(), sample.end());
  return sample;
}

// The mean probability of seeds held out by fold, each scored by a fit without its fold.
absl::StatusOr<double> HeldOutSeedMean(ExecutionContext& context, const LogisticProblem& problem,
                                       size_t seeds, const LogisticFit& full, uint64_t seed) {
  const Philox random(seed, kFoldStream);
  double sum = 0;
  for (uint64_t fold = 0; fold < kFolds; ++fold) {
    std::vector<double> weights(problem.weights.begin(), problem.weights.end());
    std::vector<size_t> held_out;
    for (size_t i = 0; i < seeds; ++i) {
      if (random.Below(i, kFolds) != fold) continue;
      weights[i] = 0;
      held_out.push_back(i);
    }
    if (held_out.empty() || held_out.size() == seeds) continue;
    LogisticProblem without = problem;
    without.weights = weights;
    BURGEON_ASSIGN_OR_RETURN(const LogisticFit fit, FitLogisticRidge(context, without, &full));
    // Fewer seeds lower the odds of all; put back by the share that was left in.
    const double odds_ratio =
        std::log(static_cast<double>(seeds) / static_cast<double>(seeds - held_out.size()));
    for (const size_t i : held_out) {
      sum += Sigmoid(LogOdds(fit, problem.inputs.row(static_cast<int64_t>(i))) + odds_ratio);
    }
  }
  return sum / static_cast<double>(seeds);
}

double SeedMean(const LogisticProblem& problem, size_t seeds, const LogisticFit& fit) {
  double sum = 0;
  for (size_t i = 0; i < seeds; ++i) {
    sum += Sigmoid(LogOdds(fit, problem.inputs.row(static_cast<int64_t>(i))));
  }
  return sum / static_cast<double>(seeds);
}

}  // namespace

std::vector<CustomerRow> LookalikeCandidates(const LookalikeInput& input) {
  std::vector<CustomerRow> candidates;
  auto seed = input.seeds.begin();
  auto excluded = input.excluded.begin();
  for (uint32_t row = 0; row < static_cast<uint64_t>(input.embeddings.rows); ++row) {
    const CustomerRow customer(row);
    while (seed != input.seeds.end() && *seed < customer) ++seed;
    while (excluded != input.excluded.end() && *excluded < customer) ++excluded;
    if (seed != input.seeds.end() && *seed == customer) continue;
    if (excluded != input.excluded.end() && *excluded == customer) continue;
    if (!input.allowed.empty() && input.allowed[row] == 0) continue;
    candidates.push_back(customer);
  }
  return candidates;
}

absl::StatusOr<LookalikeModel> LookalikeModel::Fit(ExecutionContext& context,
                                                   const LookalikeInput& input,
                                                   std::span<const CustomerRow> candidates,
                                                   const LookalikeOptions& options) {
  BURGEON_CHECK(!input.seeds.empty() && !candidates.empty());
  const std::vector<CustomerRow> background =
      SampleOf(candidates, options.background, options.seed);
  std::vector<CustomerRow> rows(input.seeds.begin(), input.seeds.end());
  rows.insert(rows.end(), background.begin(), background.end());
  LookalikeModel model(LookalikeInputs(context.pool(), input.embeddings, input.features, rows));
  const FloatMatrix inputs = model.inputs_.Of(context.pool(), rows);
  const size_t seeds = input.seeds.size();
  std::vector<uint8_t> labels(rows.size(), 0);
  std::fill_n(labels.begin(), seeds, uint8_t{1});
  // Each of the sample stands for as many candidates as the sampling left out.
  std::vector<double> weights(
      rows.size(), static_cast<double>(candidates.size()) / static_cast<double>(background.size()));
  std::fill_n(weights.begin(), seeds, 1.0);
  const LogisticProblem problem{.inputs = inputs.view(),
                                .labels = labels,
                                .weights = weights,
                                .l2 = static_cast<double>(options.l2),
                                .max_iterations = options.iterations};
  BURGEON_ASSIGN_OR_RETURN(model.fit_, FitLogisticRidge(context, problem, nullptr));
  model.seed_given_like_ = SeedMean(problem, seeds, model.fit_);
  if (seeds >= kMinSeedsForFolds) {
    BURGEON_ASSIGN_OR_RETURN(model.seed_given_like_,
                             HeldOutSeedMean(context, problem, seeds, model.fit_, options.seed));
  }
  return model;
}

double LookalikeModel::LogOddsOf(CustomerRow customer) const {
  std::vector<float> inputs(static_cast<size_t>(inputs_.columns()));
  inputs_.Fill(customer, inputs);
  return LogOdds(fit_, inputs);
}

std::vector<double> LookalikeModel::LogOddsOf(ThreadPool& pool,
                                              std::span<const CustomerRow> customers) const {
  std::vector<double> odds(customers.size());
  pool.ParallelFor(static_cast<int64_t>(odds.size()), kBlockRows, [&](int64_t begin, int64_t end) {
    std::vector<float> inputs(static_cast<size_t>(inputs_.columns()));
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      inputs_.Fill(customers[i], inputs);
      odds[i] = LogOdds(fit_, inputs);
    }
  });
  return odds;
}

float LookalikeModel::Probability(double log_odds) const {
  return static_cast<float>(std::min(1.0, Sigmoid(log_odds) / seed_given_like_));
}

}  // namespace burgeon
