#include "training/recommender/train_als.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/base/philox.h"
#include "training/recommender/als_loss.h"
#include "training/recommender/als_validation.h"
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
  if (!(options.validation_share >= 0 && options.validation_share <= 0.5F)) {
    return InvalidArgument("als: validation_share ", options.validation_share,
                           " is not from 0 to 0.5");
  }
  if (options.patience < 1) {
    return InvalidArgument("als: patience ", options.patience, " is not at least 1");
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

// What a checkpoint may be continued with: everything but the number of epochs.
std::string IdentityOf(const CsrView& interactions, const AlsOptions& o) {
  Sha256 hash;
  hash.Update(Concat("als 1 ", o.dim, " ", o.unobserved_weight, " ", o.regularization, " ",
                     o.regularization_exponent, " ", o.block_size, " ", o.init_stddev, " ",
                     o.validation_share, " ", o.patience, " ", o.seed, " ", interactions.rows(),
                     " ", interactions.cols, " ", interactions.nonzeros(), " ",
                     interactions.values.size(), ";"));
  hash.Update(interactions.offsets.data(), interactions.offsets.size_bytes());
  hash.Update(interactions.columns.data(), interactions.columns.size_bytes());
  hash.Update(interactions.values.data(), interactions.values.size_bytes());
  return ToHex(hash.Finish());
}

class AlsTrainer {
 public:
  AlsTrainer(ExecutionContext& context, const CsrView& interactions, const AlsOptions& options,
             TrainingReport* report)
      : context_(context),
        interactions_(interactions),
        options_(options),
        params_({.unobserved_weight = options.unobserved_weight,
                 .regularization = options.regularization,
                 .regularization_exponent = options.regularization_exponent,
                 .block_size = options.block_size}),
        report_(report) {}

  absl::StatusOr<RecommenderModel> Train() {
    identity_ = IdentityOf(interactions_, options_);
    if (options_.validation_share > 0) {
      BURGEON_ASSIGN_OR_RETURN(
          validation_, HoldOutForAls(interactions_, options_.validation_share, options_.seed));
    }
    const CsrView rows = validation_ ? validation_->train.view() : interactions_;
    transposed_ = Transpose(rows);
    BURGEON_RETURN_IF_ERROR(Start(rows));
    report_->run->Begin("train als", "epochs", epoch_, options_.epochs);
    while (epoch_ < options_.epochs && !Overdue()) BURGEON_RETURN_IF_ERROR(Epoch(rows));
    BURGEON_RETURN_IF_ERROR(report_->run->Finish());
    if (validation_) {
      Line("kept epoch ", best_epoch_, ": validation ndcg@20 ", best_ndcg_,
           epoch_ < options_.epochs ? Concat("; stopped early after epoch ", epoch_) : "");
      items_ = std::move(best_items_);
    }
    return Model();
  }

 private:
  template <class... Parts>
  void Line(const Parts&... parts) {
    report_->lines.push_back(Concat(parts...));
  }

  bool Overdue() const { return validation_ && epoch_ - best_epoch_ >= options_.patience; }

  absl::Status Start(const CsrView& rows) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<Checkpoint> checkpoint,
                             report_->run->ResumeFrom("als", identity_));
    if (!checkpoint) {
      customers_ = RandomFactors(options_, rows.rows(), kCustomerStream);
      items_ = RandomFactors(options_, rows.cols, kItemStream);
      return absl::OkStatus();
    }
    if (checkpoint->step > options_.epochs) {
      return FailedPrecondition("als: the checkpoint is of epoch ", checkpoint->step,
                                ", and epochs is ", options_.epochs, ": more were trained already");
    }
    BURGEON_RETURN_IF_ERROR(Annotate(Restore(*checkpoint), "als checkpoint"));
    Line("resumed after epoch ", epoch_);
    return absl::OkStatus();
  }

  // Fields of the checkpoint are written by Save.
  absl::Status Restore(const Checkpoint& checkpoint) {
    const TensorFile& tensors = checkpoint.tensors;
    epoch_ = static_cast<int>(checkpoint.step);
    BURGEON_ASSIGN_OR_RETURN(customers_, tensors.GetMatrix("als.customers"));
    BURGEON_ASSIGN_OR_RETURN(items_, tensors.GetMatrix("als.items"));
    if (customers_.rows() != interactions_.rows() || customers_.cols() != options_.dim ||
        items_.rows() != interactions_.cols || items_.cols() != options_.dim) {
      return DataLoss("its factors are not of the shape of data and dim");
    }
    if (!validation_) return absl::OkStatus();
    BURGEON_ASSIGN_OR_RETURN(best_items_, tensors.GetMatrix("als.best_items"));
    BURGEON_ASSIGN_OR_RETURN(const std::vector<double> best, tensors.GetDoubles("als.best"));
    if (best.size() != 2 || best_items_.rows() != items_.rows() ||
        best_items_.cols() != items_.cols()) {
      return DataLoss("its best factors are not of the shape of data and dim");
    }
    best_epoch_ = static_cast<int>(best[0]);
    best_ndcg_ = best[1];
    return absl::OkStatus();
  }

  Checkpoint Save() const {
    Checkpoint checkpoint{.kind = "als", .step = epoch_, .identity = identity_, .tensors = {}};
    checkpoint.tensors.Add("als.customers", customers_.view());
    checkpoint.tensors.Add("als.items", items_.view());
    if (validation_) {
      const std::array best = {static_cast<double>(best_epoch_), best_ndcg_};
      checkpoint.tensors.Add("als.best_items", best_items_.view());
      checkpoint.tensors.Add("als.best", std::span<const double>(best));
    }
    return checkpoint;
  }

  absl::Status Epoch(const CsrView& rows) {
    const FloatMatrix before = items_;
    BURGEON_RETURN_IF_ERROR(AlsStep(context_, rows, items_.view(), params_, customers_.view()));
    BURGEON_RETURN_IF_ERROR(
        AlsStep(context_, transposed_.view(), customers_.view(), params_, items_.view()));
    ++epoch_;
    const double change = RelativeChange(before, items_);
    std::vector<TrainingScalar> scalars;
    if (report_->run->shows_scalars()) {
      scalars.push_back({"train/loss", AlsLoss(context_,
                                               {.interactions = rows,
                                                .transposed = transposed_.view(),
                                                .customers = customers_.view(),
                                                .items = items_.view()},
                                               params_)});
    }
    scalars.push_back({"train/change", change});
    std::string validation;
    if (validation_) {
      BURGEON_ASSIGN_OR_RETURN(const double ndcg,
                               AlsValidationNdcg(context_, *validation_, items_, params_));
      validation = Concat(", validation ndcg@20 ", ndcg);
      scalars.push_back({"validation/ndcg@20", ndcg});
      if (best_epoch_ == 0 || ndcg > best_ndcg_) {
        best_epoch_ = epoch_;
        best_ndcg_ = ndcg;
        best_items_ = items_;
      }
    }
    Line("epoch ", epoch_, ": relative change of the item factors ", change, validation);
    return report_->run->EndStep(epoch_, scalars, [this] { return Save(); });
  }

  absl::StatusOr<RecommenderModel> Model() {
    customers_ = FloatMatrix();  // room for the embeddings, which the fold-in makes anew
    validation_.reset();
    RecommenderModel model;
    model.kind = RecommenderKind::kAls;
    model.item_embeddings = std::move(items_);
    model.als = params_;
    const std::vector<double> popularity = ColumnSums(interactions_);
    model.popularity.assign(popularity.begin(), popularity.end());
    BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                             FoldIn(context_, model, {.weights = interactions_}));
    return model;
  }

  ExecutionContext& context_;
  const CsrView interactions_;
  const AlsOptions options_;
  const AlsStepParams params_;
  TrainingReport* const report_;
  std::string identity_;
  std::optional<AlsValidation> validation_;
  CsrMatrix transposed_;
  FloatMatrix customers_;
  FloatMatrix items_;
  int epoch_ = 0;  // done
  FloatMatrix best_items_;
  int best_epoch_ = 0;
  double best_ndcg_ = 0;
};

}  // namespace

