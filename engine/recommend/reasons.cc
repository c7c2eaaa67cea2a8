#include "engine/recommend/reasons.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/index/vector_scorer.h"
#include "engine/ops/dense.h"
#include "engine/recommend/masks.h"

namespace burgeon {
namespace {

double Dot(std::span<const float> a, std::span<const double> b) {
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k) sum += static_cast<double>(a[k]) * b[k];
  return sum;
}

// Solves A z = y for symmetric positive A, by Cholesky, in double.
class NormalEquations {
 public:
  // A = a0 Y'Y + sum_i w_i y_i y_i' + lambda I.
  NormalEquations(const RecommenderModel& model, const DoubleMatrix& gram,
                  const HistoryWeights& history)
      : n_(model.dim()), a_(n_, n_) {
    const double a0 = model.als.unobserved_weight;
    double total = a0 * static_cast<double>(model.item_embeddings.rows());
    for (int64_t i = 0; i < n_; ++i) {
      for (int64_t j = 0; j < n_; ++j) a_.at(i, j) = a0 * gram.at(i, j);
    }
    for (size_t h = 0; h < history.items.size(); ++h) {
      const double weight = history.weight(h);
      const auto y = model.item_embeddings.row(history.items[h]);
      total += weight;
      for (int64_t i = 0; i < n_; ++i) {
        const double left = weight * y[static_cast<size_t>(i)];
        for (int64_t j = 0; j < n_; ++j) a_.at(i, j) += left * y[static_cast<size_t>(j)];
      }
    }
    const double lambda = model.als.regularization *
                          std::pow(total, static_cast<double>(model.als.regularization_exponent));
    for (int64_t i = 0; i < n_; ++i) a_.at(i, i) += lambda;
  }

  // A = L L', L in the lower triangle. False when A is not positive.
  bool Factor() {
    for (int64_t j = 0; j < n_; ++j) {
      for (int64_t i = j; i < n_; ++i) {
        double sum = a_.at(i, j);
        for (int64_t k = 0; k < j; ++k) sum -= a_.at(i, k) * a_.at(j, k);
        if (i == j && !(sum > 0)) return false;
        a_.at(i, j) = i == j ? std::sqrt(sum) : sum / a_.at(j, j);
      }
    }
    return true;
  }

  std::vector<double> Solve(std::span<const float> y) const {
    std::vector<double> z(y.begin(), y.end());
    const auto at = [](int64_t i) { return static_cast<size_t>(i); };
    for (int64_t i = 0; i < n_; ++i) {
      for (int64_t k = 0; k < i; ++k) z[at(i)] -= a_.at(i, k) * z[at(k)];
      z[at(i)] /= a_.at(i, i);
    }
    for (int64_t i = n_ - 1; i >= 0; --i) {
      for (int64_t k = i + 1; k < n_; ++k) z[at(i)] -= a_.at(k, i) * z[at(k)];
      z[at(i)] /= a_.at(i, i);
    }
    return z;
  }

