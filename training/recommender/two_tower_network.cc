#include "training/recommender/two_tower_network.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/Parallel.h>
#include <torch/autograd.h>

#include "engine/base/philox.h"
#include "engine/models/catch_torch.h"
#include "engine/models/two_tower_module.h"
#include "training/recommender/embedding_table.h"
#include "training/recommender/two_tower_batches.h"
#include "training/recommender/two_tower_loss.h"
#include "training/recommender/two_tower_rows.h"

namespace burgeon {
namespace {

constexpr uint64_t kHistoryStream = 0x74776f686973;   // "twohis"
constexpr uint64_t kItemStream = 0x74776f697465;      // "twoite"
constexpr uint64_t kCustomerLayers = 0x74776f636c61;  // "twocla"
constexpr uint64_t kItemLayers = 0x74776f696c61;      // "twoila"
constexpr int64_t kItemChunk = 2048;                  // items that go through their tower together

constexpr std::string_view kWhat = "training of the two-tower model";

MatrixView<float> ViewOf(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), tensor.size(0), tensor.size(1), tensor.size(1)};
}

template <class T>
torch::Tensor Indices(const std::vector<T>& values) {
  torch::Tensor out = torch::empty({std::ssize(values)}, torch::kInt64);
  std::ranges::copy(values, out.data_ptr<int64_t>());
  return out;
}

torch::Tensor Floats(const std::vector<float>& values) {
  torch::Tensor out = torch::empty({std::ssize(values)}, torch::kFloat32);
  std::ranges::copy(values, out.data_ptr<float>());
  return out;
}

// A tower's layers with their moments.
struct Tower {
  Tower(const TwoTowerOptions& o, uint64_t stream)
      : module(std::make_shared<TowerModule>(o.dim, o.hidden, o.layers, o.seed, stream)) {
    for (const auto& parameter : module->named_parameters()) {
      names.push_back(parameter.key());
      parameters.push_back(parameter.value());
      first.push_back(torch::zeros_like(parameter.value()));
      second.push_back(torch::zeros_like(parameter.value()));
    }
  }

  // The gradients of the input, first, and of the parameters.
  std::vector<torch::Tensor> Backward(const torch::Tensor& output, const torch::Tensor& input,
                                      const torch::Tensor& gradient) const {
    std::vector<torch::Tensor> of = {input};
    of.insert(of.end(), parameters.begin(), parameters.end());
    return torch::autograd::grad({output}, of, {gradient});
  }

  // parts: of each part of the batch what Backward gave.
  void Move(const std::vector<std::vector<torch::Tensor>>& parts, const AdamStep& step) {
    const torch::NoGradGuard no_gradients;
    for (size_t p = 0; p < parameters.size(); ++p) {
      torch::Tensor gradient = parts[0][p + 1];
      for (size_t s = 1; s < parts.size(); ++s) gradient = gradient + parts[s][p + 1];
      gradient = gradient.contiguous();
      AdamStep used = step;
      if (parameters[p].dim() == 1) used.weight_decay = 0;  // biases and norms
      const auto span = [](const torch::Tensor& tensor) {
        return std::span<float>(tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel()));
      };
      MoveByAdam(used, span(gradient), span(parameters[p]), span(first[p]), span(second[p]));
    }
  }

  std::shared_ptr<TowerModule> module;
  std::vector<std::string> names;
  std::vector<torch::Tensor> parameters;
  std::vector<torch::Tensor> first;
  std::vector<torch::Tensor> second;
};

// What a step is about, in rows of what it looks up.
struct Batch {
  TwoTowerExamples examples;
  CsrMatrix histories;              // [n, table]
  std::vector<uint32_t> items;      // whose vectors are made; empty: all
  CsrMatrix item_rows;              // [items, table]
  std::vector<uint32_t> negatives;  // places in `items`; empty: all of them
  std::vector<float> correction;
};

}  // namespace

struct TwoTowerNetwork::State {
  State(ThreadPool* p, const CsrView& r, const CsrView& features, const TwoTowerOptions& o)
      : pool(p),
        context(p),
        interactions(r),
        options(o),
        rows(r, features,
             {.item_exponent = o.item_exponent, .id_dropout = o.id_dropout, .seed = o.seed}),
        sampler(rows.degrees(), o.popularity_share),
        history_table(*p, rows.table_rows(), o.dim, o.seed, kHistoryStream),
        customer(o, kCustomerLayers),
        item(o, kItemLayers) {
    if (!o.share_tables) {
      item_table = EmbeddingTable(*p, rows.table_rows(), o.dim, o.seed, kItemStream);
    }
  }

  const EmbeddingTable& items() const { return options.share_tables ? history_table : item_table; }

