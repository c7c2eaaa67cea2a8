#include "training/recommender/train_two_tower.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/interaction_check.h"
#include "training/recommender/two_tower_network.h"
#include "training/tune/validation_split.h"

namespace burgeon {
namespace {

constexpr int kCut = 20;

absl::Status Validate(const TwoTowerOptions& o) {
  const auto bad = [](const char* field, const auto& value, const char* wanted) {
    return InvalidArgument("two_tower: ", field, " ", value, " is not ", wanted);
  };
  const auto share = [](double value) { return value >= 0 && value <= 1; };
  if (o.dim < 1 || o.dim > limits::kMaxDim) return bad("dim", o.dim, "from 1 to 65536");
  if (o.layers < 0 || o.layers > kMaxTowerBlocks) return bad("layers", o.layers, "from 0 to 16");
  if (o.hidden < 1 || o.hidden > limits::kMaxDim) return bad("hidden", o.hidden, "from 1 to 65536");
  if (!(o.id_dropout >= 0 && o.id_dropout < 1)) {
    return bad("id_dropout", o.id_dropout, "from 0 to below 1");
  }
  if (!(o.temperature > 0)) return bad("temperature", o.temperature, "positive");
  if (o.negatives < 0) return bad("negatives", o.negatives, "0 or more");
  if (!share(o.popularity_share)) return bad("popularity_share", o.popularity_share, "a share");
  if (!share(o.target_share)) return bad("target_share", o.target_share, "a share");
  if (!(o.learning_rate > 0)) return bad("learning_rate", o.learning_rate, "positive");
  if (o.warmup_steps < 0) return bad("warmup_steps", o.warmup_steps, "0 or more");
  if (!(o.weight_decay >= 0)) return bad("weight_decay", o.weight_decay, "0 or more");
  if (o.batch_size < 1) return bad("batch_size", o.batch_size, "at least 1");
  if (o.epochs < 1) return bad("epochs", o.epochs, "at least 1");
  if (o.evaluate_every < 1) return bad("evaluate_every", o.evaluate_every, "at least 1");
  if (o.patience < 0) return bad("patience", o.patience, "0 or more");
  if (!(o.validation_share >= 0 && o.validation_share <= 0.5)) {
    return bad("validation_share", o.validation_share, "from 0 to .5");
  }
  if (o.shards < 1 || o.shards > 64) return bad("shards", o.shards, "from 1 to 64");
  return absl::OkStatus();
}

bool AnyHasTwo(const CsrView& interactions) {
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    if (interactions.row_columns(u).size() >= 2) return true;
  }
  return false;
}

template <class T>
void Hash(std::span<const T> values, Sha256* hash) {
  const auto bytes = static_cast<int64_t>(values.size_bytes());
  hash->Update(&bytes, sizeof(bytes));
  hash->Update(values.data(), values.size_bytes());
}

// What a checkpoint may be continued with.
std::string IdentityOf(const CsrView& interactions, const CsrView& features,
                       const TwoTowerOptions& o) {
  Sha256 hash;
  hash.Update(Concat("two_tower 1 ", o.dim, " ", o.layers, " ", o.hidden, " ",
                     o.share_tables ? 1 : 0, " ", o.item_exponent, " ", o.id_dropout, " ",
                     o.temperature, " ", o.negatives, " ", o.popularity_share, " ", o.target_share,
                     " ", o.learning_rate, " ", o.warmup_steps, " ", o.weight_decay, " "));
  hash.Update(Concat(o.batch_size, " ", o.epochs, " ", o.evaluate_every, " ", o.patience, " ",
                     o.validation_share, " ", o.refit ? 1 : 0, " ", o.shards, " ", o.seed, " ",
                     interactions.cols, ";"));
  for (const CsrView* matrix : {&interactions, &features}) {
    Hash(matrix->offsets, &hash);
    Hash(matrix->columns, &hash);
    Hash(matrix->values, &hash);
  }
  return ToHex(hash.Finish());
}

class Trainer {
 public:
  Trainer(ExecutionContext& context, const CsrView& interactions, const CsrView& features,
          const TwoTowerOptions& options, TrainingReport* report)
      : context_(context),
        interactions_(interactions),
        features_(features),
        options_(options),
        report_(report) {}

  absl::StatusOr<RecommenderModel> Train() {
    identity_ = IdentityOf(interactions_, features_, options_);
    if (options_.patience > 0) BURGEON_RETURN_IF_ERROR(HoldOut());
    BURGEON_RETURN_IF_ERROR(Start());
    if (validation_) BURGEON_RETURN_IF_ERROR(ChooseEpochs());
    if (!validation_ || options_.refit) BURGEON_RETURN_IF_ERROR(TrainOnAll());
    BURGEON_RETURN_IF_ERROR(report_->run->Finish());
    return Model(validation_ && !options_.refit ? std::move(best_) : network_->Export());
  }