 private:
  int64_t n_;
  DoubleMatrix a_;
};

// Each of these adds its contributions, times `scale`, to `values`.

void ByOperator(const RecommenderModel& model, const HistoryWeights& history,
                std::span<const ItemRow> items, DoubleMatrix* values) {
  const CsrView rows = model.item_operator.view();
  for (size_t h = 0; h < history.items.size(); ++h) {
    const auto columns = rows.row_columns(history.items[h]);
    const auto entries = rows.row_values(history.items[h]);
    for (size_t j = 0; j < items.size(); ++j) {
      const auto at = std::lower_bound(columns.begin(), columns.end(), items[j].value);
      if (at == columns.end() || *at != items[j].value) continue;
      const double entry = entries.empty() ? 1 : entries[static_cast<size_t>(at - columns.begin())];
      values->at(static_cast<int64_t>(j), static_cast<int64_t>(h)) += history.weight(h) * entry;
    }
  }
}

void BySpectral(const RecommenderModel& model, const HistoryWeights& history,
                std::span<const ItemRow> items, double scale, DoubleMatrix* values) {
  std::vector<double> filtered(model.filter.size());
  for (size_t j = 0; j < items.size(); ++j) {
    const auto item = model.item_embeddings.row(items[j].value);
    for (size_t k = 0; k < filtered.size(); ++k) {
      filtered[k] = static_cast<double>(model.filter[k]) * item[k];
    }
    for (size_t h = 0; h < history.items.size(); ++h) {
      values->at(static_cast<int64_t>(j), static_cast<int64_t>(h)) +=
          scale * history.weight(h) * Dot(model.fold_in_items.row(history.items[h]), filtered);
    }
  }
}

// item_gram: of the model's items, or nullptr.
absl::Status ByAls(ExecutionContext& context, const RecommenderModel& model,
                   const DoubleMatrix* item_gram, const HistoryWeights& history,
                   std::span<const ItemRow> items, double scale, DoubleMatrix* values) {
  DoubleMatrix own;
  if (item_gram == nullptr) own = Gram(context, model.item_embeddings.view());
  NormalEquations equations(model, item_gram == nullptr ? own : *item_gram, history);
  if (!equations.Factor()) {
    return Internal("reasons: the customer's normal equations are not positive");
  }
  for (size_t j = 0; j < items.size(); ++j) {
    const std::vector<double> solved = equations.Solve(model.item_embeddings.row(items[j].value));
    for (size_t h = 0; h < history.items.size(); ++h) {
      values->at(static_cast<int64_t>(j), static_cast<int64_t>(h)) +=
          scale * history.weight(h) * Dot(model.item_embeddings.row(history.items[h]), solved);
    }
  }
  return absl::OkStatus();
}

void BySimilarity(const RecommenderModel& model, const HistoryWeights& history,
                  std::span<const ItemRow> items, DoubleMatrix* values) {
  for (size_t j = 0; j < items.size(); ++j) {
    for (size_t h = 0; h < history.items.size(); ++h) {
      const auto cosine = CanonicalCosine(model.item_embeddings.row(history.items[h]),
                                          model.item_embeddings.row(items[j].value));
      values->at(static_cast<int64_t>(j), static_cast<int64_t>(h)) = cosine.value_or(0);
    }
  }
}

constexpr bool HasExactReasons(RecommenderKind kind) {
  return kind == RecommenderKind::kSpectral || kind == RecommenderKind::kAls;
}

// Whether the score is a sum over the history, of a model without an operator of its own.
bool IsSumOverHistory(const RecommenderModel& model) {
  if (model.kind != RecommenderKind::kBlend) return HasExactReasons(model.kind);
  return std::ranges::all_of(model.members, HasExactReasons, &RecommenderModel::kind);
}

absl::Status ByEmbeddings(ExecutionContext& context, const RecommenderModel& model,
                          const DoubleMatrix* item_gram, const HistoryWeights& history,
                          std::span<const ItemRow> items, double scale, DoubleMatrix* values) {
  if (model.kind == RecommenderKind::kAls) {
    return ByAls(context, model, item_gram, history, items, scale, values);
  }
  if (model.kind == RecommenderKind::kSpectral) {
    BySpectral(model, history, items, scale, values);
  }
  for (size_t m = 0; m < model.members.size(); ++m) {
    BURGEON_RETURN_IF_ERROR(ByEmbeddings(context, model.members[m], nullptr, history, items,
                                         scale * static_cast<double>(model.member_weights[m]),
                                         values));
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view ReasonKindName(ReasonKind kind) {
  return kind == ReasonKind::kExact ? "exact" : "similarity";
}

absl::StatusOr<Contributions> ContributionsOf(ExecutionContext& context,
                                              const RecommenderParts& parts,
                                              const RecommendQuery& query, RecommendMethod method,
                                              std::span<const ItemRow> items) {
  const RecommenderModel& model = *parts.model;
  const HistoryWeights history = HistoryOf(parts, query);
  Contributions out;
  out.history.assign(history.items.begin(), history.items.end());
  out.values = DoubleMatrix(std::ssize(items), std::ssize(history.items));
  const bool by_operator_alone = model.has_operator() && model.kind != RecommenderKind::kBlend;
  if (method == RecommendMethod::kNeighbours || model.has_ranker() ||
      (!by_operator_alone && !IsSumOverHistory(model))) {
    out.kind = ReasonKind::kSimilarity;
    BySimilarity(model, history, items, &out.values);
    return out;
  }
  if (model.has_operator()) ByOperator(model, history, items, &out.values);
  if (!by_operator_alone) {
    BURGEON_RETURN_IF_ERROR(
        ByEmbeddings(context, model, parts.item_gram, history, items, 1, &out.values));
  }
  return out;
}

}  // namespace burgeon
