#include "training/churn/train_network.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string_view>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/autograd.h>
#include <torch/optim/adamw.h>

#include "engine/base/philox.h"
#include "engine/models/catch_torch.h"
#include "engine/models/churn_module.h"

namespace burgeon {
namespace {

constexpr uint64_t kShuffleStream = 0x73687566666c65;  // "shuffle"; the epoch is added

constexpr std::string_view kWhat = "training of the churn network";

torch::Tensor ToTensor(const FloatMatrix& matrix) {
  torch::Tensor tensor = torch::empty({matrix.rows(), matrix.cols()}, torch::kFloat32);
  std::copy(matrix.values().begin(), matrix.values().end(), tensor.data_ptr<float>());
  return tensor;
}

torch::Tensor ToTensor(const std::vector<uint8_t>& label) {
  torch::Tensor tensor = torch::empty({static_cast<int64_t>(label.size())}, torch::kFloat32);
  std::copy(label.begin(), label.end(), tensor.data_ptr<float>());
  return tensor;
}

// Fisher and Yates, with numbers that depend on (seed, epoch) alone.
torch::Tensor Shuffled(int64_t rows, uint64_t seed, int epoch) {
  torch::Tensor order = torch::empty({rows}, torch::kInt64);
  auto* values = order.data_ptr<int64_t>();
  std::iota(values, values + rows, int64_t{0});
  const Philox random(seed, kShuffleStream + static_cast<uint64_t>(epoch));
  for (int64_t i = rows - 1; i > 0; --i) {
    const auto j = random.Below(static_cast<uint64_t>(i), static_cast<uint64_t>(i) + 1);
    std::swap(values[i], values[j]);
  }
  return order;
}

class Trainer {
 public:
  Trainer(ThreadPool& pool, const NetworkExamples& train, const NetworkExamples& validation,
          const ChurnTrainOptions& options, uint64_t seed)
      : pool_(pool),
        options_(options),
        seed_(seed),
        features_(ToTensor(train.features)),
        label_(ToTensor(train.label)),
        validation_features_(ToTensor(validation.features)),
        validation_label_(validation.label),
        module_(std::make_shared<ChurnModule>(train.features.cols(), options.hidden, seed)),
        parameters_(module_->parameters()),
        optimizer_(Groups(parameters_, options),
                   torch::optim::AdamWOptions(options.learning_rate)) {}

  TrainedNetwork Run(absl::Status* status) {
    TrainedNetwork best;
    for (int epoch = 1; epoch <= options_.epochs; ++epoch) {
      *status = RunEpoch(epoch);
      if (!status->ok()) return best;
      const double loss = ValidationLogLoss();
      if (!std::isfinite(loss)) {
        *status = Internal("training of the churn network: the validation loss of epoch ", epoch,
                           " is not finite; lower churn.train.learning_rate");
        return best;
      }
      best.epochs = epoch;
      if (epoch == 1 || loss < best.validation_log_loss) {
        best.validation_log_loss = loss;
        best.best_epoch = epoch;
        best.network = module_->Export();
      } else if (epoch - best.best_epoch >= options_.patience) {
        break;
      }
    }
    return best;
  }

 private:
  static std::vector<torch::optim::OptimizerParamGroup> Groups(
      const std::vector<torch::Tensor>& parameters, const ChurnTrainOptions& options) {
    std::vector<torch::Tensor> weights;
    std::vector<torch::Tensor> biases;
    for (const torch::Tensor& p : parameters) (p.dim() > 1 ? weights : biases).push_back(p);
    const auto group = [&](std::vector<torch::Tensor> members, double decay) {
      return torch::optim::OptimizerParamGroup(
          std::move(members),
          std::make_unique<torch::optim::AdamWOptions>(
              torch::optim::AdamWOptions(options.learning_rate).weight_decay(decay)));
    };
    return {group(std::move(weights), options.weight_decay), group(std::move(biases), 0)};
  }

