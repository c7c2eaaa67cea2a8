#include "training/recommender/two_tower_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include <torch/autograd.h>

#include "engine/models/two_tower_module.h"

namespace burgeon {
namespace {

torch::Tensor Indices(const std::vector<int64_t>& values) {
  return torch::tensor(values, torch::kInt64);
}

// Two queries, five items; query 0 is to name items 1 and 4 and has seen 0, query 1 names 2.
struct Case {
  torch::Tensor queries;
  torch::Tensor items;
  TwoTowerSoftmax softmax;
};

Case Make(const std::vector<int64_t>& negatives, const std::vector<double>& correction) {
  Case c;
  c.queries = torch::tensor({{.6, .8, 0.}, {0., -.6, .8}});
  c.items = torch::tensor({{1., 0., 0.}, {0., 1., 0.}, {0., .6, .8}, {.8, 0., .6}, {-.6, .8, 0.}},
                          torch::kFloat64);
  c.queries = c.queries.to(torch::kFloat64);
  c.softmax.temperature = 0.5;
  c.softmax.target_rows = Indices({0, 0, 1});
  c.softmax.target_items = Indices({1, 4, 2});
  c.softmax.target_weights = torch::tensor({.7, .7, .4}, torch::kFloat64);
  const std::vector<std::set<int64_t>> hidden = {{0, 1, 4}, {2}};
  std::vector<int64_t> masked;
  const bool all = negatives.empty();
  const int64_t width = all ? 5 : std::ssize(negatives);
  for (int64_t row = 0; row < 2; ++row) {
    for (int64_t k = 0; k < width; ++k) {
      const int64_t item = all ? k : negatives[static_cast<size_t>(k)];
      if (hidden[static_cast<size_t>(row)].contains(item)) masked.push_back(row * width + k);
    }
  }
  c.softmax.masked = Indices(masked);
  if (!all) {
    c.softmax.negatives = Indices(negatives);
    c.softmax.correction = torch::tensor(correction, torch::kFloat64);
  }
  return c;
}

// Term by term, in double.
double Plain(const Case& c) {
  const auto score = [&](int64_t row, int64_t item) {
    return (c.queries[row] * c.items[item]).sum().item<double>() / c.softmax.temperature;
  };
  const std::vector<std::set<int64_t>> named = {{1, 4}, {2}};
  const std::vector<std::set<int64_t>> seen = {{0}, {}};
  const bool all = !c.softmax.negatives.defined();
  const int64_t width = all ? 5 : c.softmax.negatives.size(0);
  double loss = 0;
  for (int64_t row = 0; row < 2; ++row) {
    const auto& mine = named[static_cast<size_t>(row)];
    double sum = 0;
    for (const int64_t item : mine) sum += std::exp(score(row, item));
    for (int64_t k = 0; k < width; ++k) {
      const int64_t item = all ? k : c.softmax.negatives[k].item<int64_t>();
      if (mine.contains(item) || seen[static_cast<size_t>(row)].contains(item)) continue;
      const double correction = all ? 0 : c.softmax.correction[k].item<double>();
      sum += std::exp(score(row, item) + correction);
    }
    const double weight = row == 0 ? .7 : .4;
    for (const int64_t item : mine) loss += weight * (std::log(sum) - score(row, item));
  }
  return loss;
}

void ExpectGradients(const torch::Tensor& of, const torch::Tensor& exact, const Case& c) {
  torch::Tensor flat = of.view({-1});
  for (int64_t k = 0; k < flat.numel(); ++k) {
    constexpr double kStep = 1e-5;
    const double value = flat[k].item<double>();
    flat[k] = value + kStep;
    const double above = TwoTowerLoss(c.queries, c.items, c.softmax).loss;
    flat[k] = value - kStep;
    const double below = TwoTowerLoss(c.queries, c.items, c.softmax).loss;
    flat[k] = value;
    EXPECT_NEAR(exact.reshape({-1})[k].item<double>(), (above - below) / (2 * kStep), 1e-8) << k;
  }
}

TEST(TwoTowerLossTest, IsTheFormulaAndItsGradientTheDifference) {
  for (const Case& c : {Make({}, {}), Make({0, 2, 3}, {.3, -.2, 1.1}), Make({3}, {0.})}) {
    const TwoTowerLossResult got = TwoTowerLoss(c.queries, c.items, c.softmax);
    EXPECT_NEAR(got.loss, Plain(c), 1e-12);
    ExpectGradients(c.queries, got.queries, c);
    ExpectGradients(c.items, got.items, c);
  }
}

// Every item drawn as often as it is expected to be is the softmax over all.
TEST(TwoTowerLossTest, AllItemsAsNegativesAreAllItems) {
  const Case all = Make({}, {});
  const Case drawn = Make({0, 1, 2, 3, 4}, {0., 0., 0., 0., 0.});
  const TwoTowerLossResult a = TwoTowerLoss(all.queries, all.items, all.softmax);
  const TwoTowerLossResult b = TwoTowerLoss(drawn.queries, drawn.items, drawn.softmax);
  EXPECT_NEAR(a.loss, b.loss, 1e-12);
  EXPECT_TRUE(torch::allclose(a.items, b.items, 0, 1e-12));
}

// A row whose history and targets are all there is has nothing else to sum over.
TEST(TwoTowerLossTest, WithoutAnyNegativeTheTargetsStandAlone) {
  Case c = Make({0}, {0.});
  c.softmax.masked = Indices({0, 1});
  const TwoTowerLossResult got = TwoTowerLoss(c.queries, c.items, c.softmax);
  EXPECT_TRUE(std::isfinite(got.loss));
  EXPECT_TRUE(got.queries.isfinite().all().item<bool>());
  EXPECT_NEAR(got.queries[1].abs().max().item<double>(), 0, 1e-12);  // one target of one
}

// Small temperatures: exp(100) is no float.
TEST(TwoTowerLossTest, LargeScoresStayFinite) {
  Case c = Make({}, {});
  c.queries = c.queries.to(torch::kFloat32);
  c.items = c.items.to(torch::kFloat32);
  c.softmax.target_weights = c.softmax.target_weights.to(torch::kFloat32);
  c.softmax.temperature = 0.01;
  const TwoTowerLossResult got = TwoTowerLoss(c.queries, c.items, c.softmax);
  EXPECT_TRUE(std::isfinite(got.loss));
  EXPECT_TRUE(got.items.isfinite().all().item<bool>());
}

// Every parameter of every layer, and the input, against central differences in double.
TEST(TowerGradientTest, EveryLayer) {
  TowerModule module(4, 3, 2, 5, 7);
  module.to(torch::kFloat64);
  {
    const torch::NoGradGuard no_gradients;
    double at = 0;  // away from the zeros of a beginning
    for (torch::Tensor& parameter : module.parameters()) {
      torch::Tensor flat = parameter.view({-1});
      for (int64_t k = 0; k < flat.numel(); ++k) flat[k] += 0.4 * std::sin(at += 1);
    }
  }
  torch::Tensor x = torch::tensor({{.3, -.2, .9, .1}, {1., .4, -.6, .2}}, torch::kFloat64);
  x.requires_grad_(true);
  const torch::Tensor towards =
      torch::tensor({{.5, 1., -.3, .2}, {-.7, .1, .4, .9}}, torch::kFloat64);
  const auto value = [&] { return (module.forward(x) * towards).sum(); };
  std::vector<torch::Tensor> of = module.parameters();
  EXPECT_EQ(of.size(), 12U);
  of.push_back(x);
  const std::vector<torch::Tensor> gradients = torch::autograd::grad({value()}, of);
  const torch::NoGradGuard no_gradients;
  for (size_t p = 0; p < of.size(); ++p) {
    torch::Tensor flat = of[p].view({-1});
    for (int64_t k = 0; k < flat.numel(); ++k) {
      constexpr double kStep = 1e-5;
      const double was = flat[k].item<double>();
      flat[k] = was + kStep;
      const double above = value().item<double>();
      flat[k] = was - kStep;
      const double below = value().item<double>();
      flat[k] = was;
      EXPECT_NEAR(gradients[p].reshape({-1})[k].item<double>(), (above - below) / (2 * kStep), 1e-7)
          << p << " " << k;
    }
  }
}

}  // namespace
}  // namespace burgeon