  Batch MakeBatch(std::span<const int64_t> customers, int epoch) const {
    Batch batch;
    batch.examples =
        DrawExamples(interactions, customers, options.target_share, options.seed, epoch);
    batch.histories = rows.Histories(batch.examples.history.view(), steps);
    if (options.negatives > 0) {
      const DrawnNegatives drawn =
          sampler.Draw(options.negatives, options.seed, static_cast<uint64_t>(steps));
      batch.items = drawn.items;
      batch.items.insert(batch.items.end(), batch.examples.targets.columns.begin(),
                         batch.examples.targets.columns.end());
      std::ranges::sort(batch.items);
      batch.items.erase(std::unique(batch.items.begin(), batch.items.end()), batch.items.end());
      for (const uint32_t i : drawn.items) batch.negatives.push_back(PlaceOf(batch.items, i));
      batch.correction = drawn.correction;
    }
    batch.item_rows = rows.Items(batch.items, steps);
    return batch;
  }

  static uint32_t PlaceOf(const std::vector<uint32_t>& items, uint32_t item) {
    return static_cast<uint32_t>(std::ranges::lower_bound(items, item) - items.begin());
  }

  // The softmax of rows [begin, end) of the batch.
  TwoTowerSoftmax SoftmaxOf(const Batch& batch, int64_t begin, int64_t end) const {
    const CsrView targets = batch.examples.targets.view();
    const CsrView history = batch.examples.history.view();
    const bool all = batch.items.empty();
    const int64_t width = all ? interactions.cols : std::ssize(batch.negatives);
    std::vector<int64_t> target_rows;
    std::vector<int64_t> target_items;
    std::vector<float> weights;
    std::vector<int64_t> masked;
    const auto mask = [&](int64_t row, uint32_t item) {
      if (all) {
        masked.push_back(row * width + item);
        return;
      }
      const uint32_t place = PlaceOf(batch.items, item);
      if (place == batch.items.size() || batch.items[place] != item) return;
      const auto at = std::ranges::lower_bound(batch.negatives, place);
      if (at == batch.negatives.end() || *at != place) return;
      masked.push_back(row * width + (at - batch.negatives.begin()));
    };
    for (int64_t r = begin; r < end; ++r) {
      const auto named = targets.row_columns(r);
      const double weight =
          1 / (std::sqrt(static_cast<double>(named.size())) * static_cast<double>(targets.rows()));
      for (const uint32_t item : named) {
        target_rows.push_back(r - begin);
        target_items.push_back(all ? item : PlaceOf(batch.items, item));
        weights.push_back(static_cast<float>(weight));
        mask(r - begin, item);
      }
      for (const uint32_t item : history.row_columns(r)) mask(r - begin, item);
    }
    return {.temperature = options.temperature,
            .target_rows = Indices(target_rows),
            .target_items = Indices(target_items),
            .target_weights = Floats(weights),
            .negatives = all ? torch::Tensor() : Indices(batch.negatives),
            .correction = all ? torch::Tensor() : Floats(batch.correction),
            .masked = Indices(masked)};
  }