  absl::Status RunEpoch(int epoch) {
    const int64_t rows = features_.size(0);
    const torch::Tensor order = Shuffled(rows, seed_, epoch);
    for (int64_t begin = 0; begin < rows; begin += options_.batch_size) {
      const int64_t size = std::min<int64_t>(options_.batch_size, rows - begin);
      BURGEON_RETURN_IF_ERROR(Step(order.narrow(0, begin, size)));
    }
    return absl::OkStatus();
  }

  absl::Status Step(const torch::Tensor& batch) {
    const int64_t rows = batch.size(0);
    const int64_t per_shard = (rows + options_.shards - 1) / options_.shards;
    const int64_t shards = (rows + per_shard - 1) / per_shard;
    std::vector<std::vector<torch::Tensor>> gradient(static_cast<size_t>(shards));
    BURGEON_RETURN_IF_ERROR(
        pool_.ParallelForStatus(rows, per_shard, [&](int64_t begin, int64_t end) {
          return CatchTorch(kWhat, [&] {
            gradient[static_cast<size_t>(begin / per_shard)] =
                ShardGradient(batch.narrow(0, begin, end - begin), rows);
          });
        }));
    for (size_t p = 0; p < parameters_.size(); ++p) {
      torch::Tensor sum = gradient[0][p];
      for (size_t s = 1; s < gradient.size(); ++s) sum = sum + gradient[s][p];
      parameters_[p].mutable_grad() = sum;
    }
    optimizer_.step();
    return absl::OkStatus();
  }

  // Of the shard's share of the batch's mean log loss. Parameters are only read, so shards share
  // the module.
  std::vector<torch::Tensor> ShardGradient(const torch::Tensor& rows, int64_t batch_rows) {
    at::set_num_threads(1);  // of this thread
    const torch::Tensor logit = module_->forward(features_.index_select(0, rows));
    const torch::Tensor loss = torch::binary_cross_entropy_with_logits(
        logit, label_.index_select(0, rows), {}, {}, at::Reduction::Sum);
    return torch::autograd::grad({loss / static_cast<double>(batch_rows)}, parameters_);
  }

  double ValidationLogLoss() {
    const torch::NoGradGuard no_gradients;
    const torch::Tensor logits = module_->forward(validation_features_);
    const float* logit = logits.data_ptr<float>();
    double sum = 0;
    for (size_t i = 0; i < validation_label_.size(); ++i) {
      const double z = validation_label_[i] == 1 ? -logit[i] : logit[i];
      sum += std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z)));
    }
    return sum / static_cast<double>(validation_label_.size());
  }

  ThreadPool& pool_;
  const ChurnTrainOptions& options_;
  const uint64_t seed_;
  const torch::Tensor features_;
  const torch::Tensor label_;
  const torch::Tensor validation_features_;
  const std::vector<uint8_t>& validation_label_;
  std::shared_ptr<ChurnModule> module_;
  std::vector<torch::Tensor> parameters_;
  torch::optim::AdamW optimizer_;
};

}  // namespace

absl::StatusOr<TrainedNetwork> TrainChurnNetwork(ThreadPool& pool, const NetworkExamples& train,
                                                 const NetworkExamples& validation,
                                                 const ChurnTrainOptions& options, uint64_t seed) {
  if (train.label.empty() || validation.label.empty() ||
      train.features.cols() != validation.features.cols()) {
    return InvalidArgument("training of the churn network: ", train.label.size(), " train and ",
                           validation.label.size(), " validation examples with ",
                           train.features.cols(), " and ", validation.features.cols(),
                           " features; wanted some of each with the same features");
  }
  TrainedNetwork trained;
  absl::Status inside;
  BURGEON_RETURN_IF_ERROR(CatchTorch(kWhat, [&] {
    at::set_num_threads(1);
    trained = Trainer(pool, train, validation, options, seed).Run(&inside);
  }));
  BURGEON_RETURN_IF_ERROR(inside);
  return trained;
}

}  // namespace burgeon
