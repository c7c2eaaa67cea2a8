#include "engine/audience/lookalike.h"

#include <algorithm>
#include <cmath>

#include "engine/audience/lookalike_model.h"

namespace burgeon {

namespace {

constexpr int64_t kMaxAudience = 1'000'000'000;
constexpr int kMaxIterations = 1000;

absl::Status CheckRows(std::string_view what, std::span<const CustomerRow> rows,
                       int64_t customers) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].value >= customers) {
      return InvalidArgument("lookalike: row ", rows[i].value, " of the ", what, " is not one of ",
                             customers);
    }
    if (i > 0 && rows[i] <= rows[i - 1]) {
      return InvalidArgument("lookalike: row ", rows[i].value, " of the ", what,
                             " is out of order or there twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckInput(const LookalikeInput& input) {
  const int64_t customers = input.embeddings.rows;
  BURGEON_CHECK(input.features.cols == 0 || input.features.rows == customers);
  BURGEON_CHECK(input.allowed.empty() || static_cast<int64_t>(input.allowed.size()) == customers);
  BURGEON_RETURN_IF_ERROR(CheckRows("seeds", input.seeds, customers));
  BURGEON_RETURN_IF_ERROR(CheckRows("excluded", input.excluded, customers));
  for (const CustomerRow seed : input.seeds) {
    if (!input.allowed.empty() && input.allowed[seed.value] == 0) {
      return InvalidArgument("lookalike: seed row ", seed.value, " is not allowed");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const LookalikeOptions& options) {
  if (options.size < 1 || options.size > kMaxAudience) {
    return InvalidArgument("size: ", options.size, " is not from 1 to ", kMaxAudience);
  }
  if (options.min_seeds < 1) {
    return InvalidArgument("min_seeds: ", options.min_seeds, " is not at least 1");
  }
  if (options.min_audience < 1) {
    return InvalidArgument("min_audience: ", options.min_audience, " is not at least 1");
  }
  if (!std::isfinite(options.l2) || options.l2 <= 0) {
    return InvalidArgument("l2: ", options.l2, " is not a positive number");
  }
  if (options.iterations < 1 || options.iterations > kMaxIterations) {
    return InvalidArgument("iterations: ", options.iterations, " is not from 1 to ",
                           kMaxIterations);
  }
  if (options.background < 1) {
    return InvalidArgument("background: ", options.background, " is not at least 1");
  }
  return absl::OkStatus();
}

absl::Status CheckSeeds(const LookalikeInput& input, const LookalikeOptions& options) {
  const auto seeds = static_cast<int64_t>(input.seeds.size());
  if (seeds >= options.min_seeds) return absl::OkStatus();
  return FailedPrecondition("lookalike: ", seeds, " seeds were found, at least ", options.min_seeds,
                            " are needed");
}

}  // namespace

absl::Status CheckLookalike(const LookalikeInput& input, const LookalikeOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckOptions(options));
  BURGEON_RETURN_IF_ERROR(CheckInput(input));
  return CheckSeeds(input, options);
}

namespace {

struct RankedCustomer {
  double log_odds;
  CustomerRow customer;
};

// By log odds descending, then row; the best `keep` of them.
std::vector<RankedCustomer> Rank(std::span<const CustomerRow> customers,
                                 std::span<const double> log_odds, int64_t keep) {
  std::vector<RankedCustomer> ranked(customers.size());
  for (size_t i = 0; i < ranked.size(); ++i) ranked[i] = {log_odds[i], customers[i]};
  const auto end = ranked.begin() + std::min(keep, static_cast<int64_t>(ranked.size()));
  std::partial_sort(
      ranked.begin(), end, ranked.end(), [](const RankedCustomer& a, const RankedCustomer& b) {
        return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.customer < b.customer;
      });
  ranked.erase(end, ranked.end());
  return ranked;
}

}  // namespace

LookalikeOptions ParseLookalikeOptions(const ConfigNode& node) {
  LookalikeOptions options;
  options.size = node.GetInt("size", options.size, {1, kMaxAudience});
  options.min_seeds = node.GetInt("min_seeds", options.min_seeds, {1, kMaxAudience});
  options.min_audience = node.GetInt("min_audience", options.min_audience, {1, kMaxAudience});
  options.l2 = static_cast<float>(node.GetDouble("l2", 1, {1e-6, 1e6}));
  options.iterations =
      static_cast<int>(node.GetInt("iterations", options.iterations, {1, kMaxIterations}));
  options.seed = static_cast<uint64_t>(node.GetInt("random_seed", 1, {0, INT64_MAX}));
  options.background = node.GetInt("background", options.background, {1, kMaxAudience});
  return options;
}

absl::StatusOr<std::vector<LookalikeMember>> ExpandLookalike(ExecutionContext& context,
                                                             const LookalikeInput& input,
                                                             const LookalikeOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckLookalike(input, options));
  const std::vector<CustomerRow> candidates = LookalikeCandidates(input);
  const auto available = static_cast<int64_t>(candidates.size());
  const int64_t size = std::min(available, options.size);
  if (size < options.min_audience) {
    return FailedPrecondition("lookalike: the audience would have ", size, " customers (",
                              options.size, " wanted, ", available, " to choose from), at least ",
                              options.min_audience, " are needed");
  }
  BURGEON_ASSIGN_OR_RETURN(const LookalikeModel model,
                           LookalikeModel::Fit(context, input, candidates, options));
  const std::vector<double> log_odds = model.LogOddsOf(context.pool(), candidates);
  std::vector<LookalikeMember> members;
  for (const RankedCustomer& ranked : Rank(candidates, log_odds, size)) {
    members.push_back({ranked.customer, model.Probability(ranked.log_odds)});
  }
  return members;
}

absl::StatusOr<std::vector<float>> LookalikeScores(ExecutionContext& context,
                                                   const LookalikeInput& input,
                                                   const LookalikeOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckLookalike(input, options));
  const std::vector<CustomerRow> candidates = LookalikeCandidates(input);
  if (candidates.empty()) {
    return FailedPrecondition("lookalike: nobody is left to compare the seeds with");
  }
  BURGEON_ASSIGN_OR_RETURN(const LookalikeModel model,
                           LookalikeModel::Fit(context, input, candidates, options));
  std::vector<CustomerRow> allowed;
  for (uint32_t row = 0; row < static_cast<uint64_t>(input.embeddings.rows); ++row) {
    if (input.allowed.empty() || input.allowed[row] != 0) allowed.emplace_back(row);
  }
  const std::vector<double> log_odds = model.LogOddsOf(context.pool(), allowed);
  std::vector<float> scores(static_cast<size_t>(input.embeddings.rows), 0);
  for (size_t i = 0; i < allowed.size(); ++i) {
    scores[allowed[i].value] = model.Probability(log_odds[i]);
  }
  return scores;
}

}  // namespace burgeon
