#include "cuda/rotate_tile.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/cuda/thread_team.h"

namespace burgeon::cuda {
namespace {

TEST(MultiplyTileTest, GivesEveryElementOfTheRowsThereAre) {
  for (const int width : {4, 12, 64}) {
    for (const int count : {1, 7, 9, kRotatedRows}) {
      std::vector<Four> tile_memory(static_cast<size_t>(RotateTileFloats(width) / kEdge));
      std::vector<Four> matrix_memory(static_cast<size_t>(width * width / kEdge));
      auto* const tile = reinterpret_cast<float*>(tile_memory.data());
      auto* const matrix = reinterpret_cast<float*>(matrix_memory.data());
      // Small integers: products and sums are exact.
      for (int i = 0; i < count; ++i) {
        for (int k = 0; k < width; ++k) {
          tile[i * ItemStride(width) + k] = static_cast<float>((i * 7 + k * 3) % 11 - 5);
        }
      }
      for (int e = 0; e < width * width; ++e) matrix[e] = static_cast<float>(e % 13 - 6);
      std::vector<float> got(static_cast<size_t>(count * width), -1e9F);
      RunTeam(3, [&](const ThreadTeam& team) {
        MultiplyTile(team, tile, matrix, width, count, [&](int i, int j, const Four& four) {
          for (int c = 0; c < kEdge; ++c) got[static_cast<size_t>(i * width + j + c)] = four.v[c];
        });
      });
      for (int i = 0; i < count; ++i) {
        for (int j = 0; j < width; ++j) {
          float sum = 0;
          for (int k = 0; k < width; ++k) {
            sum += tile[i * ItemStride(width) + k] * matrix[k * width + j];
          }
          ASSERT_EQ(got[static_cast<size_t>(i * width + j)], sum)
              << width << ": " << i << ", " << j;
        }
      }
    }
  }
}

TEST(SolveBidiagonalTest, UndoesTheProduct) {
  constexpr int kWidth = 8;
  alignas(16) float roots[kWidth] = {1, 0.5F, 2, 0.25F, 1, 4, 0, 0};  // six dimensions
  alignas(16) float beside[kWidth] = {1, -2, 0.5F, 3, -1, 0, 0, 0};
  const float x[kWidth] = {1, -2, 3, -4, 5, -6, 0, 0};
  alignas(16) float row[kWidth] = {};
  for (int k = 0; k < 6; ++k) {  // L'x: L(k, k) = 1 / roots[k], L(k + 1, k) = beside[k] roots[k]
    row[k] = x[k] / roots[k] + (k < 5 ? beside[k] * roots[k] * x[k + 1] : 0.0F);
  }
  SolveBidiagonal(roots, beside, kWidth, row);
  for (int k = 0; k < kWidth; ++k) EXPECT_FLOAT_EQ(row[k], x[k]) << k;
}

}  // namespace
}  // namespace burgeon::cuda
