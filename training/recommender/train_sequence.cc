#include "training/recommender/train_sequence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "training/recommender/interaction_check.h"
#include "training/recommender/sequence_network.h"
#include "training/recommender/sequence_validation.h"

namespace burgeon {
namespace {

absl::Status Validate(const SequenceOptions& o) {
  const auto bad = [](const char* field, const auto& value, const char* wanted) {
    return InvalidArgument("sequence: ", field, " ", value, " is not ", wanted);
  };
  if (o.dim < 1 || o.dim > limits::kMaxDim) return bad("dim", o.dim, "from 1 to 65536");
  if (o.heads < 1 || o.dim % o.heads != 0) return bad("heads", o.heads, "a divisor of dim");
  if (o.length < 1 || o.length > 1000) return bad("length", o.length, "from 1 to 1000");
  if (o.blocks < 1 || o.blocks > 64) return bad("blocks", o.blocks, "from 1 to 64");
  if (!(o.dropout >= 0 && o.dropout < 1)) return bad("dropout", o.dropout, "from 0 to below 1");
  if (!(o.temperature > 0)) return bad("temperature", o.temperature, "positive");
  if (o.negatives < 0) return bad("negatives", o.negatives, "0 or more");
  if (!(o.learning_rate > 0)) return bad("learning_rate", o.learning_rate, "positive");
  if (!(o.weight_decay >= 0)) return bad("weight_decay", o.weight_decay, "0 or more");
  if (o.batch_size < 1) return bad("batch_size", o.batch_size, "at least 1");
  if (o.epochs < 1) return bad("epochs", o.epochs, "at least 1");
  if (o.evaluate_every < 1) return bad("evaluate_every", o.evaluate_every, "at least 1");
  if (o.patience < 0) return bad("patience", o.patience, "0 or more");
  if (o.shards < 1 || o.shards > 64) return bad("shards", o.shards, "from 1 to 64");
  return absl::OkStatus();
}

absl::Status CheckSequences(const CsrView& interactions, const SequenceView& sequences) {
  if (sequences.rows() != interactions.rows()) {
    return InvalidArgument("sequence: there are ", sequences.rows(), " sequences of ",
                           interactions.rows(), " customers; it needs items in order of time");
  }
  bool follows = false;
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    for (const uint32_t item : sequences.row(u)) {
      if (item >= interactions.cols) {
        return InvalidArgument("sequence: customer row ", u, " has item row ", item,
                               ", which is not below ", interactions.cols);
      }
    }
    follows = follows || sequences.row(u).size() >= 2;
  }
  if (!follows) return FailedPrecondition("sequence: no customer has two items in order");
  return absl::OkStatus();
}

// What a checkpoint may be continued with: everything but the number of epochs.
std::string IdentityOf(const CsrView& interactions, const SequenceView& sequences,
                       const SequenceOptions& o) {
  Sha256 hash;
  hash.Update(Concat("sequence 1 ", o.dim, " ", o.length, " ", o.blocks, " ", o.heads, " ",
                     o.dropout, " ", o.temperature, " ", o.negatives, " ", o.learning_rate, " ",
                     o.weight_decay, " ", o.batch_size, " ", o.evaluate_every, " ", o.patience, " ",
                     o.refit ? 1 : 0, " ", o.shards, " ", o.seed, " ", interactions.cols, ";"));
  hash.Update(sequences.offsets.data(), sequences.offsets.size_bytes());
  hash.Update(sequences.items.data(), sequences.items.size_bytes());
  return ToHex(hash.Finish());
}

// The rows of the table at length 1, over the temperature: the inner product with an encoded
// sequence is the cosine over the temperature.
FloatMatrix ItemEmbeddings(const FloatMatrix& table, double temperature) {
  FloatMatrix out(table.rows(), table.cols());
  for (int64_t i = 0; i < table.rows(); ++i) {
    double square = 0;
    for (const float x : table.row(i)) square += static_cast<double>(x) * static_cast<double>(x);
    const double scale = square > 0 ? 1 / (std::sqrt(square) * temperature) : 0;
    for (int64_t k = 0; k < table.cols(); ++k) {
      out.at(i, k) = static_cast<float>(static_cast<double>(table.at(i, k)) * scale);
    }
  }
  return out;
}

class Trainer {
 public:
  Trainer(ExecutionContext& context, const CsrView& interactions, const SequenceView& sequences,
          const SequenceOptions& options, TrainingReport* report)
      : context_(context),
        interactions_(interactions),
        sequences_(sequences),
        options_(options),
        report_(report) {}