  // Returns the mean loss of a customer of the batch.
  absl::StatusOr<double> Step(std::span<const int64_t> customers, int epoch, double rate) {
    const Batch batch = MakeBatch(customers, epoch);
    const auto count = std::ssize(customers);
    const int64_t item_count = batch.item_rows.rows();
    const torch::Tensor bags = torch::empty({count, options.dim});
    const torch::Tensor inputs = torch::empty({item_count, options.dim});
    history_table.LookUp(context, batch.histories.view(), ViewOf(bags));
    items().LookUp(context, batch.item_rows.view(), ViewOf(inputs));

    // The items through their tower, in chunks that autograd knows nothing of each other.
    const auto chunks = static_cast<size_t>((item_count + kItemChunk - 1) / kItemChunk);
    std::vector<torch::Tensor> chunk_inputs(chunks);
    std::vector<torch::Tensor> chunk_vectors(chunks);
    const torch::Tensor vectors = torch::empty({item_count, options.dim});
    BURGEON_RETURN_IF_ERROR(Parts(item_count, kItemChunk, [&](int64_t begin, int64_t n, size_t c) {
      chunk_inputs[c] = inputs.narrow(0, begin, n).detach().requires_grad_(true);
      chunk_vectors[c] = item.module->forward(chunk_inputs[c]);
      vectors.narrow(0, begin, n).copy_(chunk_vectors[c].detach());
    }));

    const int64_t a_shard = (count + options.shards - 1) / options.shards;
    const auto shards = static_cast<size_t>((count + a_shard - 1) / a_shard);
    std::vector<std::vector<torch::Tensor>> customer_parts(shards);
    std::vector<torch::Tensor> vector_gradients(shards);
    std::vector<double> losses(shards);
    const torch::Tensor bag_gradient = torch::empty_like(bags);
    BURGEON_RETURN_IF_ERROR(Parts(count, a_shard, [&](int64_t begin, int64_t n, size_t s) {
      const torch::Tensor input = bags.narrow(0, begin, n).detach().requires_grad_(true);
      const torch::Tensor queries = customer.module->forward(input);
      TwoTowerLossResult result =
          TwoTowerLoss(queries.detach(), vectors, SoftmaxOf(batch, begin, begin + n));
      losses[s] = result.loss;
      vector_gradients[s] = std::move(result.items);
      customer_parts[s] = customer.Backward(queries, input, result.queries);
      bag_gradient.narrow(0, begin, n).copy_(customer_parts[s][0]);
    }));

    std::vector<std::vector<torch::Tensor>> item_parts(chunks);
    const torch::Tensor input_gradient = torch::empty_like(inputs);
    BURGEON_RETURN_IF_ERROR(Parts(item_count, kItemChunk, [&](int64_t begin, int64_t n, size_t c) {
      torch::Tensor gradient = vector_gradients[0].narrow(0, begin, n);
      for (size_t s = 1; s < shards; ++s) {
        gradient = gradient + vector_gradients[s].narrow(0, begin, n);
      }
      item_parts[c] = item.Backward(chunk_vectors[c], chunk_inputs[c], gradient);
      input_gradient.narrow(0, begin, n).copy_(item_parts[c][0]);
    }));
    ++steps;
    double loss = 0;
    for (const double one : losses) loss += one;
    if (!std::isfinite(loss)) {
      return Internal("training of the two-tower model: the loss of epoch ", epoch,
                      " is not finite; lower recommender.two_tower.learning_rate");
    }
    const AdamStep step = {.rate = rate, .weight_decay = options.weight_decay, .number = steps};
    customer.Move(customer_parts, step);
    item.Move(item_parts, step);
    const EmbeddingTable::Use histories = {batch.histories.view(), ViewOf(bag_gradient)};
    const EmbeddingTable::Use shown = {batch.item_rows.view(), ViewOf(input_gradient)};
    if (options.share_tables) {
      history_table.Move(*pool, std::array{histories, shown}, step);
    } else {
      history_table.Move(*pool, std::array{histories}, step);
      item_table.Move(*pool, std::array{shown}, step);
    }
    return loss;
  }

  // body(begin, rows, number) of each part of `count` rows, LibTorch on one thread in each.
  absl::Status Parts(int64_t count, int64_t a_part,
                     const std::function<void(int64_t, int64_t, size_t)>& body) {
    return pool->ParallelForStatus(count, a_part, [&](int64_t begin, int64_t end) {
      return CatchTorch(kWhat, [&] {
        at::set_num_threads(1);  // of this thread
        body(begin, end - begin, static_cast<size_t>(begin / a_part));
      });
    });
  }

  // Warm-up, then linear to 0 where the last of all epochs ends.
  double RateAt(int64_t step, int64_t all) const {
    const double warm = std::min(options.warmup_steps, static_cast<int>(all));
    const auto done = static_cast<double>(step);
    if (done < warm) return options.learning_rate * (done + 1) / warm;
    const double left = (static_cast<double>(all) - done) / (static_cast<double>(all) - warm);
    return options.learning_rate * std::max(0.0, left);
  }

  ThreadPool* pool;
  ExecutionContext context;  // the CPU, whatever the job's device
  CsrView interactions;
  TwoTowerOptions options;
  TwoTowerRows rows;
  NegativeSampler sampler;
  EmbeddingTable history_table;
  EmbeddingTable item_table;  // none with share_tables
  Tower customer;
  Tower item;
  int64_t steps = 0;
};

TwoTowerNetwork::TwoTowerNetwork(std::unique_ptr<State> state) : state_(std::move(state)) {}
TwoTowerNetwork::TwoTowerNetwork(TwoTowerNetwork&&) noexcept = default;
TwoTowerNetwork& TwoTowerNetwork::operator=(TwoTowerNetwork&&) noexcept = default;
TwoTowerNetwork::~TwoTowerNetwork() = default;

absl::StatusOr<TwoTowerNetwork> TwoTowerNetwork::Create(ThreadPool& pool,
                                                        const CsrView& interactions,
                                                        const CsrView& item_features,
                                                        const TwoTowerOptions& options) {
  std::unique_ptr<State> state;
  BURGEON_RETURN_IF_ERROR(CatchTorch(kWhat, [&] {
    at::set_num_threads(1);
    state = std::make_unique<State>(&pool, interactions, item_features, options);
  }));
  return TwoTowerNetwork(std::move(state));
}