int64_t PlanAlsDevice(const AlsOptions& options, const DataCounts& data) {
  const int64_t dim = options.dim;
  return CsrBytes(std::max(data.customers, data.items), data.interactions) +
         4 * (data.customers + data.items) * dim + 4 * dim * dim;
}

std::vector<MemoryPhase> PlanAls(const AlsOptions& options, const DataCounts& data, int threads) {
  const int64_t dim = options.dim;
  const int64_t customers = 4 * data.customers * dim;
  const int64_t items = 4 * data.items * dim;
  const int64_t solvers = 40 * dim * dim + threads * (4 * dim * dim + 1024 * dim);
  const bool exact = options.block_size == 0 || options.block_size >= options.dim;
  const int64_t rotated = exact ? std::max(customers, items) : 0;
  const bool validates = options.validation_share > 0;
  const int64_t validation = validates ? CsrBytes(data.customers, data.interactions) + items : 0;
  const int64_t transposed = CsrBytes(data.items, data.interactions);
  const int64_t held = transposed + validation + customers + items;
  return {{"epochs", held + items + rotated + solvers},
          {"checkpoint", held + customers + items + (validates ? items : 0)},
          {"embeddings", transposed + 2 * items + customers + solvers},
          {"write", 2 * (customers + items)}};
}

absl::StatusOr<RecommenderModel> TrainAls(ExecutionContext& context, const CsrView& interactions,
                                          const AlsOptions& options, TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  return AlsTrainer(context, interactions, options, report).Train();
}

}  // namespace burgeon
