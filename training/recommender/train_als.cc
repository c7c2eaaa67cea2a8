#include "training/recommender/train_als.h"

#include <cmath>

#include "engine/base/limits.h"
#include "engine/base/philox.h"
#include "training/recommender/interaction_check.h"

namespace burgeon {
namespace {

constexpr uint64_t kCustomerStream = 0x616c7375;  // "alsu"
constexpr uint64_t kItemStream = 0x616c7369;      // "alsi"

absl::Status Validate(const AlsOptions& options) {
  if (options.dim < 1 || options.dim > limits::kMaxDim) {
    return InvalidArgument("als: dim ", options.dim, " is not from 1 to ", limits::kMaxDim);
  }
  if (options.epochs < 1) {
    return InvalidArgument("als: epochs ", options.epochs, " is not at least 1");
  }
  if (!(options.init_stddev > 0) || !std::isfinite(options.init_stddev)) {
    return InvalidArgument("als: init_stddev ", options.init_stddev, " is not a positive number");
  }
  return absl::OkStatus();  // the rest is checked by AlsStep
}

FloatMatrix RandomFactors(const AlsOptions& options, int64_t rows, uint64_t stream) {
  const Philox random(options.seed, stream);
  const double stddev = options.init_stddev / std::sqrt(static_cast<double>(options.dim));
  FloatMatrix factors(rows, options.dim);
  for (size_t k = 0; k < factors.values().size(); ++k) {
    factors.values()[k] = static_cast<float>(stddev * random.Normal(k));
  }
  return factors;
}

// Root mean square change, relative to the root mean square now.
double RelativeChange(const FloatMatrix& before, const FloatMatrix& now) {
  double change = 0;
  double size = 0;
  for (size_t k = 0; k < now.values().size(); ++k) {
    const double x = now.values()[k];
    const double d = x - before.values()[k];
    change += d * d;
    size += x * x;
  }
  return size > 0 ? std::sqrt(change / size) : 0;
}

}  // namespace

absl::StatusOr<RecommenderModel> TrainAls(ExecutionContext& context, const CsrView& interactions,
                                          const AlsOptions& options, TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  const AlsStepParams params = {.unobserved_weight = options.unobserved_weight,
                                .regularization = options.regularization,
                                .regularization_exponent = options.regularization_exponent,
                                .block_size = options.block_size};
  const CsrMatrix transposed = Transpose(interactions);
  FloatMatrix customers = RandomFactors(options, interactions.rows(), kCustomerStream);
  FloatMatrix items = RandomFactors(options, interactions.cols, kItemStream);
  for (int epoch = 1; epoch <= options.epochs; ++epoch) {
    const FloatMatrix before = items;
    BURGEON_RETURN_IF_ERROR(AlsStep(context, interactions, items.view(), params, customers.view()));
    BURGEON_RETURN_IF_ERROR(
        AlsStep(context, transposed.view(), customers.view(), params, items.view()));
    report->lines.push_back(Concat("epoch ", epoch, ": relative change of the item factors ",
                                   RelativeChange(before, items)));
  }
  RecommenderModel model;
  model.kind = RecommenderKind::kAls;
  model.item_embeddings = std::move(items);
  model.als = params;
  const std::vector<double> popularity = ColumnSums(interactions);
  model.popularity.assign(popularity.begin(), popularity.end());
  BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                           FoldIn(context, model, {.weights = interactions}));
  return model;
}

}  // namespace burgeon
