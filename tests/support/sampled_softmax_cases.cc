#include "tests/support/sampled_softmax_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/base/philox.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

// Normal vectors of length about `length`.
FloatMatrix Vectors(int64_t rows, int64_t dim, double length, uint64_t seed) {
  FloatMatrix matrix = NormalVectors(rows, dim, seed);
  const double scale = length / std::sqrt(static_cast<double>(dim));
  for (float& x : matrix.values()) x = static_cast<float>(scale * static_cast<double>(x));
  return matrix;
}

SampledSoftmaxCase Make(std::string name, int64_t rows, int64_t candidates, int64_t dim,
                        double length, float temperature) {
  SampledSoftmaxCase c;
  c.name = std::move(name);
  c.queries = Vectors(rows, dim, length, 71);
  c.positives = Vectors(rows, dim, length, 72);
  c.candidates = Vectors(candidates, dim, length, 73);
  c.temperature = temperature;
  return c;
}

// Ids as popular as Zipf's law has it: many accidental hits.
std::vector<uint32_t> ZipfIds(int64_t count, uint64_t stream) {
  const Philox random(74, stream);
  std::vector<uint32_t> ids;
  for (int64_t i = 0; i < count; ++i) {
    const double u = random.Uniform(static_cast<uint64_t>(i));
    ids.push_back(static_cast<uint32_t>(std::pow(200.0, u)) - 1);
  }
  return ids;
}

void AddIdsAndCorrections(SampledSoftmaxCase& c) {
  c.positive_ids = ZipfIds(c.queries.rows(), 1);
  c.candidate_ids = ZipfIds(c.candidates.rows(), 2);
  for (const uint32_t id : c.positive_ids) {
    c.positive_log_q.push_back(-std::log(5.0F * static_cast<float>(id + 1)));
  }
  for (const uint32_t id : c.candidate_ids) {
    c.candidate_log_q.push_back(-std::log(5.0F * static_cast<float>(id + 1)));
  }
}

double Dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k) sum += static_cast<double>(a[k]) * b[k];
  return sum;
}

double Value(const std::vector<float>& values, size_t i, double otherwise) {
  return values.empty() ? otherwise : static_cast<double>(values[i]);
}

// to += factor * row, and size += its absolute value.
void AddRow(double factor, std::span<const float> row, std::span<double> to,
            std::span<double> size) {
  for (size_t k = 0; k < row.size(); ++k) {
    to[k] += factor * static_cast<double>(row[k]);
    size[k] += std::abs(factor * static_cast<double>(row[k]));
  }
}

void ExpectNear(const char* what, const FloatMatrix& got, const DoubleMatrix& want,
                const DoubleMatrix& size, double factor) {
  for (int64_t i = 0; i < got.rows(); ++i) {
    for (int64_t k = 0; k < got.cols(); ++k) {
      ASSERT_NEAR(static_cast<double>(got.at(i, k)), want.at(i, k), factor * size.at(i, k) + 1e-30)
          << what << ", row " << i << " dimension " << k;
    }
  }
}

}  // namespace

SampledSoftmaxInput SampledSoftmaxCase::input() const {
  return {.queries = queries.view(),
          .positives = positives.view(),
          .candidates = candidates.view(),
          .positive_ids = positive_ids,
          .candidate_ids = candidate_ids,
          .positive_log_q = positive_log_q,
          .candidate_log_q = candidate_log_q,
          .weights = weights};
}

// What is overwritten starts as something else.
SampledSoftmaxResult::SampledSoftmaxResult(const SampledSoftmaxCase& c)
    : losses(static_cast<size_t>(c.queries.rows()), -7.0F),
      queries(c.queries),
      positives(c.queries),
      candidates(c.candidates) {}

SampledSoftmaxOutput SampledSoftmaxResult::output() {
  return {losses, queries.view(), positives.view(), candidates.view()};
}

std::vector<SampledSoftmaxCase> SampledSoftmaxCases() {
  std::vector<SampledSoftmaxCase> cases;
  cases.push_back(Make("one of each", 1, 1, 1, 1, 1));
  cases.push_back(Make("no queries", 0, 9, 4, 1, 1));
  cases.push_back(Make("no candidates", 7, 0, 5, 1, 1));
  cases.push_back(Make("odd shapes", 33, 131, 31, 1, 0.1F));
  cases.push_back(Make("past a tile", 130, 1030, 40, 1, 0.07F));
  cases.push_back(Make("more queries than candidates", 300, 65, 64, 1, 0.5F));
  SampledSoftmaxCase c = Make("ids and corrections", 70, 190, 100, 1, 0.2F);
  AddIdsAndCorrections(c);
  for (int i = 0; i < 70; ++i) {
    c.weights.push_back(i % 5 == 0 ? 0.0F : 0.25F * static_cast<float>(i % 7));
  }
  cases.push_back(c);
  c = Make("in-batch negatives", 129, 129, 128, 1, 0.05F);
  c.candidates = c.positives;
  AddIdsAndCorrections(c);
  c.candidate_ids = c.positive_ids;
  c.candidate_log_q = c.positive_log_q;
  cases.push_back(c);
  c = Make("nothing but accidental hits", 20, 77, 16, 1, 1);
  c.positive_ids.assign(20, 3);
  c.candidate_ids.assign(77, 3);
  cases.push_back(c);
  cases.push_back(Make("logits of hundreds", 40, 100, 24, 10, 0.25F));
  c = Make("the greatest comes last", 10, 400, 8, 1, 1);
  for (int64_t j = 0; j < 400; ++j) {  // maxima rise at every tile
    c.candidate_log_q.push_back(-0.25F * static_cast<float>(j));
  }
  cases.push_back(c);
  c = Make("tiny and huge beside each other", 12, 70, 12, 1, 1);
  for (int64_t i = 0; i < 12; ++i) {
    for (float& x : c.queries.row(i)) x *= i % 2 == 0 ? 1e-18F : 64.0F;
  }
  cases.push_back(c);
  return cases;
}

