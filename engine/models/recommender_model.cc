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

absl::Status ReadTwoTower(const TensorFile& file, RecommenderModel* model) {
  BURGEON_ASSIGN_OR_RETURN(model->two_tower, ReadTwoTowerTensors(file));
  return CheckShape("two_tower.history_items", model->two_tower.history_items.rows(),
                    model->two_tower.dim(), model->item_embeddings.rows(), model->dim());
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

std::string MemberPrefix(size_t member) { return Concat("recommender.member.", member, "."); }

// The tensors whose names begin with `prefix`, without it.
TensorFile Under(const std::string& prefix, const TensorFile& file) {
  TensorFile out;
  const auto& tensors = file.tensors();
  for (auto at = tensors.lower_bound(prefix); at != tensors.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    out.AddTensor(at->first.substr(prefix.size()), at->second);
  }
  return out;
}

absl::Status ReadMembers(const TensorFile& file, RecommenderModel* blend) {
  BURGEON_ASSIGN_OR_RETURN(blend->member_weights, file.GetFloats("recommender.member_weights"));
  BURGEON_RETURN_IF_ERROR(CheckFinite("member_weights", blend->member_weights));
  if (blend->member_weights.empty()) {
    return DataLoss("recommender.member_weights is empty; a blend has at least one member");
  }
  for (size_t m = 0; m < blend->member_weights.size(); ++m) {
    auto member = ReadModelTensors(Under(MemberPrefix(m), file));
    if (!member.ok()) return DataLoss(MemberPrefix(m), ": ", MessageOf(member.status()));
    if (member->kind == RecommenderKind::kBlend || member->has_operator()) {
      return DataLoss(MemberPrefix(m), ": a ", RecommenderKindName(member->kind),
                      " is no member of a blend");
    }
    const int64_t items = member->item_embeddings.rows();
    BURGEON_RETURN_IF_ERROR(
        CheckShape(Concat("member.", m), items, 1, std::ssize(blend->popularity), 1));
    blend->members.push_back(*std::move(member));
  }
  StackMembers(blend);
  return absl::OkStatus();
}

absl::Status ReadFoldIn(const TensorFile& file, RecommenderModel* model) {
  if (model->kind == RecommenderKind::kAls) return ReadAls(file, model);
  if (model->kind == RecommenderKind::kSequence) return ReadSequence(file, model);
  if (model->kind == RecommenderKind::kTwoTower) return ReadTwoTower(file, model);
  if (model->kind == RecommenderKind::kBlend) return absl::OkStatus();  // its members do
  return ReadLinearFoldIn(file, model);
}

constexpr bool UsesOperator(RecommenderKind kind) {
  return kind == RecommenderKind::kEase || kind == RecommenderKind::kItemKnn ||
         kind == RecommenderKind::kGraphFilter;
}

// A blend has one when a member has.
bool HasOperator(const TensorFile& file, RecommenderKind kind) {
  return UsesOperator(kind) ||
         (kind == RecommenderKind::kBlend && file.Has("recommender.item_operator.offsets"));
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
    case RecommenderKind::kTwoTower:
      return "two_tower";
    case RecommenderKind::kBlend:
      return "blend";
  }
  return "unknown";
}

std::optional<RecommenderKind> ParseRecommenderKind(std::string_view name) {
  for (const RecommenderKind kind : kRecommenderKinds) {
    if (name == RecommenderKindName(kind)) return kind;
  }
  return std::nullopt;
}

void StackMembers(RecommenderModel* blend) {
  int64_t items = 0;
  int64_t dim = 0;
  for (const RecommenderModel& member : blend->members) {
    items = member.item_embeddings.rows();
    dim += member.dim();
  }
  blend->item_embeddings = FloatMatrix(items, dim);
  size_t column = 0;
  for (const RecommenderModel& member : blend->members) {
    for (int64_t i = 0; i < items; ++i) {
      std::ranges::copy(member.item_embeddings.row(i),
                        blend->item_embeddings.row(i).subspan(column).begin());
    }
    column += static_cast<size_t>(member.dim());
  }
}

