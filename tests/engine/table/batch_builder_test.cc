#include "engine/table/batch_builder.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

TEST(BatchBuilderTest, FullByRowsGoodAndBad) {
  BatchBuilder batch(1, 2);
  EXPECT_TRUE(batch.empty());
  batch.column(0).Append("a");
  batch.EndRow(7, 1);
  EXPECT_FALSE(batch.full());
  batch.AddBadRow(8, "reason", "raw");
  EXPECT_TRUE(batch.full());
  const TextBatch taken = batch.Take(99);
  EXPECT_EQ(taken.rows(), 1);
  EXPECT_EQ(taken.lines[0], 7);
  EXPECT_EQ(taken.columns[0].value(0), "a");
  EXPECT_EQ(taken.bad_rows[0].line, 8);
  EXPECT_EQ(taken.bad_rows[0].raw, "raw");
  EXPECT_EQ(taken.source_bytes, 99);
  EXPECT_TRUE(batch.empty());
  EXPECT_FALSE(batch.full());
  EXPECT_EQ(batch.Take(0).columns.size(), 1U);
}

TEST(BatchBuilderTest, FullByBytesGoodAndBad) {
  BatchBuilder batch(1, 1000, 10);
  batch.column(0).Append("123456");
  batch.EndRow(1, 6);
  EXPECT_FALSE(batch.full());
  batch.AddBadRow(2, "", "1234");
  EXPECT_TRUE(batch.full());
}

TEST(BatchBuilderTest, OfABadRowOnlySoMuchIsKept) {
  BatchBuilder batch(1, 1000);
  batch.AddBadRow(1, "", std::string(3 << 20, 'x'));
  EXPECT_EQ(static_cast<int64_t>(batch.Take(0).bad_rows[0].raw.size()), limits::kMaxFieldBytes);
}

}  // namespace
}  // namespace burgeon
