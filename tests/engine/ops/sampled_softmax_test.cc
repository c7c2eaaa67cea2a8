#include "engine/ops/sampled_softmax.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/ops/sampled_softmax_cpu.h"
#include "tests/support/sampled_softmax_cases.h"

namespace burgeon {
namespace {

class SampledSoftmaxTest : public testing::Test {
 protected:
  absl::Status Run(const SampledSoftmaxCase& c, SampledSoftmaxResult& result) {
    return SampledSoftmax(context_, c.input(), {.temperature = c.temperature}, result.output());
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(SampledSoftmaxTest, MatchesTheReference) {
  for (const SampledSoftmaxCase& c : SampledSoftmaxCases()) {
    ExpectSampledSoftmaxMatchesReference(context_, c, SoftmaxErrorOfCpu(c));
  }
}

// The reference's gradients against differences of its losses: the formulas are those of the loss.
TEST_F(SampledSoftmaxTest, GradientsAreThoseOfTheLoss) {
  SampledSoftmaxCase c = SampledSoftmaxCaseNamed("ids and corrections");
  const SampledSoftmaxReference at = ReferenceSampledSoftmax(c);
  const auto loss = [&] {
    const SampledSoftmaxReference r = ReferenceSampledSoftmax(c);
    double sum = 0;
    for (size_t i = 0; i < r.losses.size(); ++i) {
      sum += static_cast<double>(c.weights[i]) * r.losses[i];
    }
    return sum;
  };
  const auto expect_slope = [&](float& x, double slope) {
    const float middle = x;
    constexpr float kStep = 0x1p-10F;
    x = middle + kStep;
    const double after = x;
    const double above = loss();
    x = middle - kStep;
    const double below = loss();
    const double width = after - static_cast<double>(x);
    x = middle;
    EXPECT_NEAR((above - below) / width, slope, 1e-4 * (1 + std::abs(slope)));
  };
  for (const auto& [i, k] : {std::pair{1, 0}, {8, 17}, {69, 99}}) {
    expect_slope(c.queries.at(i, k), at.queries.at(i, k));
    expect_slope(c.positives.at(i, k), at.positives.at(i, k));
    expect_slope(c.candidates.at(i, k), at.candidates.at(i, k));
  }
}

TEST_F(SampledSoftmaxTest, TheSameBitsForAnyThreads) {
  for (const char* name : {"past a tile", "ids and corrections"}) {
    const SampledSoftmaxCase c = SampledSoftmaxCaseNamed(name);
    SampledSoftmaxResult two(c);
    ASSERT_TRUE(Run(c, two).ok());
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      ExecutionContext context(&pool);
      SampledSoftmaxResult other(c);
      ASSERT_TRUE(
          SampledSoftmax(context, c.input(), {.temperature = c.temperature}, other.output()).ok());
      EXPECT_EQ(two.losses, other.losses) << name;
      EXPECT_EQ(two.queries.values(), other.queries.values()) << name;
      EXPECT_EQ(two.positives.values(), other.positives.values()) << name;
      EXPECT_EQ(two.candidates.values(), other.candidates.values()) << name;
    }
  }
}

TEST_F(SampledSoftmaxTest, LossesAloneAreTheSame) {
  const SampledSoftmaxCase c = SampledSoftmaxCaseNamed("past a tile");
  SampledSoftmaxResult all(c);
  ASSERT_TRUE(Run(c, all).ok());
  std::vector<float> losses(all.losses.size());
  ASSERT_TRUE(
      SampledSoftmax(context_, c.input(), {.temperature = c.temperature}, {.losses = losses}).ok());
  EXPECT_EQ(losses, all.losses);
}

TEST_F(SampledSoftmaxTest, WithNothingButAccidentalHitsThereIsNothingToLearn) {
  const SampledSoftmaxCase c = SampledSoftmaxCaseNamed("nothing but accidental hits");
  SampledSoftmaxResult result(c);
  ASSERT_TRUE(Run(c, result).ok());
  for (const float loss : result.losses) EXPECT_EQ(loss, 0.0F);
  for (const float x : result.queries.values()) EXPECT_EQ(x, 0.0F);
  for (const float x : result.candidates.values()) EXPECT_EQ(x, 0.0F);
}

TEST_F(SampledSoftmaxTest, RefusesWhatItCannotCompute) {
  const SampledSoftmaxCase good = SampledSoftmaxCaseNamed("ids and corrections");
  const auto message = [&](const SampledSoftmaxCase& bad) {
    SampledSoftmaxResult result(good);
    const absl::Status status = Run(bad, result);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(status);
  };
  SampledSoftmaxCase bad = good;
  bad.temperature = 0;
  EXPECT_EQ(message(bad), "sampled softmax: temperature 0 is not a positive number");
  bad = good;
  bad.positives = FloatMatrix(70, 99);
  EXPECT_EQ(message(bad), "sampled softmax: positives are 70 x 99; wanted 70 x 100");
  bad = good;
  bad.candidates.at(3, 1) = std::numeric_limits<float>::infinity();
  EXPECT_EQ(message(bad), "sampled softmax: row 3 of candidates holds a value that is not finite");
  bad = good;
  bad.candidate_ids.pop_back();
  EXPECT_EQ(message(bad), "sampled softmax: there are 189 candidate ids; wanted 190");
  bad = good;
  bad.positive_ids.clear();
  EXPECT_EQ(message(bad), "sampled softmax: there are 0 positive ids; wanted 70");
  bad = good;
  bad.candidate_log_q[5] = -std::numeric_limits<float>::infinity();
  EXPECT_EQ(message(bad),
            "sampled softmax: log q of candidates: value 5 is -inf; wanted a finite number");
  bad = good;
  bad.weights[1] = -1;
  EXPECT_EQ(message(bad),
            "sampled softmax: weights: value 1 is -1; wanted zero or a positive number");
  bad = good;
  for (float& x : bad.queries.row(2)) x = 3e38F;
  EXPECT_EQ(message(bad), "sampled softmax: logits of row 2 are beyond the range of fp32");
  SampledSoftmaxResult result(good);
  SampledSoftmaxOutput output = result.output();
  output.candidate_gradient = {};
  const absl::Status status = SampledSoftmax(context_, good.input(), {}, output);
  EXPECT_EQ(MessageOf(status),
            "sampled softmax: gradients must have the shapes of queries, positives and "
            "candidates, or all be left out");
}

}  // namespace
}  // namespace burgeon