 private:
  using Exported = TwoTowerNetwork::Exported;

  template <class... Parts>
  void Line(const Parts&... parts) {
    report_->lines.push_back(Concat(parts...));
  }

  absl::Status HoldOut() {
    validation_ = HoldOutRandom(interactions_, options_.validation_share, options_.seed);
    if (validation_->held_out.columns.empty() || !AnyHasTwo(validation_->train.view())) {
      return FailedPrecondition("two_tower: validation_share ", options_.validation_share, " of ",
                                interactions_.nonzeros(), " interactions leaves nothing to ",
                                "choose the number of epochs by; patience 0 takes it as given");
    }
    return absl::OkStatus();
  }

  absl::Status Begin(const CsrView& interactions) {
    BURGEON_ASSIGN_OR_RETURN(
        network_, TwoTowerNetwork::Create(context_.pool(), interactions, features_, options_));
    return absl::OkStatus();
  }

  absl::Status Start() {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<Checkpoint> checkpoint,
                             report_->run->ResumeFrom("two_tower", identity_));
    if (!checkpoint) return Begin(validation_ ? validation_->train.view() : interactions_);
    BURGEON_RETURN_IF_ERROR(Annotate(Restore(*checkpoint), "two_tower checkpoint"));
    Line("resumed after step ", step_);
    return absl::OkStatus();
  }

  absl::Status Restore(const Checkpoint& checkpoint) {
    step_ = checkpoint.step;
    BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> epochs,
                             checkpoint.tensors.GetInt64s("two_tower.epochs"));
    BURGEON_ASSIGN_OR_RETURN(const std::vector<double> best,
                             checkpoint.tensors.GetDoubles("two_tower.best"));
    if (epochs.size() != 3 || best.size() != 1) {
      return DataLoss("two_tower.epochs or two_tower.best are not of their size");
    }
    chosen_epochs_ = static_cast<int>(epochs[0]);
    epoch_ = static_cast<int>(epochs[1]);
    best_epoch_ = static_cast<int>(epochs[2]);
    best_ndcg_ = best[0];
    if (best_epoch_ > 0 && !options_.refit) {
      BURGEON_ASSIGN_OR_RETURN(best_.encoder, ReadTwoTowerTensors(checkpoint.tensors));
      BURGEON_ASSIGN_OR_RETURN(best_.item_embeddings,
                               checkpoint.tensors.GetMatrix("two_tower.best_items"));
    }
    const bool choosing = validation_ && chosen_epochs_ == 0;
    BURGEON_RETURN_IF_ERROR(Begin(choosing ? validation_->train.view() : interactions_));
    return network_->Restore(checkpoint.tensors);
  }

  Checkpoint Save() const {
    Checkpoint checkpoint{.kind = "two_tower", .step = step_, .identity = identity_, .tensors = {}};
    const std::array epochs = {int64_t{chosen_epochs_}, int64_t{epoch_}, int64_t{best_epoch_}};
    checkpoint.tensors.Add("two_tower.epochs", std::span<const int64_t>(epochs));
    checkpoint.tensors.Add("two_tower.best", std::span<const double>(&best_ndcg_, 1));
    if (best_epoch_ > 0 && !options_.refit) {
      AddTwoTowerTensors(best_.encoder, &checkpoint.tensors);
      checkpoint.tensors.Add("two_tower.best_items", best_.item_embeddings.view());
    }
    network_->Save(&checkpoint.tensors);
    return checkpoint;
  }

  // Until the validation has not become better for `patience` evaluations.
  absl::Status ChooseEpochs() {
    if (chosen_epochs_ > 0) return absl::OkStatus();  // resumed within the refit
    report_->run->Begin("train two_tower", "epochs", epoch_, options_.epochs);
    const auto overdue = [&] {
      return epoch_ - best_epoch_ >= options_.patience * options_.evaluate_every;
    };
    while (epoch_ < options_.epochs && !overdue()) {
      ++epoch_;
      ++step_;
      BURGEON_ASSIGN_OR_RETURN(const double loss, network_->RunEpoch(epoch_));
      std::vector<TrainingScalar> scalars = {{"train/loss", loss}};
      if (epoch_ % options_.evaluate_every == 0 || epoch_ == options_.epochs) {
        BURGEON_RETURN_IF_ERROR(Evaluate(loss, &scalars));
      }
      BURGEON_RETURN_IF_ERROR(report_->run->EndStep(epoch_, scalars, [this] { return Save(); }));
    }
    Line("kept epoch ", best_epoch_, ": validation ndcg@20 ", best_ndcg_);
    chosen_epochs_ = best_epoch_;
    if (options_.refit) {
      epoch_ = 0;
      BURGEON_RETURN_IF_ERROR(Begin(interactions_));
    }
    return absl::OkStatus();
  }

  absl::Status Evaluate(double loss, std::vector<TrainingScalar>* scalars) {
    Exported exported = network_->Export();
    RecommenderModel model;
    model.kind = RecommenderKind::kTwoTower;
    model.two_tower = exported.encoder;
    model.item_embeddings = exported.item_embeddings;
    const CsrView train = validation_->train.view();
    BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                             FoldIn(context_, model, {.weights = train}));
    BURGEON_ASSIGN_OR_RETURN(const RankingMetrics metrics,
                             EvaluateModel(context_, model, train, validation_->mask.view(),
                                           validation_->held_out.view(), kCut));
    scalars->push_back({"validation/recall@20", metrics.recall});
    scalars->push_back({"validation/ndcg@20", metrics.ndcg});
    Line("epoch ", epoch_, ": loss ", loss, ", validation recall@20 ", metrics.recall, ", ndcg@20 ",
         metrics.ndcg);
    if (best_epoch_ == 0 || metrics.ndcg > best_ndcg_) {
      best_epoch_ = epoch_;
      best_ndcg_ = metrics.ndcg;
      if (!options_.refit) best_ = std::move(exported);
    }
    return absl::OkStatus();
  }

  absl::Status TrainOnAll() {
    const int epochs = validation_ ? chosen_epochs_ : options_.epochs;
    const int64_t before = step_ - epoch_;  // steps of the choice
    report_->run->Begin("train two_tower on all", "epochs", before + epoch_, before + epochs);
    while (epoch_ < epochs) {
      ++epoch_;
      ++step_;
      BURGEON_ASSIGN_OR_RETURN(const double loss, network_->RunEpoch(epoch_));
      if (epoch_ == epochs) Line("epoch ", epoch_, " on all: loss ", loss);
      BURGEON_RETURN_IF_ERROR(
          report_->run->EndStep(step_, {{"train/loss", loss}}, [this] { return Save(); }));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<RecommenderModel> Model(Exported exported) {
    RecommenderModel model;
    model.kind = RecommenderKind::kTwoTower;
    model.two_tower = std::move(exported.encoder);
    model.item_embeddings = std::move(exported.item_embeddings);
    const std::vector<double> popularity = ColumnSums(interactions_);
    model.popularity.assign(popularity.begin(), popularity.end());
    BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                             FoldIn(context_, model, {.weights = interactions_}));
    return model;
  }

  ExecutionContext& context_;
  const CsrView interactions_;
  const CsrView features_;
  const TwoTowerOptions options_;
  TrainingReport* const report_;
  std::string identity_;
  std::optional<ValidationSplit> validation_;
  std::optional<TwoTowerNetwork> network_;
  Exported best_;          // without refit
  int chosen_epochs_ = 0;  // 0: not chosen yet
  int epoch_ = 0;          // done, of the choice or of the training on all
  int64_t step_ = 0;       // epochs done in all
  int best_epoch_ = 0;
  double best_ndcg_ = 0;
};

}  // namespace

