#include "training/recommender/sequence_network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include "engine/base/philox.h"
#include "engine/models/catch_torch.h"
#include "engine/models/sequence_module.h"
#include "training/recommender/sequence_batches.h"
#include "training/recommender/sequence_loss.h"

namespace burgeon {
namespace {

constexpr uint64_t kNegativeStream = 0x7365716e6567;  // "seqneg"
constexpr uint64_t kDropoutStream = 0x73657164726f;   // "seqdro"
constexpr int kWarmupEpochs = 2;
constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.98;
constexpr double kEpsilon = 1e-8;

constexpr std::string_view kWhat = "training of the sequence model";

// A part of a batch, padded on the right.
struct Shard {
  torch::Tensor inputs;     // [n, t]
  torch::Tensor positions;  // [p] places in [n * t] that have a target
  torch::Tensor targets;    // [p]
};

Shard MakeShard(const SequenceView& sequences, std::span<const int64_t> rows, int64_t length) {
  std::vector<std::span<const uint32_t>> windows;
  int64_t width = 1;
  for (const int64_t u : rows) {
    auto items = sequences.row(u);
    if (std::ssize(items) > length + 1) items = items.last(static_cast<size_t>(length) + 1);
    width = std::max(width, std::ssize(items) - 1);
    windows.push_back(items);
  }
  std::vector<int64_t> positions;
  std::vector<int64_t> targets;
  torch::Tensor inputs = torch::zeros({std::ssize(rows), width}, torch::kInt64);
  auto* values = inputs.data_ptr<int64_t>();
  for (size_t r = 0; r < windows.size(); ++r) {
    for (size_t t = 0; t + 1 < windows[r].size(); ++t) {
      const auto place = static_cast<int64_t>(r) * width + static_cast<int64_t>(t);
      values[place] = windows[r][t];
      positions.push_back(place);
      targets.push_back(windows[r][t + 1]);
    }
  }
  return {.inputs = inputs,
          .positions = torch::tensor(positions, torch::kInt64),
          .targets = torch::tensor(targets, torch::kInt64)};
}

int64_t TargetsOf(const SequenceView& sequences, std::span<const int64_t> rows, int64_t length) {
  int64_t count = 0;
  for (const int64_t u : rows) count += std::min(std::ssize(sequences.row(u)) - 1, length);
  return count;
}

}  // namespace

struct SequenceNetwork::State {
  State(ThreadPool* p, int64_t item_count, const SequenceOptions& o)
      : pool(p),
        items(item_count),
        options(o),
        module(std::make_shared<SequenceModule>(SequenceShape{.items = item_count,
                                                              .dim = o.dim,
                                                              .length = o.length,
                                                              .blocks = o.blocks,
                                                              .heads = o.heads},
                                                o.seed)) {
    for (const auto& parameter : module->named_parameters()) {
      names.push_back(parameter.key());
      parameters.push_back(parameter.value());
      first.push_back(torch::zeros_like(parameter.value()));
      second.push_back(torch::zeros_like(parameter.value()));
    }
  }

  // The sum of the shard's losses, and the gradient of its share of the batch's mean.
  double ShardGradient(const Shard& shard, const torch::Tensor& negatives, uint64_t dropout_seed,
                       int64_t batch_targets, std::vector<torch::Tensor>* gradient) {
    at::set_num_threads(1);  // of this thread
    const torch::Tensor hidden =
        module->forward(shard.inputs, options.dropout, at::detail::createCPUGenerator(dropout_seed))
            .flatten(0, 1)
            .index_select(0, shard.positions);
    const torch::Tensor loss =
        SequenceLoss(hidden, shard.targets, module->item_table(), options.temperature, negatives);
    *gradient = torch::autograd::grad({loss / static_cast<double>(batch_targets)}, parameters);
    return loss.item<double>();
  }

  torch::Tensor Negatives(int epoch) const {
    if (options.negatives == 0) return {};
    const Philox random(options.seed, kNegativeStream ^ (static_cast<uint64_t>(epoch) << 48));
    torch::Tensor drawn = torch::empty({options.negatives}, torch::kInt64);
    auto* values = drawn.data_ptr<int64_t>();
    const uint64_t at = static_cast<uint64_t>(steps) * static_cast<uint64_t>(options.negatives);
    for (int k = 0; k < options.negatives; ++k) {
      values[k] = static_cast<int64_t>(
          random.Below(at + static_cast<uint64_t>(k), static_cast<uint64_t>(items)));
    }
    return drawn;
  }

