#include "engine/models/two_tower_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "engine/models/two_tower_module.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kItems = 20;
constexpr int64_t kDim = 8;

FloatMatrix Normal(int64_t rows, int64_t cols, uint64_t stream) {
  const Philox random(9, stream);
  FloatMatrix out(rows, cols);
  for (size_t k = 0; k < out.values().size(); ++k) {
    out.values()[k] = static_cast<float>(random.Normal(k));
  }
  return out;
}

// Away from the zeros of a beginning.
void Stir(TowerModule* module) {
  const torch::NoGradGuard no_gradients;
  float at = 0;
  for (torch::Tensor& parameter : module->parameters()) {
    auto* values = parameter.data_ptr<float>();
    for (int64_t k = 0; k < parameter.numel(); ++k) values[k] += 0.3F * std::sin(at += 1);
  }
}

class TwoTowerEncoderTest : public testing::Test {
 protected:
  TwoTowerEncoderTest() : customer_(kDim, 5, 2, 1, 1), item_(kDim, 5, 1, 1, 2) {
    Stir(&customer_);
    Stir(&item_);
    encoder_.temperature = 0.25;
    encoder_.history_items = Normal(kItems, kDim, 3);
    encoder_.history_features = Normal(4, kDim, 4);
    encoder_.item_features = Normal(4, kDim, 5);
    encoder_.customer_blocks = customer_.Export();
    encoder_.item_blocks = item_.Export();
  }
  // Three customers: two items, none, one.
  CsrMatrix Weights() const {
    return {
        .offsets = {0, 2, 2, 3}, .columns = {3, 17, 5}, .values = {1, 2.5F, .5F}, .cols = kItems};
  }
  static torch::Tensor ByModule(TowerModule& module, const std::vector<float>& x) {
    const torch::NoGradGuard no_gradients;
    return module.forward(torch::tensor(x).view({1, kDim}))[0];
  }
  TowerModule customer_;
  TowerModule item_;
  TwoTowerEncoder encoder_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(TwoTowerEncoderTest, SaysWhatTheModuleSays) {
  const CsrMatrix weights = Weights();
  const FloatMatrix got = EncodeCustomers(context_, encoder_, weights.view());
  std::vector<float> bag(kDim);
  for (size_t k = 0; k < bag.size(); ++k) {
    const auto column = static_cast<int64_t>(k);
    bag[k] = encoder_.history_items.at(3, column) + 2.5F * encoder_.history_items.at(17, column);
  }
  const torch::Tensor want = ByModule(customer_, bag);
  const FloatMatrix items = EncodeItems(pool_, encoder_, encoder_.history_items.view());
  const auto row = encoder_.history_items.row(11);
  const torch::Tensor item = ByModule(item_, {row.begin(), row.end()});
  for (int64_t k = 0; k < kDim; ++k) {
    EXPECT_NEAR(got.at(0, k), want[k].item<float>(), 2e-6) << k;
    EXPECT_NEAR(items.at(11, k), item[k].item<float>() / 0.25F, 8e-6) << k;
  }
}

TEST_F(TwoTowerEncoderTest, WithoutBlocksItIsTheSumAtLengthOne) {
  encoder_.customer_blocks.clear();
  const CsrMatrix weights = Weights();
  const FloatMatrix got = EncodeCustomers(context_, encoder_, weights.view());
  double square = 0;
  for (const float x : encoder_.history_items.row(5)) {
    square += static_cast<double>(x) * static_cast<double>(x);
  }
  for (int64_t k = 0; k < kDim; ++k) {
    EXPECT_NEAR(got.at(2, k), encoder_.history_items.at(5, k) / std::sqrt(square), 1e-6) << k;
  }
}

TEST_F(TwoTowerEncoderTest, NothingIsZero) {
  const CsrMatrix weights = Weights();
  const FloatMatrix got = EncodeCustomers(context_, encoder_, weights.view());
  for (const float x : got.row(1)) EXPECT_EQ(x, 0);
  const FloatMatrix zeros(1, kDim);
  const FloatMatrix items = EncodeItems(pool_, encoder_, zeros.view());
  for (const float x : items.row(0)) EXPECT_EQ(x, 0);
}

TEST_F(TwoTowerEncoderTest, ARowHasTheSameBitsAloneAndAmongOthers) {
  CsrMatrix many;
  many.cols = kItems;
  for (uint32_t u = 0; u < 300; ++u) {
    for (uint32_t k = u % 3; k < kItems; k += 1 + u % 5) many.columns.push_back(k);
    many.offsets.push_back(std::ssize(many.columns));
  }
  const FloatMatrix all = EncodeCustomers(context_, encoder_, many.view());
  ThreadPool one(1);
  ExecutionContext alone(&one);
  for (const int64_t u : {0, 64, 299}) {
    CsrMatrix single;
    single.cols = kItems;
    const auto row = many.view().row_columns(u);
    single.columns.assign(row.begin(), row.end());
    single.offsets = {0, std::ssize(row)};
    const FloatMatrix got = EncodeCustomers(alone, encoder_, single.view());
    EXPECT_TRUE(std::ranges::equal(got.row(0), all.row(u))) << u;
  }
}

TEST_F(TwoTowerEncoderTest, WrittenAndReadItIsTheSame) {
  const CsrMatrix weights = Weights();
  for (const bool features : {true, false}) {
    if (!features) {
      encoder_.history_features = FloatMatrix(0, kDim);
      encoder_.item_features = FloatMatrix(0, kDim);
    }
    TensorFile file;
    AddTwoTowerTensors(encoder_, &file);
    const auto parsed = ParseTensors(SerializeTensors(file), "file");
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const auto read = ReadTwoTowerTensors(*parsed);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(EncodeCustomers(context_, *read, weights.view()).values(),
              EncodeCustomers(context_, encoder_, weights.view()).values());
    EXPECT_EQ(EncodeItems(pool_, *read, encoder_.history_items.view()).values(),
              EncodeItems(pool_, encoder_, encoder_.history_items.view()).values());
    EXPECT_EQ(read->features(), features ? 4 : 0);
  }
}

TEST_F(TwoTowerEncoderTest, WhatDoesNotFitIsDamaged) {
  const auto message = [](const TwoTowerEncoder& encoder) {
    TensorFile file;
    AddTwoTowerTensors(encoder, &file);
    const auto read = ReadTwoTowerTensors(file);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(read.status());
  };
  TwoTowerEncoder wrong = encoder_;
  wrong.customer_blocks[1].down_bias.pop_back();
  EXPECT_THAT(message(wrong), HasSubstr("tensors do not fit the 8 dimensions"));
  wrong = encoder_;
  wrong.item_features = FloatMatrix(3, kDim);
  EXPECT_THAT(message(wrong), HasSubstr("tensors do not fit"));
  wrong = encoder_;
  wrong.item_blocks[0].up.at(1, 1) = NAN;
  EXPECT_THAT(message(wrong), HasSubstr("item0.up is not finite"));
  wrong = encoder_;
  wrong.temperature = 0;
  EXPECT_THAT(message(wrong), HasSubstr("temperature is not one positive number"));
  wrong = encoder_;
  wrong.item_blocks.resize(17);
  EXPECT_THAT(message(wrong), HasSubstr("two numbers from 0 to 16"));
}

}  // namespace
}  // namespace burgeon
