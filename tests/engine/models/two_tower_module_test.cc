#include "engine/models/two_tower_module.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(TowerModuleTest, BeginsAsItsInputAtLengthOne) {
  TowerModule plain(4, 3, 0, 1, 1);
  TowerModule deep(4, 3, 3, 1, 1);
  const torch::NoGradGuard no_gradients;
  const torch::Tensor x = torch::tensor({{3.F, 0.F, 4.F, 0.F}, {1.F, 1.F, 1.F, 1.F}});
  const torch::Tensor want = torch::tensor({{.6F, 0.F, .8F, 0.F}, {.5F, .5F, .5F, .5F}});
  EXPECT_TRUE(torch::allclose(plain.forward(x), want, 0, 1e-6));
  EXPECT_TRUE(torch::allclose(deep.forward(x), want, 0, 1e-6));
  EXPECT_TRUE(plain.parameters().empty());
  EXPECT_EQ(deep.Export().size(), 3U);
}

TEST(TowerModuleTest, SameNumbersForASeed) {
  const TowerModule a(4, 3, 1, 1, 1);
  const TowerModule b(4, 3, 1, 1, 1);
  const TowerModule other(4, 3, 1, 2, 1);
  EXPECT_EQ(a.Export()[0].up.values(), b.Export()[0].up.values());
  EXPECT_NE(a.Export()[0].up.values(), other.Export()[0].up.values());
}

}  // namespace
}  // namespace burgeon
