#include "engine/models/recommender_model.h"

#include <algorithm>
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

absl::Status ReadLinearFoldIn(const TensorFile& file, RecommenderModel* model) {
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

absl::Status ReadSequence(const TensorFile& file, RecommenderModel* model) {
  BURGEON_ASSIGN_OR_RETURN(model->encoder, ReadSequenceTensors(file));
  return CheckShape("sequence.items", model->encoder.items.rows(), model->encoder.dim(),
                    model->item_embeddings.rows(), model->dim());
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

absl::Status ReadFoldIn(const TensorFile& file, RecommenderModel* model) {
  if (model->kind == RecommenderKind::kAls) return ReadAls(file, model);
  if (model->kind == RecommenderKind::kSequence) return ReadSequence(file, model);
  return ReadLinearFoldIn(file, model);
}

constexpr bool UsesOperator(RecommenderKind kind) {
  return kind == RecommenderKind::kEase || kind == RecommenderKind::kItemKnn ||
         kind == RecommenderKind::kGraphFilter;
}

absl::Status CheckOperator(const CsrMatrix& matrix, int64_t items) {
  BURGEON_RETURN_IF_ERROR(CheckShape("item_operator", matrix.rows(), matrix.cols, items, items));
  if (matrix.offsets.front() != 0 || matrix.offsets.back() != std::ssize(matrix.columns) ||
      !std::is_sorted(matrix.offsets.begin(), matrix.offsets.end()) ||
      matrix.values.size() != matrix.columns.size()) {
    return DataLoss("recommender.item_operator: offsets, columns and values do not fit together");
  }
  for (int64_t i = 0; i < items; ++i) {
    const auto row = matrix.view().row_columns(i);
    for (size_t k = 0; k < row.size(); ++k) {
      if (row[k] >= items || (k > 0 && row[k] <= row[k - 1])) {
        return DataLoss("recommender.item_operator: row ", i, " has column ", row[k],
                        ", which is out of range or out of order");
      }
    }
  }
  return CheckFinite("item_operator", matrix.values);
}

absl::Status ReadOperator(const TensorFile& file, RecommenderModel* model) {
  CsrMatrix& matrix = model->item_operator;
  BURGEON_ASSIGN_OR_RETURN(matrix.offsets, file.GetInt64s("recommender.item_operator.offsets"));
  BURGEON_ASSIGN_OR_RETURN(matrix.columns, file.GetUint32s("recommender.item_operator.columns"));
  BURGEON_ASSIGN_OR_RETURN(matrix.values, file.GetFloats("recommender.item_operator.values"));
  if (matrix.offsets.empty()) return DataLoss("recommender.item_operator.offsets is empty");
  matrix.cols = model->item_embeddings.rows();
  return CheckOperator(matrix, matrix.cols);
}

}  // namespace

std::string_view RecommenderKindName(RecommenderKind kind) {
  switch (kind) {
    case RecommenderKind::kSpectral:
      return "spectral";
    case RecommenderKind::kAls:
      return "als";
    case RecommenderKind::kEase:
      return "ease";
    case RecommenderKind::kItemKnn:
      return "item_knn";
    case RecommenderKind::kGraphFilter:
      return "graph_filter";
    case RecommenderKind::kSequence:
      return "sequence";
  }
  return "unknown";
}

std::optional<RecommenderKind> ParseRecommenderKind(std::string_view name) {
  for (const RecommenderKind kind : kRecommenderKinds) {
    if (name == RecommenderKindName(kind)) return kind;
  }
  return std::nullopt;
}

absl::StatusOr<FloatMatrix> FoldIn(ExecutionContext& context, const RecommenderModel& model,
                                   const HistoryView& histories) {
  const CsrView& weights = histories.weights;
  if (weights.cols != model.item_embeddings.rows()) {
    return InvalidArgument("fold-in: histories have ", weights.cols, " items, the model ",
                           model.item_embeddings.rows(), ": they must be as many");
  }
  if (model.kind == RecommenderKind::kSequence) {
    if (histories.sequence.rows() != weights.rows()) {
      return InvalidArgument(
          "fold-in: a sequence model wants the items in order of time; there are ",
          histories.sequence.rows(), " sequences of ", weights.rows(), " customers");
    }
    return EncodeSequences(context.pool(), model.encoder, histories.sequence);
  }
  FloatMatrix embeddings(weights.rows(), model.dim());
  if (model.kind == RecommenderKind::kAls) {
    AlsStepParams params = model.als;
    params.block_size = 0;
    BURGEON_RETURN_IF_ERROR(
        AlsStep(context, weights, model.item_embeddings.view(), params, embeddings.view()));
    return embeddings;
  }
  SparseTimesDense(context, weights, model.fold_in_items.view(), embeddings.view());
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
  if (model.kind == RecommenderKind::kAls) {
    const std::array scalars = {model.als.unobserved_weight, model.als.regularization,
                                model.als.regularization_exponent};
    file->Add("recommender.als", std::span<const float>(scalars));
    return;
  }
  if (model.kind == RecommenderKind::kSequence) {
    AddSequenceTensors(model.encoder, file);
    return;
  }
  file->Add("recommender.filter", std::span<const float>(model.filter));
  file->Add("recommender.fold_in_items", model.fold_in_items.view());
  if (!UsesOperator(model.kind)) return;
  const CsrMatrix& matrix = model.item_operator;
  file->Add("recommender.item_operator.offsets", std::span<const int64_t>(matrix.offsets));
  file->Add("recommender.item_operator.columns", std::span<const uint32_t>(matrix.columns));
  file->Add("recommender.item_operator.values", std::span<const float>(matrix.values));
}

absl::StatusOr<RecommenderModel> ReadModelTensors(const TensorFile& file) {
  RecommenderModel model;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> kind,
                           file.GetStrings("recommender.kind"));
  const auto known = kind.size() == 1 ? ParseRecommenderKind(kind.front()) : std::nullopt;
  if (!known) {
    return DataLoss("recommender.kind is '", Printable(JoinComma(kind)),
                    "', which is none of this program's");
  }
  model.kind = *known;
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
  BURGEON_RETURN_IF_ERROR(ReadFoldIn(file, &model));
  if (UsesOperator(model.kind)) BURGEON_RETURN_IF_ERROR(ReadOperator(file, &model));
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
