// A block of ScanTiles played on the host: shared memory, ldmatrix and mma as the PTX ISA describes
// them (figures of "mma.m16n8k16" and "ldmatrix"), with the index functions of the kernel.
#include "cuda/mma_tile.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace burgeon::cuda {
namespace {

// What ldmatrix.x4 gives: register r of a lane holds two values of matrix r, at row lane / 4 and
// columns 2 (lane % 4) and the next; row i of matrix r is the 8 values at the address of lane
// 8 r + i.
struct Loaded {
  int value[4][32][2];
};

// `Row` and `Unit` as the kernel hands them out; values are read from memory[row][8 unit + column].
template <class Row, class Unit, class Memory>
Loaded LoadMatrices(Row row, Unit unit, const Memory& memory) {
  Loaded loaded;
  for (int r = 0; r < 4; ++r) {
    for (int lane = 0; lane < 32; ++lane) {
      const int source = 8 * r + lane / 4;
      for (int i = 0; i < 2; ++i) {
        loaded.value[r][lane][i] =
            memory(row(source), unit(source) * kUnitDims + 2 * (lane % 4) + i);
      }
    }
  }
  return loaded;
}

// The matrices A (16 x 16) and B (16 x 8) that mma reads from registers. PTX ISA: a0,a1 at row
// lane / 4; a2,a3 eight rows below; a4.. the same, eight columns on; columns 2 (lane % 4) + i.
// b0,b1 at rows 2 (lane % 4) + i, b2,b3 eight rows below; column lane / 4.
TEST(MmaTileTest, RegistersOfAHoldTheBlock) {
  const auto memory = [](int row, int dim) { return row * 100 + dim; };
  const Loaded a = LoadMatrices(LoadRowA, LoadUnitA, memory);
  for (int lane = 0; lane < 32; ++lane) {
    for (int r = 0; r < 4; ++r) {
      for (int i = 0; i < 2; ++i) {
        const int row = lane / 4 + (r % 2) * 8;
        const int dim = 2 * (lane % 4) + i + (r / 2) * 8;
        EXPECT_EQ(a.value[r][lane][i], memory(row, dim)) << lane << " " << r << " " << i;
      }
    }
  }
}

TEST(MmaTileTest, RegistersOfBHoldTwoBlocks) {
  const auto memory = [](int row, int dim) { return row * 100 + dim; };
  const Loaded b = LoadMatrices(LoadRowB, LoadUnitB, memory);
  for (int lane = 0; lane < 32; ++lane) {
    for (int block = 0; block < 2; ++block) {
      for (int r = 0; r < 2; ++r) {
        for (int i = 0; i < 2; ++i) {
          const int dim = 2 * (lane % 4) + i + r * 8;
          const int column = block * 8 + lane / 4;  // a column of B is a row of the tile
          EXPECT_EQ(b.value[block * 2 + r][lane][i], memory(column, dim));
        }
      }
    }
  }
}

TEST(MmaTileTest, SumsOfABlockAreEachHeldOnce) {
  std::set<std::pair<int, int>> held;
  for (int warp = 0; warp < kTileThreads / 32; ++warp) {
    for (int m = 0; m < kRowBlocks; ++m) {
      for (int n = 0; n < kColumnBlocks; ++n) {
        for (int lane = 0; lane < 32; ++lane) {
          for (int i = 0; i < 4; ++i) {
            const int row = WarpRow(warp) + m * 16 + SumRow(lane, i);
            const int column = WarpColumn(warp) + n * 8 + SumColumn(lane, i);
            ASSERT_LT(row, kTileRows);
            ASSERT_LT(column, kTileColumns);
            EXPECT_TRUE(held.insert({row, column}).second) << row << " " << column;
          }
        }
      }
    }
  }
  EXPECT_EQ(held.size(), size_t{kTileRows} * kTileColumns);
}

// c0, c1 at row lane / 4, c2, c3 eight rows below; columns 2 (lane % 4) and the next (PTX ISA).
TEST(MmaTileTest, SumsLieAsTheProductLeavesThem) {
  for (int lane = 0; lane < 32; ++lane) {
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(SumRow(lane, i), lane / 4 + (i >= 2 ? 8 : 0));
      EXPECT_EQ(SumColumn(lane, i), 2 * (lane % 4) + (i & 1));
    }
  }
}

// The eight rows of each matrix of an ldmatrix lie in eight different groups of four banks.
TEST(MmaTileTest, NoBankConflicts) {
  for (const int steps : {4, 8}) {
    for (const auto& [row, unit] : {std::pair{&LoadRowA, &LoadUnitA}, {&LoadRowB, &LoadUnitB}}) {
      for (int matrix = 0; matrix < 4; ++matrix) {
        std::set<int> groups;
        for (int i = 0; i < 8; ++i) {
          const int lane = matrix * 8 + i;
          groups.insert((row(lane) * RowUnits(steps) + unit(lane)) % 8);
        }
        EXPECT_EQ(groups.size(), 8U);
      }
    }
  }
}

}  // namespace
}  // namespace burgeon::cuda
