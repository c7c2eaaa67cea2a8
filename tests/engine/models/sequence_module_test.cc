#include "engine/models/sequence_module.h"

#include <gtest/gtest.h>

#include <ATen/CPUGeneratorImpl.h>

#include "tests/support/sequence_shapes.h"

namespace burgeon {
namespace {

torch::Tensor Items(const std::vector<std::vector<int64_t>>& rows) {
  torch::Tensor out = torch::zeros({std::ssize(rows), std::ssize(rows.front())}, torch::kInt64);
  for (size_t r = 0; r < rows.size(); ++r) {
    for (size_t t = 0; t < rows[r].size(); ++t) {
      out[static_cast<int64_t>(r)][static_cast<int64_t>(t)] = rows[r][t];
    }
  }
  return out;
}

TEST(SequenceModuleTest, NothingLaterChangesWhatCameBefore) {
  SequenceModule module(kSmallSequenceShape, 3);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor one = module.forward(Items({{1, 2, 3, 0, 0}}), 0, {});
  const torch::Tensor other = module.forward(Items({{1, 2, 3, 5, 4}}), 0, {});
  EXPECT_TRUE(torch::equal(one.narrow(1, 0, 3), other.narrow(1, 0, 3)));
  EXPECT_FALSE(torch::equal(one.narrow(1, 3, 1), other.narrow(1, 3, 1)));
}

TEST(SequenceModuleTest, WhatAnEarlierItemIsChangesWhatComesLater) {
  SequenceModule module(kSmallSequenceShape, 3);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor one = module.forward(Items({{1, 2, 3}}), 0, {});
  const torch::Tensor other = module.forward(Items({{4, 2, 3}}), 0, {});
  EXPECT_GT((one - other).narrow(1, 2, 1).abs().max().item<double>(), 1e-6);
}

TEST(SequenceModuleTest, DropoutIsByTheGeneratorAlone) {
  SequenceModule module(kSmallSequenceShape, 3);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor items = Items({{1, 2, 3}, {3, 2, 1}});
  const auto with = [&](uint64_t seed) {
    return module.forward(items, 0.5, at::make_generator<at::CPUGeneratorImpl>(seed));
  };
  EXPECT_TRUE(torch::equal(with(1), with(1)));
  EXPECT_FALSE(torch::equal(with(1), with(2)));
  EXPECT_TRUE(torch::equal(module.forward(items, 0.5, {}), module.forward(items, 0, {})));
}

TEST(SequenceModuleTest, SameNumbersForASeed) {
  const SequenceModule a(kSmallSequenceShape, 3);
  const SequenceModule b(kSmallSequenceShape, 3);
  const SequenceModule c(kSmallSequenceShape, 4);
  EXPECT_TRUE(torch::equal(a.item_table(), b.item_table()));
  EXPECT_FALSE(torch::equal(a.item_table(), c.item_table()));
}

}  // namespace
}  // namespace burgeon
