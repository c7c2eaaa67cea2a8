#include "engine/models/perceptron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace burgeon {
namespace {

using ::testing::HasSubstr;

// Two inputs, two hidden units, one output.
Perceptron Network() {
  Perceptron network;
  network.weight = {FloatMatrix(2, 2, {1, -2, 3, 0.5F}), FloatMatrix(1, 2, {2, -1})};
  network.bias = {{0.5F, -1}, {0.25F}};
  return network;
}

TEST(PerceptronTest, ByHand) {
  // Hidden: 1 * 2 - 2 * 1 + 0.5 = 0.5 and 3 * 2 + 0.5 * 1 - 1 = 5.5.
  EXPECT_EQ(PerceptronOutput(Network(), std::vector<float>{2, 1}), 2 * 0.5 - 5.5 + 0.25);
  // The first unit is below 0 and says nothing; the output is not cut.
  EXPECT_EQ(PerceptronOutput(Network(), std::vector<float>{0, 4}), -1 + 0.25);
}

TEST(PerceptronTest, TensorsReadBackAndDamageIsNamed) {
  TensorFile file;
  AddPerceptronTensors(Network(), "net", &file);
  const auto read = ReadPerceptronTensors(file, "net", 2, 2);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->weight[0].values(), Network().weight[0].values());
  EXPECT_EQ(read->bias, Network().bias);
  const auto message = [](const Perceptron& network, int64_t layers, int64_t inputs) {
    TensorFile damaged;
    AddPerceptronTensors(network, "net", &damaged);
    const auto result = ReadPerceptronTensors(damaged, "net", layers, inputs);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(result.status());
  };
  EXPECT_THAT(message(Network(), 2, 3), HasSubstr("net.layer0.weight: 2 x 2; wanted any x 3"));
  EXPECT_THAT(message(Network(), 1, 2), HasSubstr("net.layer0.weight: 2 x 2; wanted 1 x 2"));
  EXPECT_THAT(message(Network(), 3, 2), HasSubstr("net.layer2.weight"));
  Perceptron bad = Network();
  bad.bias[1].push_back(1);
  EXPECT_THAT(message(bad, 2, 2), HasSubstr("net.layer1.bias: 2 values; wanted 1"));
  bad = Network();
  bad.weight[1].at(0, 1) = std::numeric_limits<float>::infinity();
  EXPECT_THAT(message(bad, 2, 2), HasSubstr("net.layer1.weight[1]: is not a finite number"));
}

}  // namespace
}  // namespace burgeon
