#include "engine/recommend/content_embedding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/ops/sparse.h"

namespace burgeon {
namespace {

constexpr std::string_view kBelow = " > ";
constexpr double kSmallEnough = 1e-6;  // of a residual, against that of nothing
constexpr int64_t kColumnBlock = 16;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void AddWords(std::string_view label, std::vector<std::string>* tokens) {
  std::string word;
  for (const char c : label) {
    if (IsWordByte(c)) {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!word.empty()) {
      tokens->push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) tokens->push_back(std::move(word));
}

// By column: sum_i a_ij b_ij, in order of rows.
std::vector<double> ColumnDots(ExecutionContext& context, const FloatMatrix& a,
                               const FloatMatrix& b) {
  std::vector<double> dots(static_cast<size_t>(a.cols()), 0);
  context.pool().ParallelFor(a.cols(), kColumnBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = 0; i < a.rows(); ++i) {
      for (int64_t j = begin; j < end; ++j) {
        dots[static_cast<size_t>(j)] += static_cast<double>(a.at(i, j)) * b.at(i, j);
      }
    }
  });
  return dots;
}

// a += factor_j b, by column.
void AddScaled(ExecutionContext& context, const std::vector<double>& factor, const FloatMatrix& b,
               FloatMatrix* a) {
  context.pool().ParallelFor(a->rows(), 256, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      for (int64_t j = 0; j < a->cols(); ++j) {
        a->at(i, j) += static_cast<float>(factor[static_cast<size_t>(j)] * b.at(i, j));
      }
    }
  });
}

// Solves (X'X + ridge I) W = X'Y for every column of Y at once, by conjugate gradients (Hestenes,
// Stiefel 1952).
FloatMatrix SolveRidge(ExecutionContext& context, const CsrView& x, MatrixView<const float> y,
                       double ridge, int iterations) {
  const CsrMatrix transposed = Transpose(x);
  FloatMatrix w(x.cols, y.cols);
  FloatMatrix residual(x.cols, y.cols);
  SparseTimesDense(context, transposed.view(), y, residual.view());
  FloatMatrix direction = residual;
  FloatMatrix image(x.rows(), y.cols);
  FloatMatrix product(x.cols, y.cols);
  std::vector<double> norms = ColumnDots(context, residual, residual);
  const std::vector<double> first = norms;
  const std::vector<double> ridges(norms.size(), ridge);
  std::vector<double> step(norms.size());
  for (int iteration = 0; iteration < iterations; ++iteration) {
    SparseTimesDense(context, x, direction.view(), image.view());
    SparseTimesDense(context, transposed.view(), image.view(), product.view());
    AddScaled(context, ridges, direction, &product);
    const std::vector<double> curvature = ColumnDots(context, direction, product);
    bool done = true;
    for (size_t j = 0; j < step.size(); ++j) {
      const bool solved = norms[j] <= kSmallEnough * kSmallEnough * first[j];
      step[j] = solved || curvature[j] <= 0 ? 0 : norms[j] / curvature[j];
      done = done && step[j] == 0;
    }
    if (done) break;
    AddScaled(context, step, direction, &w);
    for (double& s : step) s = -s;
    AddScaled(context, step, product, &residual);
    std::vector<double> next = ColumnDots(context, residual, residual);
    std::vector<double> keep(next.size());
    for (size_t j = 0; j < next.size(); ++j) keep[j] = norms[j] > 0 ? next[j] / norms[j] : 0;
    FloatMatrix turned = residual;
    AddScaled(context, keep, direction, &turned);
    direction = std::move(turned);
    norms = std::move(next);
  }
  return w;
}

}  // namespace

std::vector<std::string> ContentTokens(std::string_view label, const ItemAttributes& attributes,
                                       uint32_t item) {
  std::vector<std::string> tokens;
  AddWords(label, &tokens);
  for (const ItemAttribute& column : attributes.columns) {
    if (!column.Has(item)) continue;
    if (const auto number = column.NumberOf(item)) {
      const double octaves = *number > 0 ? std::round(2 * std::log2(*number)) : 0;
      tokens.push_back(Concat(column.name, "~", static_cast<int64_t>(std::max(0.0, octaves))));
      continue;
    }
    const std::string& value = column.WordOf(item);
    tokens.push_back(Concat(column.name, "=", value));
    for (size_t at = value.find(kBelow); at != std::string::npos; at = value.find(kBelow, at + 1)) {
      tokens.push_back(Concat(column.name, "=", value.substr(0, at)));
    }
  }
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

int64_t ContentMap::Known(const std::vector<std::string>& tokens) const {
  return std::count_if(tokens.begin(), tokens.end(),
                       [&](const std::string& token) { return column_.contains(token); });
}

CsrMatrix ContentMap::Features(std::span<const std::vector<std::string>> tokens) const {
  CsrMatrix out;
  out.cols = this->tokens() + 1;
  for (const std::vector<std::string>& of_item : tokens) {
    std::vector<uint32_t> columns;
    for (const std::string& token : of_item) {
      const auto at = column_.find(token);
      if (at != column_.end()) columns.push_back(at->second);
    }
    std::sort(columns.begin(), columns.end());
    const double share = columns.empty() ? 0 : 1 / std::sqrt(static_cast<double>(columns.size()));
    out.columns.insert(out.columns.end(), columns.begin(), columns.end());
    out.values.resize(out.columns.size(), static_cast<float>(share));
    out.columns.push_back(static_cast<uint32_t>(this->tokens()));
    out.values.push_back(1);
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

FloatMatrix ContentMap::Embed(ExecutionContext& context,
                              std::span<const std::vector<std::string>> tokens) const {
  FloatMatrix out(std::ssize(tokens), weights_.cols());
  SparseTimesDense(context, Features(tokens).view(), weights_.view(), out.view());
  return out;
}

absl::StatusOr<ContentMap> LearnContentMap(ExecutionContext& context,
                                           std::span<const std::vector<std::string>> tokens,
                                           MatrixView<const float> embeddings,
                                           const ContentOptions& options) {
  if (tokens.empty()) return FailedPrecondition("content: there is no trained item to learn from");
  if (std::ssize(tokens) != embeddings.rows) {
    return InvalidArgument("content: ", tokens.size(), " items, but ", embeddings.rows,
                           " embeddings");
  }
  if (!(options.ridge > 0) || !std::isfinite(options.ridge)) {
    return InvalidArgument("content: ridge is ", options.ridge, ", a positive number is wanted");
  }
  std::map<std::string_view, int64_t> items;
  for (const auto& of_item : tokens) {
    for (const std::string& token : of_item) ++items[token];
  }
  std::vector<std::pair<int64_t, std::string_view>> ranked;
  for (const auto& [token, count] : items) {
    if (count >= options.min_items) ranked.emplace_back(-count, token);
  }
  std::sort(ranked.begin(), ranked.end());
  if (std::ssize(ranked) > options.max_tokens) {
    ranked.resize(static_cast<size_t>(options.max_tokens));
  }
  ContentMap map;
  for (const auto& [count, token] : ranked) {
    map.column_.emplace(std::string(token), static_cast<uint32_t>(map.column_.size()));
  }
  map.weights_ = SolveRidge(context, map.Features(tokens).view(), embeddings, options.ridge,
                            options.iterations);
  return map;
}

}  // namespace burgeon
