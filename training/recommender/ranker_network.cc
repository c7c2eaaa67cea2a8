#include "training/recommender/ranker_network.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/autograd.h>
#include <torch/optim/adamw.h>

#include "engine/base/philox.h"
#include "engine/models/catch_torch.h"
#include "engine/models/linear_module.h"

namespace burgeon {
namespace {

constexpr uint64_t kInitialStream = 0x72616e6b6572;    // "ranker"
constexpr uint64_t kShuffleStream = 0x726b7368756600;  // "rkshuf"; the epoch is added
constexpr std::string_view kWhat = "training of the ranker";

// Lists as tensors.
struct Lists {
  torch::Tensor features;  // [lists, pool, features]
  torch::Tensor label;     // [lists, pool], each list's sum is 1
  torch::Tensor mask;      // [lists, pool] 0 where there is an item, else -infinity
};

Lists ToLists(const RankerExamples& examples) {
  const int64_t lists = examples.lists();
  const int64_t pool = examples.pool;
  Lists out;
  out.features = torch::empty({lists, pool, examples.features.cols()}, torch::kFloat32);
  std::ranges::copy(examples.features.values(), out.features.data_ptr<float>());
  out.label = torch::empty({lists, pool}, torch::kFloat32);
  out.mask = torch::empty({lists, pool}, torch::kFloat32);
  for (int64_t k = 0; k < lists * pool; ++k) {
    out.label.data_ptr<float>()[k] = examples.label[static_cast<size_t>(k)];
    out.mask.data_ptr<float>()[k] =
        examples.mask[static_cast<size_t>(k)] == 1 ? 0 : -std::numeric_limits<float>::infinity();
  }
  out.label = out.label / out.label.sum(1, /*keepdim=*/true);
  return out;
}

// Fisher and Yates, with numbers that depend on (seed, epoch) alone.
std::vector<int64_t> Shuffled(int64_t rows, uint64_t seed, int epoch) {
  std::vector<int64_t> order(static_cast<size_t>(rows));
  std::iota(order.begin(), order.end(), int64_t{0});
  const Philox random(seed, kShuffleStream + static_cast<uint64_t>(epoch));
  for (size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.Below(i, i + 1)]);
  return order;
}

class Trainer {
 public:
  Trainer(ThreadPool& pool, const RankerExamples& train, const RankerExamples& validation,
          const RankerOptions& options)
      : pool_(pool),
        options_(options),
        train_(ToLists(train)),
        validation_(ToLists(validation)),
        parameters_(Initial(train.features.cols(), options)),
        optimizer_(
            parameters_,
            torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)) {}

  absl::StatusOr<TrainedRanker> Run() {
    TrainedRanker best;
    for (int epoch = 1; epoch <= options_.epochs; ++epoch) {
      BURGEON_RETURN_IF_ERROR(RunEpoch(epoch));
      const double loss = ValidationLoss();
      if (!std::isfinite(loss)) {
        return Internal(kWhat, ": the validation loss of epoch ", epoch,
                        " is not finite; lower recommender.blend.ranker.learning_rate");
      }
      best.epochs = epoch;
      if (epoch == 1 || loss < best.validation_loss) {
        best.validation_loss = loss;
        best.best_epoch = epoch;
        best.network = Export();
      } else if (epoch - best.best_epoch >= options_.patience) {
        break;
      }
    }
    return best;
  }

 private:
  // Weight and bias of each layer, uniform in +-1/sqrt(inputs).
  static std::vector<torch::Tensor> Initial(int64_t features, const RankerOptions& options) {
    const Philox random(options.seed, kInitialStream);
    uint64_t at = 0;
    std::vector<torch::Tensor> out;
    std::vector<int64_t> widths(options.hidden.begin(), options.hidden.end());
    widths.push_back(1);
    int64_t in = features;
    for (const int64_t width : widths) {
      const double bound = 1 / std::sqrt(static_cast<double>(in));
      for (torch::Tensor tensor : {torch::empty({width, in}), torch::empty({width})}) {
        float* values = tensor.data_ptr<float>();
        for (int64_t i = 0; i < tensor.numel(); ++i) {
          values[i] = static_cast<float>(bound * (2 * random.Uniform(at++) - 1));
        }
        out.push_back(tensor.requires_grad_(true));
      }
      in = width;
    }
    return out;
  }

