#include "engine/models/recommender_model.h"

#include <array>
#include <cmath>

#include "engine/base/hash.h"
#include "engine/ops/sparse.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 256;

absl::Status CheckShape(std::string_view name, int64_t rows, int64_t cols, int64_t want_rows,
                        int64_t want_cols) {
  if (rows == want_rows && cols == want_cols) return absl::OkStatus();
  return DataLoss("recommender.", name, " is ", rows, " x ", cols, "; wanted ", want_rows, " x ",
                  want_cols, ", to fit recommender.item_embeddings");
}

absl::Status CheckFinite(std::string_view name, std::span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return DataLoss("recommender.", name, ": value ", i, " is not finite");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadSpectral(const TensorFile& file, RecommenderModel* model) {
  BURGEON_ASSIGN_OR_RETURN(model->filter, file.GetFloats("recommender.filter"));
  BURGEON_ASSIGN_OR_RETURN(model->fold_in_items, file.GetMatrix("recommender.fold_in_items"));
  BURGEON_RETURN_IF_ERROR(
      CheckShape("filter", 1, static_cast<int64_t>(model->filter.size()), 1, model->dim()));
  BURGEON_RETURN_IF_ERROR(CheckShape("fold_in_items", model->fold_in_items.rows(),
                                     model->fold_in_items.cols(), model->item_embeddings.rows(),
                                     model->dim()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("filter", model->filter));
  return CheckFinite("fold_in_items", model->fold_in_items.values());
}

absl::Status ReadAls(const TensorFile& file, RecommenderModel* model) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> scalars, file.GetFloats("recommender.als"));
  if (scalars.size() != 3) {
    return DataLoss("recommender.als holds ", scalars.size(), " values; wanted 3");
  }
  BURGEON_RETURN_IF_ERROR(CheckFinite("als", scalars));
  model->als.unobserved_weight = scalars[0];
  model->als.regularization = scalars[1];
  model->als.regularization_exponent = scalars[2];
  return absl::OkStatus();
}

}  // namespace

std::string_view RecommenderKindName(RecommenderKind kind) {
  return kind == RecommenderKind::kSpectral ? "spectral" : "als";
}

absl::StatusOr<FloatMatrix> FoldIn(ExecutionContext& context, const RecommenderModel& model,
                                   const CsrView& histories) {
  if (histories.cols != model.item_embeddings.rows()) {
    return InvalidArgument("fold-in: histories have ", histories.cols, " items, the model ",
                           model.item_embeddings.rows(), ": they must be as many");
  }
  FloatMatrix embeddings(histories.rows(), model.dim());
  if (model.kind == RecommenderKind::kAls) {
    AlsStepParams params = model.als;
    params.block_size = 0;
    BURGEON_RETURN_IF_ERROR(
        AlsStep(context, histories, model.item_embeddings.view(), params, embeddings.view()));
    return embeddings;
  }
  SparseTimesDense(context, histories, model.fold_in_items.view(), embeddings.view());
  context.pool().ParallelFor(embeddings.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto row = embeddings.row(i);
      for (size_t k = 0; k < row.size(); ++k) row[k] *= model.filter[k];
    }
  });
  return embeddings;
}

void AddModelTensors(const RecommenderModel& model, TensorFile* file) {
  file->AddStrings("recommender.kind", {std::string(RecommenderKindName(model.kind))});
  file->Add("recommender.customer_embeddings", model.customer_embeddings.view());
  file->Add("recommender.item_embeddings", model.item_embeddings.view());
  file->Add("recommender.popularity", std::span<const float>(model.popularity));
  if (model.kind == RecommenderKind::kSpectral) {
    file->Add("recommender.filter", std::span<const float>(model.filter));
    file->Add("recommender.fold_in_items", model.fold_in_items.view());
  } else {
    const std::array scalars = {model.als.unobserved_weight, model.als.regularization,
                                model.als.regularization_exponent};
    file->Add("recommender.als", std::span<const float>(scalars));
  }
}

absl::StatusOr<RecommenderModel> ReadModelTensors(const TensorFile& file) {
  RecommenderModel model;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> kind,
                           file.GetStrings("recommender.kind"));
  if (kind == std::vector<std::string>{"als"}) {
    model.kind = RecommenderKind::kAls;
  } else if (kind != std::vector<std::string>{"spectral"}) {
    return DataLoss("recommender.kind is '", Printable(JoinComma(kind)),
                    "'; wanted 'spectral' or 'als'");
  }
  BURGEON_ASSIGN_OR_RETURN(model.customer_embeddings,
                           file.GetMatrix("recommender.customer_embeddings"));
  BURGEON_ASSIGN_OR_RETURN(model.item_embeddings, file.GetMatrix("recommender.item_embeddings"));
  BURGEON_ASSIGN_OR_RETURN(model.popularity, file.GetFloats("recommender.popularity"));
  BURGEON_RETURN_IF_ERROR(CheckShape("customer_embeddings", model.customer_embeddings.rows(),
                                     model.customer_embeddings.cols(),
                                     model.customer_embeddings.rows(), model.dim()));
  BURGEON_RETURN_IF_ERROR(CheckShape("popularity", static_cast<int64_t>(model.popularity.size()), 1,
                                     model.item_embeddings.rows(), 1));
  BURGEON_RETURN_IF_ERROR(CheckFinite("customer_embeddings", model.customer_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("item_embeddings", model.item_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("popularity", model.popularity));
  BURGEON_RETURN_IF_ERROR(model.kind == RecommenderKind::kSpectral ? ReadSpectral(file, &model)
                                                                   : ReadAls(file, &model));
  return model;
}

std::string EmbeddingsSha256(const RecommenderModel& model) {
  Sha256 hash;
  for (const FloatMatrix* table : {&model.customer_embeddings, &model.item_embeddings}) {
    hash.Update(table->data(), table->values().size() * sizeof(float));
  }
  return ToHex(hash.Finish());
}

}  // namespace burgeon
