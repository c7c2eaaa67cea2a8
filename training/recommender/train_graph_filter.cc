#include "training/recommender/train_graph_filter.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "engine/base/limits.h"
#include "engine/base/text.h"
#include "engine/ops/dense.h"
#include "engine/ops/sparse.h"
#include "engine/ops/truncated_svd.h"
#include "training/recommender/degree_normalisation.h"
#include "training/recommender/interaction_check.h"
#include "training/recommender/item_pairs.h"

namespace burgeon {
namespace {

constexpr int64_t kColumnBlock = 128;
constexpr int64_t kItemBlock = 512;
constexpr int kMaxDegree = 64;
constexpr double kGib = 1024.0 * 1024.0 * 1024.0;

absl::Status ValidateResponse(const GraphFilterOptions& options) {
  if (options.response == GraphResponse::kPolynomial) {
    if (options.coefficients.empty() || std::ssize(options.coefficients) > kMaxDegree) {
      return InvalidArgument("graph_filter: ", options.coefficients.size(),
                             " coefficients; wanted 1 to ", kMaxDegree);
    }
    for (const double c : options.coefficients) {
      if (!std::isfinite(c)) {
        return InvalidArgument("graph_filter: the coefficient ", c, " is not a number");
      }
    }
    return absl::OkStatus();
  }
  if (options.degree < 1 || options.degree > kMaxDegree) {
    return InvalidArgument("graph_filter: degree ", options.degree, " is not from 1 to ",
                           kMaxDegree);
  }
  if (!(options.flatness > 0) || !std::isfinite(options.flatness)) {
    return InvalidArgument("graph_filter: flatness ", options.flatness,
                           " is not a positive number");
  }
  if (options.customer_exponent != 0.5F || options.item_exponent != 0.5F) {
    return InvalidArgument("graph_filter: response plateau with customer_exponent ",
                           options.customer_exponent, " and item_exponent ", options.item_exponent,
                           "; it wants .5 and .5, which keep the eigenvalues from 0 to 1");
  }
  return absl::OkStatus();
}

absl::Status Validate(const GraphFilterOptions& options, const CsrView& interactions) {
  BURGEON_RETURN_IF_ERROR(ValidateResponse(options));
  for (const float exponent : {options.customer_exponent, options.item_exponent,
                               options.degree_exponent, options.ideal_exponent}) {
    if (!(std::abs(exponent) <= 4)) {
      return InvalidArgument("graph_filter: the exponent ", exponent, " is not from -4 to 4");
    }
  }
  if (!(options.ideal_weight >= 0) || !std::isfinite(options.ideal_weight)) {
    return InvalidArgument("graph_filter: ideal_weight ", options.ideal_weight,
                           " is not zero or a positive number");
  }
  if (options.ideal_rank < 1 || options.ideal_rank > limits::kMaxDim) {
    return InvalidArgument("graph_filter: ideal_rank ", options.ideal_rank, " is not from 1 to ",
                           limits::kMaxDim);
  }
  if (options.keep_entries < 0) {
    return InvalidArgument("graph_filter: keep_entries ", options.keep_entries, " is below 0");
  }
  const int64_t items = interactions.cols;
  const double needed =
      static_cast<double>(GraphFilterMemoryBytes(interactions.rows(), items, options)) / kGib;
  if (needed > options.memory_gib) {
    return ResourceExhausted(
        "graph_filter: ", items, " items need ", needed, " GiB, and graph_filter.memory_gib ",
        "allows ", options.memory_gib, ": ",
        options.keep_entries == 0 ? "set graph_filter.keep_entries, "
                                  : "lower graph_filter.keep_entries or ideal_rank, ",
        "leave out rare items, or raise the limit");
  }
  return absl::OkStatus();
}

double PlateauResponse(double t, double flatness) {
  return t < 0 ? (1 + std::pow(-t, flatness)) / 2 : (1 - std::pow(t, flatness)) / 2;
}

// Columns of h(P), a block at a time.
class FilterColumns {
 public:
  FilterColumns(ExecutionContext& context, const CsrView& a, const GraphFilterOptions& options)
      : context_(context), options_(options), a_(a), transposed_(Transpose(a)) {
    if (options.response == GraphResponse::kPlateau) {
      plateau_ = PlateauCoefficients(options.degree, options.flatness);
    }
  }

  // [items, end - begin]
  FloatMatrix operator()(int64_t begin, int64_t end) {
    FloatMatrix unit(a_.cols, end - begin);
    for (int64_t j = begin; j < end; ++j) unit.at(j, j - begin) = 1;
    return options_.response == GraphResponse::kPlateau ? Plateau(std::move(unit))
                                                        : Polynomial(std::move(unit));
  }

