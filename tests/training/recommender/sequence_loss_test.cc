#include "training/recommender/sequence_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include <torch/autograd.h>

#include "tests/support/sequence_shapes.h"

namespace burgeon {
namespace {

// Cosines by hand: the query (3, 4) / 5 with (1, 0), (0, 2), (-1, 0) are .6, .8, -.6.
class SequenceLossTest : public testing::Test {
 protected:
  const torch::Tensor hidden_ = torch::tensor({{3.0, 4.0}});
  const torch::Tensor table_ = torch::tensor({{1.0, 0.0}, {0.0, 2.0}, {-1.0, 0.0}});
  const torch::Tensor target_ = torch::tensor({1}, torch::kInt64);
};

TEST_F(SequenceLossTest, OverAllItems) {
  const double t = 0.5;
  const double sum = std::exp(0.6 / t) + std::exp(0.8 / t) + std::exp(-0.6 / t);
  EXPECT_NEAR(SequenceLoss(hidden_, target_, table_, t, {}).item<double>(),
              -std::log(std::exp(0.8 / t) / sum), 1e-6);
}

TEST_F(SequenceLossTest, OverTheTargetAndNegativesThatAreNotIt) {
  const double t = 0.5;
  // Item 0 twice, and the target itself, which does not count.
  const torch::Tensor negatives = torch::tensor({0, 1, 0}, torch::kInt64);
  const double sum = std::exp(0.8 / t) + 2 * std::exp(0.6 / t);
  EXPECT_NEAR(SequenceLoss(hidden_, target_, table_, t, negatives).item<double>(),
              -std::log(std::exp(0.8 / t) / sum), 1e-6);
}

TEST_F(SequenceLossTest, IsASumOverPositions) {
  const torch::Tensor two = torch::cat({hidden_, hidden_});
  const torch::Tensor targets = torch::tensor({1, 1}, torch::kInt64);
  EXPECT_NEAR(SequenceLoss(two, targets, table_, 0.5, {}).item<double>(),
              2 * SequenceLoss(hidden_, target_, table_, 0.5, {}).item<double>(), 1e-6);
}

// Every parameter of every layer, against central differences in double.
TEST(SequenceGradientTest, EveryLayerAndBothLosses) {
  SequenceModule module(kSmallSequenceShape, 3);
  module.to(torch::kFloat64);
  {
    // Tables of .02 would leave the norms nearly singular: take larger ones.
    const torch::NoGradGuard no_gradients;
    for (torch::Tensor& parameter : module.parameters())
      parameter.mul_(parameter.dim() > 1 ? 2 : 1);
    module.named_parameters()["items"].mul_(20);
    module.named_parameters()["positions"].mul_(20);
  }
  const torch::Tensor items = torch::tensor({1, 2, 3, 5, 0, 1}, torch::kInt64).view({2, 3});
  const torch::Tensor targets = torch::tensor({2, 3, 4, 0, 1, 5}, torch::kInt64);
  for (const torch::Tensor& negatives :
       {torch::Tensor(), torch::tensor({0, 2, 5, 2}, torch::kInt64)}) {
    const auto loss = [&] {
      return SequenceLoss(module.forward(items, 0, {}).flatten(0, 1), targets, module.item_table(),
                          0.5, negatives);
    };
    const std::vector<torch::Tensor> parameters = module.parameters();
    const std::vector<torch::Tensor> gradients =
        torch::autograd::grad({loss()}, parameters, {}, {}, false, /*allow_unused=*/true);
    const torch::NoGradGuard no_gradients;
    for (size_t p = 0; p < parameters.size(); ++p) {
      torch::Tensor flat = parameters[p].view({-1});
      for (int64_t k = 0; k < flat.numel(); ++k) {
        constexpr double kStep = 1e-5;
        const double value = flat[k].item<double>();
        flat[k] = value + kStep;
        const double above = loss().item<double>();
        flat[k] = value - kStep;
        const double below = loss().item<double>();
        flat[k] = value;
        const double numeric = (above - below) / (2 * kStep);
        const double exact = gradients[p].defined() ? gradients[p].view({-1})[k].item<double>() : 0;
        EXPECT_NEAR(exact, numeric, 1e-6 * std::max(1.0, std::abs(numeric)))
            << module.named_parameters()[p].key() << " " << k;
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