SampledSoftmaxCase SampledSoftmaxCaseNamed(const std::string& name) {
  for (SampledSoftmaxCase& c : SampledSoftmaxCases()) {
    if (c.name == name) return c;
  }
  ADD_FAILURE() << "there is no case " << name;
  return {};
}

SampledSoftmaxReference ReferenceSampledSoftmax(const SampledSoftmaxCase& c) {
  const auto n = c.queries.rows();
  const auto m = c.candidates.rows();
  const auto dim = c.queries.cols();
  SampledSoftmaxReference r;
  r.queries = r.queries_size = r.positives = r.positives_size = DoubleMatrix(n, dim);
  r.candidates = r.candidates_size = DoubleMatrix(m, dim);
  const auto temperature = static_cast<double>(c.temperature);
  const auto note = [&](std::span<const float> q, std::span<const float> v, double logit) {
    r.longest_product = std::max(r.longest_product, std::sqrt(Dot(q, q) * Dot(v, v)) / temperature);
    r.largest_logit = std::max(r.largest_logit, std::abs(logit));
  };
  for (int64_t i = 0; i < n; ++i) {
    const auto row = static_cast<size_t>(i);
    const auto q = c.queries.row(i);
    const auto p = c.positives.row(i);
    std::vector<double> logits;
    for (int64_t j = 0; j < m; ++j) {
      const auto column = static_cast<size_t>(j);
      const double logit =
          Dot(q, c.candidates.row(j)) / temperature - Value(c.candidate_log_q, column, 0);
      note(q, c.candidates.row(j), logit);
      const bool hit = !c.positive_ids.empty() && c.positive_ids[row] == c.candidate_ids[column];
      logits.push_back(hit ? -INFINITY : logit);
    }
    const double positive = Dot(q, p) / temperature - Value(c.positive_log_q, row, 0);
    note(q, p, positive);
    double top = positive;
    for (const double s : logits) top = std::max(top, s);
    double others = 0;
    for (const double s : logits) others += std::exp(s - top);
    const double total = others + std::exp(positive - top);
    r.losses.push_back(top - positive + std::log(total));
    const double scale = Value(c.weights, row, 1) / temperature;
    const double missed = others / total;
    for (int64_t j = 0; j < m; ++j) {
      const double share = std::exp(logits[static_cast<size_t>(j)] - top) / total;
      AddRow(scale * share, c.candidates.row(j), r.queries.row(i), r.queries_size.row(i));
      AddRow(scale * share, q, r.candidates.row(j), r.candidates_size.row(j));
    }
    AddRow(-scale * missed, p, r.queries.row(i), r.queries_size.row(i));
    AddRow(-scale * missed, q, r.positives.row(i), r.positives_size.row(i));
  }
  return r;
}

SoftmaxError SoftmaxErrorOfCpu(const SampledSoftmaxCase& c) {
  const auto dim = static_cast<double>(c.queries.cols());
  const auto terms = static_cast<double>(c.queries.rows() + c.candidates.rows());
  return {(dim + 8) * 0x1p-22, (terms + 16) * 0x1p-22};
}

SoftmaxError SoftmaxErrorOfCuda(const SampledSoftmaxCase& c, SoftmaxPrecision precision) {
  const auto dim = static_cast<double>(c.queries.cols());
  const auto terms = static_cast<double>(c.queries.rows() + c.candidates.rows());
  const double gradient = 0x1p-7 + (terms + 16) * 0x1p-21;
  if (precision == SoftmaxPrecision::kSplitBf16) {
    return {0x1p-15 + 6 * (dim + 8) * 0x1p-22, gradient};
  }
  return {0x1p-8 + 0x1p-17 + 2 * (dim + 8) * 0x1p-22, gradient};
}

void ExpectSampledSoftmaxNear(const SampledSoftmaxCase& c, const SampledSoftmaxResult& got,
                              const SoftmaxError& error) {
  const SampledSoftmaxReference want = ReferenceSampledSoftmax(c);
  const double off = error.logit * want.longest_product + 0x1p-20 * (want.largest_logit + 1);
  for (size_t i = 0; i < got.losses.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(got.losses[i]), want.losses[i], 2 * off) << "row " << i;
  }
  const double factor = std::expm1(2 * off) + error.gradient;
  ExpectNear("queries", got.queries, want.queries, want.queries_size, factor);
  ExpectNear("positives", got.positives, want.positives, want.positives_size, factor);
  ExpectNear("candidates", got.candidates, want.candidates, want.candidates_size, factor);
}

void ExpectSampledSoftmaxMatchesReference(ExecutionContext& context, const SampledSoftmaxCase& c,
                                          const SoftmaxError& error, SoftmaxPrecision precision) {
  SCOPED_TRACE("sampled softmax: " + c.name);
  SampledSoftmaxResult got(c);
  const absl::Status status = SampledSoftmax(
      context, c.input(), {.temperature = c.temperature, .precision = precision}, got.output());
  ASSERT_TRUE(status.ok()) << status;
  ExpectSampledSoftmaxNear(c, got, error);
}

}  // namespace burgeon