 private:
  FloatMatrix TimesP(const FloatMatrix& x) {
    FloatMatrix middle(a_.rows(), x.cols());
    SparseTimesDense(context_, a_, x.view(), middle.view());
    FloatMatrix out(x.rows(), x.cols());
    SparseTimesDense(context_, transposed_.view(), middle.view(), out.view());
    return out;
  }

  // f(k) for every value of a matrix of x's shape.
  template <class F>
  void ForValues(const FloatMatrix& x, const F& f) {
    const auto cols = static_cast<size_t>(x.cols());
    context_.pool().ParallelFor(x.rows(), kItemBlock, [&](int64_t begin, int64_t end) {
      for (size_t k = static_cast<size_t>(begin) * cols; k < static_cast<size_t>(end) * cols; ++k) {
        f(k);
      }
    });
  }

  void Add(double scale, const FloatMatrix& x, FloatMatrix* sum) {
    const auto s = static_cast<float>(scale);
    ForValues(x, [&](size_t k) { sum->values()[k] += s * x.values()[k]; });
  }

  FloatMatrix Polynomial(FloatMatrix power) {
    FloatMatrix sum(power.rows(), power.cols());
    for (const double coefficient : options_.coefficients) {
      power = TimesP(power);
      Add(coefficient, power, &sum);
    }
    return sum;
  }

  // T_0 = I, T_1 = M, T_(k+1) = 2 M T_k - T_(k-1), M = I - 2 P.
  FloatMatrix Plateau(FloatMatrix unit) {
    FloatMatrix before = std::move(unit);
    FloatMatrix sum(before.rows(), before.cols());
    Add(plateau_[0], before, &sum);
    FloatMatrix now = TimesP(before);
    ForValues(now, [&](size_t k) { now.values()[k] = before.values()[k] - 2 * now.values()[k]; });
    for (size_t degree = 1;; ++degree) {
      Add(plateau_[degree], now, &sum);
      if (degree + 1 == plateau_.size()) return sum;
      FloatMatrix next = TimesP(now);
      ForValues(next, [&](size_t k) {
        next.values()[k] = 2 * (now.values()[k] - 2 * next.values()[k]) - before.values()[k];
      });
      before = std::exchange(now, std::move(next));
    }
  }