  // Sum over the lists of -sum_i label_i log softmax_i.
  torch::Tensor Loss(const Lists& lists, const torch::Tensor& rows) const {
    torch::Tensor x = lists.features.index_select(0, rows);
    for (size_t p = 0; p < parameters_.size(); p += 2) {
      x = torch::matmul(x, parameters_[p].t()) + parameters_[p + 1];
      if (p + 2 < parameters_.size()) x = torch::relu(x);
    }
    const torch::Tensor logits = x.squeeze(2) + lists.mask.index_select(0, rows);
    const torch::Tensor log_shares = torch::log_softmax(logits, 1);
    // A masked place has a label of 0 and an infinite logarithm.
    const torch::Tensor label = lists.label.index_select(0, rows);
    return -torch::where(label > 0, label * log_shares, torch::zeros_like(label)).sum();
  }

  absl::Status RunEpoch(int epoch) {
    const int64_t rows = train_.features.size(0);
    const std::vector<int64_t> order = Shuffled(rows, options_.seed, epoch);
    const torch::Tensor places = torch::tensor(order, torch::kInt64);
    for (int64_t begin = 0; begin < rows; begin += options_.batch_size) {
      const int64_t size = std::min<int64_t>(options_.batch_size, rows - begin);
      BURGEON_RETURN_IF_ERROR(Step(places.narrow(0, begin, size)));
    }
    return absl::OkStatus();
  }

  absl::Status Step(const torch::Tensor& batch) {
    const int64_t rows = batch.size(0);
    const int64_t per_shard = (rows + options_.shards - 1) / options_.shards;
    std::vector<std::vector<torch::Tensor>> gradient(
        static_cast<size_t>((rows + per_shard - 1) / per_shard));
    BURGEON_RETURN_IF_ERROR(
        pool_.ParallelForStatus(rows, per_shard, [&](int64_t begin, int64_t end) {
          return CatchTorch(kWhat, [&] {
            at::set_num_threads(1);  // of this thread
            const torch::Tensor loss = Loss(train_, batch.narrow(0, begin, end - begin));
            gradient[static_cast<size_t>(begin / per_shard)] =
                torch::autograd::grad({loss / static_cast<double>(rows)}, parameters_);
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

  double ValidationLoss() const {
    const torch::NoGradGuard no_gradients;
    const int64_t lists = validation_.features.size(0);
    return Loss(validation_, torch::arange(lists)).item<double>() / static_cast<double>(lists);
  }

  Perceptron Export() const {
    Perceptron network;
    for (size_t p = 0; p < parameters_.size(); p += 2) {
      network.weight.push_back(ToMatrix(parameters_[p]));
      network.bias.push_back(ToVector(parameters_[p + 1]));
    }
    return network;
  }

  ThreadPool& pool_;
  const RankerOptions& options_;
  const Lists train_;
  const Lists validation_;
  std::vector<torch::Tensor> parameters_;
  torch::optim::AdamW optimizer_;
};

}  // namespace

absl::StatusOr<TrainedRanker> TrainRankerNetwork(ThreadPool& pool, const RankerExamples& train,
                                                 const RankerExamples& validation,
                                                 const RankerOptions& options) {
  if (train.lists() == 0 || validation.lists() == 0 ||
      train.features.cols() != validation.features.cols()) {
    return InvalidArgument(kWhat, ": ", train.lists(), " lists to learn from and ",
                           validation.lists(), " to stop by, with ", train.features.cols(), " and ",
                           validation.features.cols(),
                           " features; wanted some of each with the same features");
  }
  absl::StatusOr<TrainedRanker> trained;
  BURGEON_RETURN_IF_ERROR(CatchTorch(kWhat, [&] {
    at::set_num_threads(1);
    trained = Trainer(pool, train, validation, options).Run();
  }));
  return trained;
}

}  // namespace burgeon
