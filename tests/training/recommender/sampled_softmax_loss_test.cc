// The loss and its gradients against those that LibTorch derives from the matrix of logits.
#include "training/recommender/sampled_softmax_loss.h"

#include <gtest/gtest.h>

#include <limits>

#include <torch/autograd.h>

namespace burgeon {
namespace {

class SampledSoftmaxLossTest : public testing::Test {
 protected:
  SampledSoftmaxLossTest() {
    torch::manual_seed(3);
    const auto leaf = [](int64_t rows) {
      return torch::randn({rows, 12}, torch::kFloat32).requires_grad_();
    };
    tensors_ = {.queries = leaf(9), .positives = leaf(9), .candidates = leaf(31)};
    tensors_.positive_ids = torch::arange(9, torch::kInt64);
    tensors_.candidate_ids = torch::arange(31, torch::kInt64);  // nine accidental hits
    tensors_.positive_log_q = torch::randn({9});
    tensors_.candidate_log_q = torch::randn({31});
    tensors_.weights = torch::rand({9});
  }

  torch::Tensor Reference() const {
    const SampledSoftmaxTensors& t = tensors_;
    const torch::Tensor positive =
        (t.queries * t.positives).sum(-1) / kTemperature - t.positive_log_q;
    const torch::Tensor logits =
        (t.queries.matmul(t.candidates.t()) / kTemperature - t.candidate_log_q)
            .masked_fill(t.candidate_ids.unsqueeze(0) == t.positive_ids.unsqueeze(1),
                         -std::numeric_limits<double>::infinity());
    const torch::Tensor all = torch::cat({positive.unsqueeze(1), logits}, 1);
    return ((all.logsumexp(1) - positive) * t.weights).sum();
  }

  static constexpr double kTemperature = 2;
  SampledSoftmaxTensors tensors_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(SampledSoftmaxLossTest, LossAndGradientsAreThoseOfTheLogits) {
  const SampledSoftmaxParams params{.temperature = static_cast<float>(kTemperature)};
  const torch::autograd::variable_list leaves = {tensors_.queries, tensors_.positives,
                                                 tensors_.candidates};
  const auto loss = SampledSoftmaxLoss(context_, tensors_, params);
  ASSERT_TRUE(loss.ok()) << loss.status();
  EXPECT_NEAR(loss->item<double>(), Reference().item<double>(), 1e-4);
  // Scaled, so that what comes from above counts.
  const auto got = torch::autograd::grad({*loss * 3}, leaves);
  const auto want = torch::autograd::grad({Reference() * 3}, leaves);
  for (size_t i = 0; i < leaves.size(); ++i) {
    EXPECT_LT((got[i] - want[i]).abs().max().item<double>(),
              1e-5 * (1 + want[i].abs().max().item<double>()))
        << i;
  }
}

TEST_F(SampledSoftmaxLossTest, RefusesOtherTensorsByName) {
  const auto message = [&](const SampledSoftmaxTensors& bad) {
    const auto loss = SampledSoftmaxLoss(context_, bad, {});
    EXPECT_EQ(loss.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(loss.status());
  };
  SampledSoftmaxTensors bad = tensors_;
  bad.queries = bad.queries.to(torch::kFloat64);
  EXPECT_EQ(message(bad),
            "sampled softmax: queries are a tensor of 2 dimensions of Double on cpu; wanted 2 of "
            "Float on cpu");
  bad = tensors_;
  bad.candidates = torch::Tensor();
  EXPECT_EQ(message(bad), "sampled softmax: there are no candidates");
  bad = tensors_;
  bad.positive_ids = bad.positive_ids - 1;
  EXPECT_EQ(message(bad),
            "sampled softmax: positive ids: value 0 is -1; wanted from 0 to 4294967295");
  bad = tensors_;
  bad.weights = torch::ones({8});
  EXPECT_EQ(message(bad), "sampled softmax: there are 8 weights; wanted 9");
}

}  // namespace
}  // namespace burgeon
