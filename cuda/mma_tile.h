// Where the operands and results of tensor core products lie, in integers only: the tests walk all
// of it on the host. Names are those of the PTX ISA, "mma.m16n8k16" (bf16, sums in fp32) and
// "ldmatrix".
//
// A block multiplies kTileRows x kTileColumns at a time; a warp of it 64 x 64. Both operands lie in
// shared memory by rows of dimensions, in units of eight bf16 (16 bytes); a row is one unit longer
// than what it holds, an odd number, so that the eight rows that ldmatrix reads together lie in
// eight different groups of four banks.
#ifndef BURGEON_CUDA_MMA_TILE_H_
#define BURGEON_CUDA_MMA_TILE_H_

#include "cuda/host_device.h"

namespace burgeon::cuda {

inline constexpr int kTileRows = 256;
inline constexpr int kTileColumns = 128;
inline constexpr int kTileThreads = 256;
inline constexpr int kWarpRows = 64;
inline constexpr int kWarpColumns = 64;
inline constexpr int kRowBlocks = kWarpRows / 16;       // m16 of a warp
inline constexpr int kColumnBlocks = kWarpColumns / 8;  // n8 of a warp
inline constexpr int kUnitDims = 8;                     // bf16 in 16 bytes
inline constexpr int kStepDims = 16;                    // of one product
inline constexpr int kUnitBytes = 16;

// Units from one row to the next, for rows of `steps` products.
BURGEON_HOST_DEVICE constexpr int RowUnits(int steps) { return 2 * steps + 1; }

// First row and column of a warp's part of the tile.
BURGEON_HOST_DEVICE constexpr int WarpRow(int warp) { return warp / 2 * kWarpRows; }
BURGEON_HOST_DEVICE constexpr int WarpColumn(int warp) { return warp % 2 * kWarpColumns; }

// What `lane` hands to ldmatrix.x4: row and unit, counted from the first row of the block and the
// first unit of the step. For A the four matrices are the 16 x 16 block in the order of registers
// a0..a3; for B they are two n8 blocks, b0 and b1 of the first, then of the second.
BURGEON_HOST_DEVICE constexpr int LoadRowA(int lane) { return lane & 15; }
BURGEON_HOST_DEVICE constexpr int LoadUnitA(int lane) { return lane >> 4; }
BURGEON_HOST_DEVICE constexpr int LoadRowB(int lane) { return (lane & 7) + ((lane >> 4) << 3); }
BURGEON_HOST_DEVICE constexpr int LoadUnitB(int lane) { return lane >> 3 & 1; }

// Row and column, in its 16 x 8 block, of the sum in register c[i].
BURGEON_HOST_DEVICE constexpr int SumRow(int lane, int i) { return (lane >> 2) + (i / 2) * 8; }
BURGEON_HOST_DEVICE constexpr int SumColumn(int lane, int i) { return (lane & 3) * 2 + i % 2; }

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_MMA_TILE_H_
