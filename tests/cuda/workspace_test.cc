#include "cuda/workspace.h"

#include <gtest/gtest.h>

#include "engine/base/philox.h"
#include "tests/support/cuda_device.h"

namespace burgeon::cuda {
namespace {

TEST(ArenaCursorTest, PiecesAreAlignedAndDoNotOverlap) {
  const Philox random(4, 0);
  const std::vector<int64_t> chunks = {1024, 256, 8192, 512};
  for (uint64_t round = 0; round < 200; ++round) {
    ArenaCursor cursor;
    std::vector<int64_t> ends(chunks.size(), 0);  // of the last piece in each chunk
    for (uint64_t k = 0; k < 12; ++k) {
      const auto bytes = static_cast<int64_t>(random.Below(round * 100 + k, 1500));
      const auto place = PlaceInArena(chunks, bytes, &cursor);
      if (!place) {
        EXPECT_EQ(cursor.chunk, 4);
        break;
      }
      const auto chunk = static_cast<size_t>(place->chunk);
      ASSERT_LT(chunk, chunks.size());
      EXPECT_EQ(place->used % ArenaCursor::kAlignment, 0);
      EXPECT_GE(place->used, ends[chunk]);
      EXPECT_LE(place->used + bytes, chunks[chunk]);
      ends[chunk] = place->used + bytes;
    }
  }
}

TEST(ArenaCursorTest, ByHand) {
  const std::vector<int64_t> chunks = {512, 1024};
  ArenaCursor cursor;
  EXPECT_EQ(PlaceInArena(chunks, 1, &cursor), (ArenaCursor{0, 0}));
  EXPECT_EQ(PlaceInArena(chunks, 256, &cursor), (ArenaCursor{0, 256}));
  EXPECT_EQ(PlaceInArena(chunks, 0, &cursor), (ArenaCursor{0, 512}));
  EXPECT_EQ(PlaceInArena(chunks, 513, &cursor), (ArenaCursor{1, 0}));
  EXPECT_EQ(PlaceInArena(chunks, 256, &cursor), (ArenaCursor{1, 768}));
  EXPECT_EQ(PlaceInArena(chunks, 1, &cursor), std::nullopt);
}

class WorkspaceCudaTest : public CudaDeviceTest {};

TEST_F(WorkspaceCudaTest, KeepsItsMemoryBetweenScopes) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Workspace workspace(*stream);
  float* first = nullptr;
  for (int round = 0; round < 3; ++round) {
    const Workspace::Scope scope(workspace);
    const auto a = workspace.Take<float>(1000);
    const auto b = workspace.Take<double>(3);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_GE(reinterpret_cast<char*>(*b), reinterpret_cast<char*>(*a + 1000));
    if (round == 0) first = *a;
    EXPECT_EQ(*a, first);
    {
      const Workspace::Scope inner(workspace);
      ASSERT_TRUE(workspace.Take<float>(100).ok());
    }
  }
  EXPECT_EQ(stream->memory().allocations(), 1);
  EXPECT_EQ(stream->memory().live_bytes(), workspace.held_bytes());
  workspace.Release();
  EXPECT_EQ(stream->memory().live_bytes(), 0);
}

// Two chunks become one that holds both: the next scope allocates once, the one after it not.
TEST_F(WorkspaceCudaTest, ChunksThatWereTooSmallAreMadeOne) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Workspace workspace(*stream);
  for (int round = 0; round < 3; ++round) {
    const Workspace::Scope scope(workspace);
    ASSERT_TRUE(workspace.Take<char>(1 << 20).ok());
    ASSERT_TRUE(workspace.Take<char>(5 << 20).ok());
  }
  EXPECT_EQ(stream->memory().allocations(), 3);
}

TEST_F(WorkspaceCudaTest, ARefusedAllocationIsAStatus) {
  const auto stream = Stream::Create(device_.ordinal);
  ASSERT_TRUE(stream.ok()) << stream.status();
  Workspace workspace(*stream);
  stream->memory().SetLimit(4 << 20);
  const Workspace::Scope scope(workspace);
  EXPECT_TRUE(workspace.Take<char>(1 << 20).ok());
  EXPECT_EQ(workspace.Take<char>(4 << 20).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(workspace.Take<char>(2 << 20).ok());
}

}  // namespace
}  // namespace burgeon::cuda
