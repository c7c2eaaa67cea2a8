#include "engine/audience/lookalike_evaluation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/audience/logistic_ridge.h"
#include "engine/audience/lookalike_model.h"
#include "engine/base/philox.h"

namespace burgeon {

namespace {

constexpr uint64_t kSplitStream = 0x73706c69;
constexpr int64_t kBlockRows = 64;

struct Split {
  std::vector<CustomerRow> seeds;     // ascending
  std::vector<CustomerRow> held_out;  // ascending
};

Split SplitGroup(std::span<const CustomerRow> group, uint64_t split_seed) {
  const Philox random(split_seed, kSplitStream);
  std::vector<std::pair<uint64_t, CustomerRow>> keyed;
  for (const CustomerRow customer : group) {
    const auto words = random.Words(customer.value);
    keyed.emplace_back(uint64_t{words[0]} << 32 | words[1], customer);
  }
  std::sort(keyed.begin(), keyed.end());
  Split split;
  const size_t half = (keyed.size() + 1) / 2;
  for (size_t i = 0; i < keyed.size(); ++i) {
    (i < half ? split.seeds : split.held_out).push_back(keyed[i].second);
  }
  std::sort(split.seeds.begin(), split.seeds.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  return split;
}

// The embeddings scaled to length one; zero stays zero.
FloatMatrix Directions(MatrixView<const float> embeddings, std::span<const CustomerRow> customers) {
  FloatMatrix directions(static_cast<int64_t>(customers.size()), embeddings.cols);
  for (size_t i = 0; i < customers.size(); ++i) {
    const auto from = embeddings.row(customers[i].value);
    double squares = 0;
    for (const float x : from) squares += static_cast<double>(x) * static_cast<double>(x);
    if (squares == 0) continue;
    const double inverse = 1 / std::sqrt(squares);
    const auto to = directions.row(static_cast<int64_t>(i));
    for (size_t j = 0; j < from.size(); ++j) {
      to[j] = static_cast<float>(static_cast<double>(from[j]) * inverse);
    }
  }
  return directions;
}

double Dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t j = 0; j < a.size(); ++j) {
    sum += static_cast<double>(a[j]) * static_cast<double>(b[j]);
  }
  return sum;
}

// The largest inner product of each of `from` with any of `to`.
std::vector<double> LargestDot(ThreadPool& pool, const FloatMatrix& from, const FloatMatrix& to) {
  std::vector<double> best(static_cast<size_t>(from.rows()),
                           -std::numeric_limits<double>::infinity());
  pool.ParallelFor(from.rows(), kBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      double& largest = best[static_cast<size_t>(i)];
      for (int64_t s = 0; s < to.rows(); ++s) {
        largest = std::max(largest, Dot(from.row(i), to.row(s)));
      }
    }
  });
  return best;
}

FloatMatrix MeanRow(const FloatMatrix& rows) {
  FloatMatrix mean(1, rows.cols());
  for (int64_t j = 0; j < rows.cols(); ++j) {
    double sum = 0;
    for (int64_t i = 0; i < rows.rows(); ++i) sum += static_cast<double>(rows.at(i, j));
    mean.at(0, j) = static_cast<float>(sum / static_cast<double>(rows.rows()));
  }
  return mean;
}

// Each column with mean 0 and standard deviation 1; a constant column becomes zeros.
FloatMatrix Standardised(MatrixView<const float> embeddings, std::span<const CustomerRow> rows) {
  FloatMatrix out(static_cast<int64_t>(rows.size()), embeddings.cols);
  for (int64_t j = 0; j < embeddings.cols; ++j) {
    const auto value = [&](CustomerRow customer) {
      return static_cast<double>(embeddings.row(customer.value)[static_cast<size_t>(j)]);
    };
    double sum = 0;
    for (const CustomerRow row : rows) sum += value(row);
    const double mean = sum / static_cast<double>(rows.size());
    double squares = 0;
    for (const CustomerRow row : rows) squares += (value(row) - mean) * (value(row) - mean);
    if (squares == 0) continue;
    const double inverse = 1 / std::sqrt(squares / static_cast<double>(rows.size()));
    for (size_t i = 0; i < rows.size(); ++i) {
      out.at(static_cast<int64_t>(i), j) = static_cast<float>((value(rows[i]) - mean) * inverse);
    }
  }
  return out;
}