namespace {

absl::StatusOr<FloatMatrix> FoldInMembers(ExecutionContext& context, const RecommenderModel& blend,
                                          const HistoryView& histories) {
  FloatMatrix embeddings(histories.weights.rows(), blend.dim());
  size_t column = 0;
  for (size_t m = 0; m < blend.members.size(); ++m) {
    BURGEON_ASSIGN_OR_RETURN(const FloatMatrix part, FoldIn(context, blend.members[m], histories));
    const float weight = blend.member_weights[m];
    context.pool().ParallelFor(part.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        std::ranges::transform(part.row(i), embeddings.row(i).subspan(column).begin(),
                               [weight](float value) { return weight * value; });
      }
    });
    column += static_cast<size_t>(part.cols());
  }
  return embeddings;
}

}  // namespace

int64_t RecommenderModel::order_length() const {
  int64_t length = kind == RecommenderKind::kSequence ? encoder.length() : 0;
  for (const RecommenderModel& member : members) length = std::max(length, member.order_length());
  return length;
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
  if (model.kind == RecommenderKind::kTwoTower) {
    return EncodeCustomers(context, model.two_tower, weights);
  }
  if (model.kind == RecommenderKind::kBlend) return FoldInMembers(context, model, histories);
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

namespace {

void AddMembers(const RecommenderModel& blend, TensorFile* file) {
  file->Add("recommender.member_weights", std::span<const float>(blend.member_weights));
  for (size_t m = 0; m < blend.members.size(); ++m) {
    TensorFile member;
    AddModelTensors(blend.members[m], &member);
    for (const auto& [name, tensor] : member.tensors()) {
      file->AddTensor(MemberPrefix(m) + name, tensor);
    }
  }
}

void AddOperator(const CsrMatrix& matrix, TensorFile* file) {
  file->Add("recommender.item_operator.offsets", std::span<const int64_t>(matrix.offsets));
  file->Add("recommender.item_operator.columns", std::span<const uint32_t>(matrix.columns));
  file->Add("recommender.item_operator.values", std::span<const float>(matrix.values));
}

}  // namespace

void AddModelTensors(const RecommenderModel& model, TensorFile* file) {
  file->AddStrings("recommender.kind", {std::string(RecommenderKindName(model.kind))});
  file->Add("recommender.customer_embeddings", model.customer_embeddings.view());
  file->Add("recommender.popularity", std::span<const float>(model.popularity));
  if (model.has_operator()) AddOperator(model.item_operator, file);
  if (model.kind == RecommenderKind::kBlend) {
    AddMembers(model, file);
    if (model.has_ranker()) AddRankerTensors(model.ranker, file);
    return;
  }
  file->Add("recommender.item_embeddings", model.item_embeddings.view());
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
  if (model.kind == RecommenderKind::kTwoTower) {
    AddTwoTowerTensors(model.two_tower, file);
    return;
  }
  file->Add("recommender.filter", std::span<const float>(model.filter));
  file->Add("recommender.fold_in_items", model.fold_in_items.view());
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
  BURGEON_ASSIGN_OR_RETURN(model.popularity, file.GetFloats("recommender.popularity"));
  if (model.kind == RecommenderKind::kBlend) {
    BURGEON_RETURN_IF_ERROR(ReadMembers(file, &model));
  } else {
    BURGEON_ASSIGN_OR_RETURN(model.item_embeddings, file.GetMatrix("recommender.item_embeddings"));
  }
  BURGEON_RETURN_IF_ERROR(CheckShape("customer_embeddings", model.customer_embeddings.rows(),
                                     model.customer_embeddings.cols(),
                                     model.customer_embeddings.rows(), model.dim()));
  BURGEON_RETURN_IF_ERROR(CheckShape("popularity", static_cast<int64_t>(model.popularity.size()), 1,
                                     model.item_embeddings.rows(), 1));
  BURGEON_RETURN_IF_ERROR(CheckFinite("customer_embeddings", model.customer_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("item_embeddings", model.item_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("popularity", model.popularity));
  BURGEON_RETURN_IF_ERROR(ReadFoldIn(file, &model));
  if (HasOperator(file, model.kind)) BURGEON_RETURN_IF_ERROR(ReadOperator(file, &model));
  if (model.kind == RecommenderKind::kBlend && file.Has("recommender.ranker.sizes")) {
    const int64_t parts = std::ssize(model.members) + (model.has_operator() ? 1 : 0);
    BURGEON_ASSIGN_OR_RETURN(model.ranker,
                             ReadRankerTensors(file, parts, model.item_embeddings.rows()));
  }
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