  absl::StatusOr<RecommenderModel> Train() {
    identity_ = IdentityOf(interactions_, sequences_, options_);
    if (options_.patience > 0) {
      BURGEON_ASSIGN_OR_RETURN(validation_, HoldOutLast(sequences_, interactions_.cols));
    }
    BURGEON_RETURN_IF_ERROR(Start());
    if (validation_) BURGEON_RETURN_IF_ERROR(ChooseEpochs());
    if (!validation_ || options_.refit) BURGEON_RETURN_IF_ERROR(TrainOnAll());
    BURGEON_RETURN_IF_ERROR(report_->run->Finish());
    return Model();
  }

 private:
  template <class... Parts>
  void Line(const Parts&... parts) {
    report_->lines.push_back(Concat(parts...));
  }

  absl::Status Begin() {
    BURGEON_ASSIGN_OR_RETURN(
        network_, SequenceNetwork::Create(context_.pool(), interactions_.cols, options_));
    return absl::OkStatus();
  }

  absl::Status Start() {
    BURGEON_RETURN_IF_ERROR(Begin());
    BURGEON_ASSIGN_OR_RETURN(const std::optional<Checkpoint> checkpoint,
                             report_->run->ResumeFrom("sequence", identity_));
    if (!checkpoint) return absl::OkStatus();
    BURGEON_RETURN_IF_ERROR(Annotate(Restore(*checkpoint), "sequence checkpoint"));
    Line("resumed after step ", step_);
    return absl::OkStatus();
  }

  absl::Status Restore(const Checkpoint& checkpoint) {
    step_ = checkpoint.step;
    BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> epochs,
                             checkpoint.tensors.GetInt64s("sequence.epochs"));
    BURGEON_ASSIGN_OR_RETURN(const std::vector<double> best,
                             checkpoint.tensors.GetDoubles("sequence.best"));
    if (epochs.size() != 3 || best.size() != 1) {
      return DataLoss("sequence.epochs or sequence.best are not of their size");
    }
    chosen_epochs_ = static_cast<int>(epochs[0]);
    epoch_ = static_cast<int>(epochs[1]);
    best_epoch_ = static_cast<int>(epochs[2]);
    best_ndcg_ = best[0];
    if (best_epoch_ > 0 && !options_.refit) {
      BURGEON_ASSIGN_OR_RETURN(best_, ReadSequenceTensors(checkpoint.tensors));
    }
    return network_->Restore(checkpoint.tensors);
  }

  Checkpoint Save() const {
    Checkpoint checkpoint{.kind = "sequence", .step = step_, .identity = identity_, .tensors = {}};
    const std::array epochs = {int64_t{chosen_epochs_}, int64_t{epoch_}, int64_t{best_epoch_}};
    checkpoint.tensors.Add("sequence.epochs", std::span<const int64_t>(epochs));
    checkpoint.tensors.Add("sequence.best", std::span<const double>(&best_ndcg_, 1));
    if (best_epoch_ > 0 && !options_.refit) AddSequenceTensors(best_, &checkpoint.tensors);
    network_->Save(&checkpoint.tensors);
    return checkpoint;
  }

  // Until the validation has not become better for `patience` evaluations.
  absl::Status ChooseEpochs() {
    if (chosen_epochs_ > 0) return absl::OkStatus();  // resumed within the refit
    report_->run->Begin("train sequence", "epochs", epoch_, options_.epochs);
    const auto overdue = [&] {
      return epoch_ - best_epoch_ >= options_.patience * options_.evaluate_every;
    };
    while (epoch_ < options_.epochs && !overdue()) {
      ++epoch_;
      ++step_;
      BURGEON_ASSIGN_OR_RETURN(const double loss,
                               network_->RunEpoch(validation_->train.view(), epoch_));
      std::vector<TrainingScalar> scalars = {{"train/loss", loss}};
      if (epoch_ % options_.evaluate_every == 0 || epoch_ == options_.epochs) {
        BURGEON_RETURN_IF_ERROR(Evaluate(loss, &scalars));
      }
      BURGEON_RETURN_IF_ERROR(report_->run->EndStep(epoch_, scalars, [this] { return Save(); }));
    }
    Line("kept epoch ", best_epoch_, ": validation ndcg@10 ", best_ndcg_);
    chosen_epochs_ = best_epoch_;
    if (options_.refit) {
      epoch_ = 0;
      BURGEON_RETURN_IF_ERROR(Begin());
    }
    return absl::OkStatus();
  }