absl::StatusOr<double> TwoTowerNetwork::RunEpoch(int epoch) {
  State& state = *state_;
  const TwoTowerOptions& options = state.options;
  const auto batches = TwoTowerBatches(state.interactions, options.batch_size, options.seed, epoch);
  const int64_t all = std::ssize(batches) * options.epochs;
  double loss = 0;
  int64_t customers = 0;
  for (const std::vector<int64_t>& batch : batches) {
    absl::StatusOr<double> mean = 0.0;
    BURGEON_RETURN_IF_ERROR(CatchTorch(
        kWhat, [&] { mean = state.Step(batch, epoch, state.RateAt(state.steps, all)); }));
    BURGEON_RETURN_IF_ERROR(mean.status());
    loss += *mean * static_cast<double>(batch.size());
    customers += std::ssize(batch);
  }
  return loss / static_cast<double>(std::max<int64_t>(1, customers));
}

TwoTowerNetwork::Exported TwoTowerNetwork::Export() const {
  State& state = *state_;
  const int64_t items = state.interactions.cols;
  const int64_t dim = state.options.dim;
  Exported out;
  TwoTowerEncoder& encoder = out.encoder;
  encoder.temperature = state.options.temperature;
  encoder.customer_blocks = state.customer.module->Export();
  encoder.item_blocks = state.item.module->Export();
  encoder.history_items = FloatMatrix(items, dim);
  state.history_table.LookUp(state.context, state.rows.HistoryItems().view(),
                             encoder.history_items.view());
  const auto features = [&](const EmbeddingTable& table) {
    const MatrixView<const float> part = table.view().Rows(items, state.rows.table_rows());
    return FloatMatrix(part.rows, dim,
                       std::vector<float>(part.data, part.data + part.rows * part.cols));
  };
  encoder.history_features = features(state.history_table);
  encoder.item_features = features(state.items());
  FloatMatrix inputs(items, dim);
  state.items().LookUp(state.context, state.rows.KnownItems().view(), inputs.view());
  out.item_embeddings = EncodeItems(*state.pool, encoder, inputs.view());
  return out;
}

void TwoTowerNetwork::Save(TensorFile* file) const {
  const State& state = *state_;
  const auto add = [&](const std::string& name, const torch::Tensor& tensor) {
    file->Add(name, std::span<const float>(tensor.data_ptr<float>(),
                                           static_cast<size_t>(tensor.numel())));
  };
  state.history_table.Save("network.history", file);
  if (!state.options.share_tables) state.item_table.Save("network.item", file);
  for (const auto& [side, tower] :
       {std::pair("customer", &state.customer), std::pair("item", &state.item)}) {
    for (size_t p = 0; p < tower->names.size(); ++p) {
      add(Concat("network.", side, ".value.", tower->names[p]), tower->parameters[p].detach());
      add(Concat("network.", side, ".first.", tower->names[p]), tower->first[p]);
      add(Concat("network.", side, ".second.", tower->names[p]), tower->second[p]);
    }
  }
  file->Add("network.steps", std::span<const int64_t>(&state.steps, 1));
}

absl::Status TwoTowerNetwork::Restore(const TensorFile& file) {
  State& state = *state_;
  const torch::NoGradGuard no_gradients;
  const auto read = [&](const std::string& name, const torch::Tensor& tensor) -> absl::Status {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<float> values, file.GetFloats(name));
    if (std::ssize(values) != tensor.numel()) {
      return DataLoss(name, " holds ", values.size(), " values; wanted ", tensor.numel());
    }
    std::ranges::copy(values, tensor.data_ptr<float>());
    return absl::OkStatus();
  };
  BURGEON_RETURN_IF_ERROR(state.history_table.Restore("network.history", file));
  if (!state.options.share_tables) {
    BURGEON_RETURN_IF_ERROR(state.item_table.Restore("network.item", file));
  }
  for (const auto& [side, tower] :
       {std::pair("customer", &state.customer), std::pair("item", &state.item)}) {
    for (size_t p = 0; p < tower->names.size(); ++p) {
      const auto name = [&](const char* part) {
        return Concat("network.", side, ".", part, ".", tower->names[p]);
      };
      BURGEON_RETURN_IF_ERROR(read(name("value"), tower->parameters[p]));
      BURGEON_RETURN_IF_ERROR(read(name("first"), tower->first[p]));
      BURGEON_RETURN_IF_ERROR(read(name("second"), tower->second[p]));
    }
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> steps, file.GetInt64s("network.steps"));
  if (steps.size() != 1) return DataLoss("network.steps does not hold one number");
  state.steps = steps[0];
  return absl::OkStatus();
}

}  // namespace burgeon