  ExecutionContext& context_;
  const GraphFilterOptions& options_;
  const CsrView a_;
  const CsrMatrix transposed_;
  std::vector<double> plateau_;
};

// V of the ideal low pass; without columns when there is none.
absl::StatusOr<FloatMatrix> IdealVectors(ExecutionContext& context, const CsrView& a,
                                         const GraphFilterOptions& options,
                                         TrainingReport* report) {
  if (options.ideal_weight == 0) return FloatMatrix(a.cols, 0);
  BURGEON_ASSIGN_OR_RETURN(TruncatedSvd found,
                           DecomposeTruncated(context, a,
                                              {.rank = options.ideal_rank,
                                               .oversample = options.embedding.oversample,
                                               .iterations = options.embedding.iterations,
                                               .seed = options.embedding.seed}));
  report->lines.insert(report->lines.end(), found.lines.begin(), found.lines.end());
  return std::move(found.right_vectors);
}

CsrMatrix OperatorOf(ExecutionContext& context, const CsrView& a, const std::vector<double>& sums,
                     const FloatMatrix& ideal, const GraphFilterOptions& options) {
  const std::vector<double> filter_scale = Powers(sums, options.degree_exponent);
  const std::vector<double> ideal_scale = Powers(sums, options.ideal_exponent);
  const auto ratio = [](const std::vector<double>& scale, size_t i, size_t j) {
    return scale[i] > 0 ? scale[j] / scale[i] : 0.0;
  };
  FilterColumns columns_of(context, a, options);
  std::vector<OperatorRow> rows(sums.size());
  for (int64_t begin = 0; begin < a.cols; begin += kColumnBlock) {
    const int64_t end = std::min(a.cols, begin + kColumnBlock);
    const FloatMatrix filtered = columns_of(begin, end);
    FloatMatrix low(filtered.rows(), filtered.cols());
    if (ideal.cols() > 0) {
      Gemm(context, Transposed::kNo, Transposed::kYes, options.ideal_weight, ideal.view(),
           ideal.view().Rows(begin, end), 0, low.view());
    }
    context.pool().ParallelFor(end - begin, 1, [&](int64_t column, int64_t) {
      const auto i = static_cast<size_t>(begin + column);
      OperatorRow row;
      for (int64_t j = 0; j < a.cols; ++j) {
        const auto to = static_cast<size_t>(j);
        const auto value = static_cast<float>(filtered.at(j, column) * ratio(filter_scale, i, to) +
                                              low.at(j, column) * ratio(ideal_scale, i, to));
        if (value == 0) continue;
        row.columns.push_back(static_cast<uint32_t>(j));
        row.values.push_back(value);
      }
      rows[i] = KeepLargest(std::move(row), options.keep_entries, KeepBy::kMagnitude);
    });
  }
  return JoinRows(std::move(rows));
}

}  // namespace

GraphFilterOptions ParseGraphFilterOptions(const ConfigNode& node) {
  GraphFilterOptions options;
  const auto number = [&](std::string_view field, float fallback, DoubleRange range) {
    return static_cast<float>(node.GetDouble(field, static_cast<double>(fallback), range));
  };
  options.response = node.GetEnum("response", "polynomial", {"polynomial", "plateau"}) == "plateau"
                         ? GraphResponse::kPlateau
                         : GraphResponse::kPolynomial;
  if (node.Has("coefficients")) {
    options.coefficients.clear();
    for (const std::string& text : node.GetStrings("coefficients")) {
      const std::optional<double> value = ParseDouble(text);
      if (!value) node.Fail("coefficients", Concat("'", text, "' is not a number"));
      options.coefficients.push_back(value.value_or(0));
    }
  }
  options.degree = static_cast<int>(node.GetInt("degree", options.degree, {1, kMaxDegree}));
  options.flatness = number("flatness", options.flatness, {1e-3, 1e3});
  options.customer_exponent = number("customer_exponent", options.customer_exponent, {-4, 4});
  options.item_exponent = number("item_exponent", options.item_exponent, {-4, 4});
  options.degree_exponent = number("degree_exponent", options.degree_exponent, {-4, 4});
  options.ideal_weight = number("ideal_weight", options.ideal_weight, {0, 1e9});
  options.ideal_rank =
      static_cast<int>(node.GetInt("ideal_rank", options.ideal_rank, {1, limits::kMaxDim}));
  options.ideal_exponent = number("ideal_exponent", options.ideal_exponent, {-4, 4});
  options.keep_entries =
      static_cast<int>(node.GetInt("keep_entries", options.keep_entries, {0, 1'000'000}));
  options.memory_gib = node.GetDouble("memory_gib", options.memory_gib, {1e-3, 1e6});
  options.embedding = ParseSpectralOptions(node.Child("embedding"), options.embedding);
  return options;
}

std::vector<double> PlateauCoefficients(int degree, double flatness) {
  const int nodes = degree + 1;
  std::vector<double> coefficients(static_cast<size_t>(nodes), 0);
  for (int n = 0; n < nodes; ++n) {
    const double angle = (n + 0.5) * std::numbers::pi / nodes;
    const double response = PlateauResponse(std::cos(angle), flatness);
    for (int k = 0; k < nodes; ++k) {
      coefficients[static_cast<size_t>(k)] +=
          (k == 0 ? 1.0 : 2.0) / nodes * response * std::cos(k * angle);
    }
  }
  return coefficients;
}

int64_t GraphFilterMemoryBytes(int64_t customers, int64_t items,
                               const GraphFilterOptions& options) {
  const int64_t kept =
      options.keep_entries == 0 ? items : std::min<int64_t>(items, options.keep_entries);
  // Rows of the operator, and the whole that they are joined into.
  const int64_t entries = 2 * items * kept * int64_t{sizeof(float) + sizeof(uint32_t)};
  const int64_t columns = std::min(kColumnBlock, items);
  const int64_t blocks = (6 * items + customers) * columns * int64_t{sizeof(float)};
  const int64_t rank = options.ideal_weight == 0 ? 0 : std::min<int64_t>(options.ideal_rank, items);
  // The basis, its product and a copy while it is found.
  const int64_t ideal =
      (2 * items + customers) * (rank + options.embedding.oversample) * int64_t{sizeof(float)};
  return entries + std::max(blocks + items * rank * int64_t{sizeof(float)}, ideal);
}

absl::StatusOr<RecommenderModel> TrainGraphFilter(ExecutionContext& context,
                                                  const CsrView& interactions,
                                                  const GraphFilterOptions& options,
                                                  TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options, interactions));
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  const std::vector<double> sums = ColumnSums(interactions);
  const CsrMatrix a =
      ScaledBoth(interactions, Powers(RowSums(interactions), -options.customer_exponent),
                 Powers(sums, -options.item_exponent));
  BURGEON_ASSIGN_OR_RETURN(const FloatMatrix ideal,
                           IdealVectors(context, a.view(), options, report));
  CsrMatrix item_operator = OperatorOf(context, a.view(), sums, ideal, options);
  BURGEON_ASSIGN_OR_RETURN(RecommenderModel model,
                           TrainSpectral(context, interactions, options.embedding, report));
  model.kind = RecommenderKind::kGraphFilter;
  model.item_operator = std::move(item_operator);
  report->lines.push_back(Concat("graph_filter: ", model.item_operator.columns.size(),
                                 " entries of the item operator"));
  return model;
}

}  // namespace burgeon