  absl::Status Evaluate(double loss, std::vector<TrainingScalar>* scalars) {
    const SequenceEncoder encoder = network_->Export();
    const FloatMatrix items = ItemEmbeddings(encoder.items, options_.temperature);
    BURGEON_ASSIGN_OR_RETURN(const SequenceQuality quality,
                             ValidateSequences(context_, *validation_, encoder, items.view()));
    scalars->push_back({"validation/hit_rate@10", quality.hit_rate});
    scalars->push_back({"validation/ndcg@10", quality.ndcg});
    Line("epoch ", epoch_, ": loss ", loss, ", validation hit_rate@10 ", quality.hit_rate,
         ", ndcg@10 ", quality.ndcg);
    if (best_epoch_ == 0 || quality.ndcg > best_ndcg_) {
      best_epoch_ = epoch_;
      best_ndcg_ = quality.ndcg;
      if (!options_.refit) best_ = encoder;
    }
    return absl::OkStatus();
  }

  absl::Status TrainOnAll() {
    const int epochs = validation_ ? chosen_epochs_ : options_.epochs;
    const int64_t before = step_ - epoch_;  // steps of the choice
    report_->run->Begin("train sequence on all", "epochs", before + epoch_, before + epochs);
    while (epoch_ < epochs) {
      ++epoch_;
      ++step_;
      BURGEON_ASSIGN_OR_RETURN(const double loss, network_->RunEpoch(sequences_, epoch_));
      if (epoch_ == epochs) Line("epoch ", epoch_, " on all: loss ", loss);
      BURGEON_RETURN_IF_ERROR(
          report_->run->EndStep(step_, {{"train/loss", loss}}, [this] { return Save(); }));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<RecommenderModel> Model() {
    RecommenderModel model;
    model.kind = RecommenderKind::kSequence;
    model.encoder = validation_ && !options_.refit ? std::move(best_) : network_->Export();
    model.item_embeddings = ItemEmbeddings(model.encoder.items, options_.temperature);
    const std::vector<double> popularity = ColumnSums(interactions_);
    model.popularity.assign(popularity.begin(), popularity.end());
    BURGEON_ASSIGN_OR_RETURN(
        model.customer_embeddings,
        FoldIn(context_, model, {.weights = interactions_, .sequence = sequences_}));
    return model;
  }

  ExecutionContext& context_;
  const CsrView interactions_;
  const SequenceView sequences_;
  const SequenceOptions options_;
  TrainingReport* const report_;
  std::string identity_;
  std::optional<SequenceValidation> validation_;
  std::optional<SequenceNetwork> network_;
  SequenceEncoder best_;   // without refit
  int chosen_epochs_ = 0;  // 0: not chosen yet
  int epoch_ = 0;          // done, of the choice or of the training on all
  int64_t step_ = 0;       // epochs done in all
  int best_epoch_ = 0;
  double best_ndcg_ = 0;
};

}  // namespace

std::vector<MemoryPhase> PlanSequence(const SequenceOptions& options, const DataCounts& data) {
  const int64_t d = options.dim;
  const int64_t table = data.items * d;
  const int64_t parameters = table + options.length * d + options.blocks * 18 * d * d;
  const int64_t scored =
      options.negatives == 0 ? data.items : std::min<int64_t>(options.negatives, data.items);
  const int64_t logits = 3 * 4 * 16 * options.batch_size * scored;
  const int64_t model = 8 * table + 4 * data.customers * d;
  return {{"epochs", (16 + 4 * options.shards) * parameters + logits},
          {"checkpoint", 28 * parameters},
          {"embeddings", 16 * parameters + model},
          {"write", 2 * model}};
}

absl::StatusOr<RecommenderModel> TrainSequence(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const SequenceView& sequences,
                                               const SequenceOptions& options,
                                               TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  BURGEON_RETURN_IF_ERROR(CheckSequences(interactions, sequences));
  if (context.device().kind == DeviceKind::kCuda) {
    report->lines.push_back("the network is trained on the CPU");
  }
  return Trainer(context, interactions, sequences, options, report).Train();
}

}  // namespace burgeon