absl::StatusOr<std::vector<double>> PlainLogistic(ExecutionContext& context,
                                                  MatrixView<const float> embeddings,
                                                  std::span<const CustomerRow> seeds,
                                                  std::span<const CustomerRow> candidates) {
  std::vector<CustomerRow> rows(seeds.begin(), seeds.end());
  rows.insert(rows.end(), candidates.begin(), candidates.end());
  const FloatMatrix inputs = Standardised(embeddings, rows);
  std::vector<uint8_t> labels(rows.size(), 0);
  std::fill_n(labels.begin(), seeds.size(), uint8_t{1});
  const std::vector<double> weights(rows.size(), 1.0);
  const LogisticProblem problem{.inputs = inputs.view(), .labels = labels, .weights = weights};
  BURGEON_ASSIGN_OR_RETURN(const LogisticFit fit, FitLogisticRidge(context, problem, nullptr));
  std::vector<double> scores;
  for (size_t i = seeds.size(); i < rows.size(); ++i) {
    scores.push_back(LogOdds(fit, inputs.row(static_cast<int64_t>(i))));
  }
  return scores;
}

LookalikeQuality Measure(std::string method, std::span<const CustomerRow> candidates,
                         std::span<const double> scores, std::span<const CustomerRow> held_out) {
  std::vector<size_t> order(candidates.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  LookalikeQuality quality{.method = std::move(method)};
  const auto n = static_cast<double>(candidates.size());
  for (size_t s = 0; s < kLookalikeShares.size(); ++s) {
    const auto audience = static_cast<size_t>(std::ceil(kLookalikeShares[s] * n));
    int64_t found = 0;
    for (size_t i = 0; i < audience; ++i) {
      if (std::binary_search(held_out.begin(), held_out.end(), candidates[order[i]])) ++found;
    }
    quality.recall[s] = static_cast<double>(found) / static_cast<double>(held_out.size());
    quality.lift[s] = quality.recall[s] / (static_cast<double>(audience) / n);
  }
  return quality;
}

}  // namespace

absl::StatusOr<LookalikeEvaluation> EvaluateLookalike(ExecutionContext& context,
                                                      const LookalikeInput& input,
                                                      const LookalikeOptions& options,
                                                      uint64_t split_seed) {
  if (input.seeds.size() < 2) {
    return FailedPrecondition("evaluating a lookalike: a group of ", input.seeds.size(),
                              " cannot be split in halves");
  }
  for (const CustomerRow excluded : input.excluded) {
    if (std::binary_search(input.seeds.begin(), input.seeds.end(), excluded)) {
      return InvalidArgument("evaluating a lookalike: row ", excluded.value,
                             " of the group is excluded, so it could never be found");
    }
  }
  const Split split = SplitGroup(input.seeds, split_seed);
  LookalikeInput half = input;
  half.seeds = split.seeds;
  BURGEON_RETURN_IF_ERROR(CheckLookalike(half, options));
  const std::vector<CustomerRow> candidates = LookalikeCandidates(half);
  BURGEON_ASSIGN_OR_RETURN(const LookalikeModel model,
                           LookalikeModel::Fit(context, half, candidates, options));
  const FloatMatrix from = Directions(input.embeddings, candidates);
  const FloatMatrix seeds = Directions(input.embeddings, split.seeds);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> plain,
                           PlainLogistic(context, input.embeddings, split.seeds, candidates));
  LookalikeEvaluation evaluation{.seeds = static_cast<int64_t>(split.seeds.size()),
                                 .held_out = static_cast<int64_t>(split.held_out.size()),
                                 .candidates = static_cast<int64_t>(candidates.size()),
                                 .methods = {}};
  const auto add = [&](std::string method, const std::vector<double>& scores) {
    evaluation.methods.push_back(Measure(std::move(method), candidates, scores, split.held_out));
  };
  add("lookalike", model.LogOddsOf(context.pool(), candidates));
  add("seed_centroid", LargestDot(context.pool(), from, MeanRow(seeds)));
  add("max_similarity", LargestDot(context.pool(), from, seeds));
  add("plain_logistic", plain);
  return evaluation;
}

}  // namespace burgeon