  // Returns the sum of losses.
  absl::StatusOr<double> Step(const SequenceView& sequences, std::span<const int64_t> batch,
                              int epoch, double rate) {
    const auto rows = std::ssize(batch);
    const int64_t a_shard = (rows + options.shards - 1) / options.shards;
    const auto shards = static_cast<size_t>((rows + a_shard - 1) / a_shard);
    const int64_t targets = TargetsOf(sequences, batch, options.length);
    const torch::Tensor negatives = Negatives(epoch);
    std::vector<std::vector<torch::Tensor>> gradients(shards);
    std::vector<double> losses(shards);
    const Philox seeds(options.seed, kDropoutStream);
    BURGEON_RETURN_IF_ERROR(pool->ParallelForStatus(rows, a_shard, [&](int64_t begin, int64_t end) {
      const auto s = static_cast<size_t>(begin / a_shard);
      return CatchTorch(kWhat, [&] {
        const auto seed = seeds.Words(static_cast<uint64_t>(steps) * 64 + s);
        losses[s] = ShardGradient(
            MakeShard(sequences,
                      batch.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)),
                      options.length),
            negatives, uint64_t{seed[0]} << 32 | seed[1], targets, &gradients[s]);
      });
    }));
    ++steps;
    double loss = 0;
    for (const double one : losses) loss += one;
    if (!std::isfinite(loss)) {
      return Internal("training of the sequence model: the loss of epoch ", epoch,
                      " is not finite; lower recommender.sequence.learning_rate");
    }
    BURGEON_RETURN_IF_ERROR(CatchTorch(kWhat, [&] { Update(gradients, rate); }));
    return loss;
  }

  // AdamW (Loshchilov, Hutter, ICLR 2019).
  void Update(const std::vector<std::vector<torch::Tensor>>& gradients, double rate) {
    const torch::NoGradGuard no_gradients;
    const double first_bias = 1 - std::pow(kFirstDecay, static_cast<double>(steps));
    const double second_bias = 1 - std::pow(kSecondDecay, static_cast<double>(steps));
    for (size_t p = 0; p < parameters.size(); ++p) {
      torch::Tensor gradient = gradients[0][p];
      for (size_t s = 1; s < gradients.size(); ++s) gradient = gradient + gradients[s][p];
      if (options.weight_decay > 0 && parameters[p].dim() > 1) {
        parameters[p].mul_(1 - rate * options.weight_decay);
      }
      first[p].mul_(kFirstDecay).add_(gradient, 1 - kFirstDecay);
      second[p].mul_(kSecondDecay).addcmul_(gradient, gradient, 1 - kSecondDecay);
      const torch::Tensor size = (second[p] / second_bias).sqrt_().add_(kEpsilon);
      parameters[p].addcdiv_(first[p], size, -rate / first_bias);
    }
  }

  ThreadPool* pool;
  int64_t items;
  SequenceOptions options;
  std::shared_ptr<SequenceModule> module;
  std::vector<std::string> names;
  std::vector<torch::Tensor> parameters;
  std::vector<torch::Tensor> first;  // moments
  std::vector<torch::Tensor> second;
  int64_t steps = 0;
};

SequenceNetwork::SequenceNetwork(std::unique_ptr<State> state) : state_(std::move(state)) {}
SequenceNetwork::SequenceNetwork(SequenceNetwork&&) noexcept = default;
SequenceNetwork& SequenceNetwork::operator=(SequenceNetwork&&) noexcept = default;
SequenceNetwork::~SequenceNetwork() = default;

absl::StatusOr<SequenceNetwork> SequenceNetwork::Create(ThreadPool& pool, int64_t items,
                                                        const SequenceOptions& options) {
  std::unique_ptr<State> state;
  BURGEON_RETURN_IF_ERROR(CatchTorch(kWhat, [&] {
    at::set_num_threads(1);
    state = std::make_unique<State>(&pool, items, options);
  }));
  return SequenceNetwork(std::move(state));
}

absl::StatusOr<double> SequenceNetwork::RunEpoch(const SequenceView& sequences, int epoch) {
  State& state = *state_;
  const SequenceOptions& options = state.options;
  const auto batches =
      SequenceBatches(sequences, options.length, options.batch_size, options.seed, epoch);
  const double warmup = kWarmupEpochs * static_cast<double>(batches.size());
  double loss = 0;
  int64_t targets = 0;
  for (const std::vector<int64_t>& batch : batches) {
    const double rate =
        options.learning_rate * std::min(1.0, static_cast<double>(state.steps + 1) / warmup);
    BURGEON_ASSIGN_OR_RETURN(const double sum, state.Step(sequences, batch, epoch, rate));
    loss += sum;
    targets += TargetsOf(sequences, batch, options.length);
  }
  return loss / static_cast<double>(std::max<int64_t>(1, targets));
}

SequenceEncoder SequenceNetwork::Export() const { return state_->module->Export(); }

void SequenceNetwork::Save(TensorFile* file) const {
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    const torch::Tensor values = tensor.detach().contiguous();
    file->Add(name, std::span<const float>(values.data_ptr<float>(),
                                           static_cast<size_t>(values.numel())));
  };
  for (size_t p = 0; p < state_->names.size(); ++p) {
    add(Concat("network.value.", state_->names[p]), state_->parameters[p]);
    add(Concat("network.first.", state_->names[p]), state_->first[p]);
    add(Concat("network.second.", state_->names[p]), state_->second[p]);
  }
  const int64_t steps = state_->steps;
  file->Add("network.steps", std::span<const int64_t>(&steps, 1));
}

absl::Status SequenceNetwork::Restore(const TensorFile& file) {
  const torch::NoGradGuard no_gradients;
  const auto read = [&](const std::string& name, torch::Tensor* tensor) -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<float> values, file.GetFloats(name));
    if (std::ssize(values) != tensor->numel()) {
      return DataLoss(name, " holds ", values.size(), " values; wanted ", tensor->numel());
    }
    std::ranges::copy(values, tensor->data_ptr<float>());
    return absl::OkStatus();
  };
  for (size_t p = 0; p < state_->names.size(); ++p) {
    BURGEON_RETURN_IF_ERROR(
        read(Concat("network.value.", state_->names[p]), &state_->parameters[p]));
    BURGEON_RETURN_IF_ERROR(read(Concat("network.first.", state_->names[p]), &state_->first[p]));
    BURGEON_RETURN_IF_ERROR(read(Concat("network.second.", state_->names[p]), &state_->second[p]));
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> steps, file.GetInt64s("network.steps"));
  if (steps.size() != 1) return DataLoss("network.steps does not hold one number");
  state_->steps = steps[0];
  return absl::OkStatus();
}

}  // namespace burgeon
