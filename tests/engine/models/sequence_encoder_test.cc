#include "engine/models/sequence_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/models/sequence_module.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

constexpr SequenceShape kShape = {.items = 40, .dim = 12, .length = 6, .blocks = 2, .heads = 3};

ItemSequences Sequences(const std::vector<std::vector<uint32_t>>& rows) {
  ItemSequences out;
  for (const auto& row : rows) {
    out.items.insert(out.items.end(), row.begin(), row.end());
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

class SequenceEncoderTest : public testing::Test {
 protected:
  SequenceEncoderTest() : module_(kShape, 7) {
    const torch::NoGradGuard no_gradients;
    // Away from the small numbers of a beginning.
    for (torch::Tensor& parameter : module_.parameters()) parameter.mul_(2).add_(0.05);
    encoder_ = module_.Export();
  }
  // What the module says of the last position, at length 1.
  std::vector<float> ByModule(std::vector<uint32_t> items) {
    if (items.size() > static_cast<size_t>(kShape.length)) {
      items.erase(items.begin(), items.end() - kShape.length);
    }
    const torch::NoGradGuard no_gradients;
    torch::Tensor input = torch::zeros({1, std::ssize(items)}, torch::kInt64);
    for (size_t t = 0; t < items.size(); ++t) {
      input[0][static_cast<int64_t>(t)] = static_cast<int64_t>(items[t]);
    }
    torch::Tensor last = module_.forward(input, 0, {})[0][std::ssize(items) - 1];
    last = (last / last.norm()).contiguous();
    return {last.data_ptr<float>(), last.data_ptr<float>() + last.numel()};
  }
  SequenceModule module_;
  SequenceEncoder encoder_;
  ThreadPool pool_{2};
};

TEST_F(SequenceEncoderTest, SaysWhatTheModuleSays) {
  const std::vector<std::vector<uint32_t>> rows = {
      {3}, {0, 39}, {5, 5, 5}, {1, 2, 3, 4, 5, 6}, {9, 8, 7, 6, 5, 4, 3, 2, 1}};
  const ItemSequences sequences = Sequences(rows);
  const auto got = EncodeSequences(pool_, encoder_, sequences.view());
  ASSERT_TRUE(got.ok()) << got.status();
  for (size_t u = 0; u < rows.size(); ++u) {
    const std::vector<float> want = ByModule(rows[u]);
    for (int64_t k = 0; k < kShape.dim; ++k) {
      EXPECT_NEAR(got->at(static_cast<int64_t>(u), k), want[static_cast<size_t>(k)], 2e-5)
          << u << " " << k;
    }
  }
}

TEST_F(SequenceEncoderTest, ARowHasTheSameBitsAloneAndAmongOthers) {
  std::vector<std::vector<uint32_t>> rows;
  for (uint32_t u = 0; u < 200; ++u) {
    rows.emplace_back();
    for (uint32_t t = 0; t <= u % 9; ++t) rows.back().push_back((u * 7 + t * 11) % 40);
  }
  const auto all = EncodeSequences(pool_, encoder_, Sequences(rows).view());
  ASSERT_TRUE(all.ok()) << all.status();
  ThreadPool one(1);
  for (const size_t u : {0, 64, 199}) {
    const auto alone = EncodeSequences(one, encoder_, Sequences({rows[u]}).view());
    ASSERT_TRUE(alone.ok()) << alone.status();
    EXPECT_TRUE(std::ranges::equal(alone->row(0), all->row(static_cast<int64_t>(u)))) << u;
  }
}

TEST_F(SequenceEncoderTest, WithoutItemsThereAreZeros) {
  const auto got = EncodeSequences(pool_, encoder_, Sequences({{}, {1}}).view());
  ASSERT_TRUE(got.ok()) << got.status();
  for (const float x : got->row(0)) EXPECT_EQ(x, 0);
  double square = 0;
  for (const float x : got->row(1)) square += static_cast<double>(x) * static_cast<double>(x);
  EXPECT_NEAR(square, 1, 1e-6);
}

TEST_F(SequenceEncoderTest, AnUnknownItemIsRefused) {
  EXPECT_EQ(MessageOf(EncodeSequences(pool_, encoder_, Sequences({{40}}).view()).status()),
            "sequence: item row 40 is not below the 40 items of the model");
}

TEST_F(SequenceEncoderTest, WrittenAndReadItIsTheSame) {
  TensorFile file;
  AddSequenceTensors(encoder_, &file);
  const auto read = ReadSequenceTensors(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->heads, 3);
  const ItemSequences some = Sequences({{1, 2, 3, 4, 5, 6, 7}, {8}});
  EXPECT_EQ(EncodeSequences(pool_, *read, some.view())->values(),
            EncodeSequences(pool_, encoder_, some.view())->values());
}

TEST_F(SequenceEncoderTest, WhatDoesNotFitIsDamaged) {
  SequenceEncoder wrong = encoder_;
  wrong.blocks[1].feed_down.bias.pop_back();
  TensorFile file;
  AddSequenceTensors(wrong, &file);
  EXPECT_THAT(MessageOf(ReadSequenceTensors(file).status()),
              HasSubstr("tensors do not fit the 12 dimensions"));
  wrong = encoder_;
  wrong.last_norm.gain[3] = NAN;
  TensorFile other;
  AddSequenceTensors(wrong, &other);
  EXPECT_THAT(MessageOf(ReadSequenceTensors(other).status()),
              HasSubstr("last_norm.gain is not finite"));
  EXPECT_EQ(ReadSequenceTensors(TensorFile()).status().code(), absl::StatusCode::kDataLoss);
  wrong = encoder_;
  wrong.heads = 5;
  TensorFile heads;
  AddSequenceTensors(wrong, &heads);
  EXPECT_EQ(ReadSequenceTensors(heads).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