std::vector<MemoryPhase> PlanTwoTower(const TwoTowerOptions& options, const DataCounts& data) {
  const int64_t d = options.dim;
  const int64_t tables = options.share_tables ? 1 : 2;
  const int64_t blocks = 2 * options.layers * (2 * d * options.hidden + 3 * d + options.hidden);
  const int64_t parameters = tables * data.items * d + blocks;
  const int64_t a_customer = (data.interactions + data.customers - 1) / data.customers;
  const int64_t targets = options.batch_size * std::max<int64_t>(1, a_customer / 2);
  const bool all = options.negatives == 0;
  const int64_t items = all ? data.items : std::min(data.items, options.negatives + targets);
  const int64_t scored = all ? data.items : std::min<int64_t>(data.items, options.negatives);
  const int64_t vectors = 4 * (4 + options.shards) * items * d + 24 * targets * d;
  const int64_t scores = 4 * options.batch_size * scored;
  const int64_t model = 8 * data.items * d + 4 * data.customers * d;
  return {{"epochs", 12 * parameters + vectors + scores},
          {"checkpoint", 24 * parameters},
          {"embeddings", 12 * parameters + model},
          {"write", 2 * model}};
}

absl::StatusOr<RecommenderModel> TrainTwoTower(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const CsrView& item_features,
                                               const TwoTowerOptions& options,
                                               TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  if (!AnyHasTwo(interactions)) {
    return FailedPrecondition("two_tower: no customer has two items, to name one from the other");
  }
  if (item_features.cols > 0 && item_features.rows() != interactions.cols) {
    return InvalidArgument("two_tower: there are features of ", item_features.rows(),
                           " items, and ", interactions.cols, " items");
  }
  if (context.device().kind == DeviceKind::kCuda) {
    report->lines.push_back("the towers are trained on the CPU");
  }
  return Trainer(context, interactions, item_features, options, report).Train();
}

}  // namespace burgeon
