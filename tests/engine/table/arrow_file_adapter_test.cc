#include "engine/table/arrow_file_adapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/memory_pool.h>
#include <arrow/result.h>
#include <arrow/status.h>
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ArrowInputTest, ReadsThroughTheStorage) {
  MemoryFileSystem files;
  files.contents["f"] = "0123456789";
  const auto input = ArrowInput::Open(files, "f");
  ASSERT_EQ(input.status(), absl::OkStatus());
  arrow::io::RandomAccessFile& stream = *(*input)->stream();
  EXPECT_EQ(*stream.GetSize(), 10);
  EXPECT_EQ((*stream.ReadAt(3, 4))->ToString(), "3456");
  ASSERT_TRUE(stream.Seek(8).ok());
  EXPECT_EQ((*stream.Read(1))->ToString(), "8");
  EXPECT_EQ(*stream.Tell(), 9);
}

TEST(ArrowInputTest, ReadsPastTheEndAreShortAndAllocateNothingMore) {
  MemoryFileSystem files;
  files.contents["f"] = "0123456789";
  const auto input = ArrowInput::Open(files, "f");
  arrow::io::RandomAccessFile& stream = *(*input)->stream();
  EXPECT_EQ((*stream.ReadAt(8, int64_t{1} << 60))->ToString(), "89");
  EXPECT_EQ((*stream.ReadAt(20, 5))->size(), 0);
  EXPECT_FALSE(stream.ReadAt(-1, 5).ok());
  EXPECT_FALSE(stream.ReadAt(1, -5).ok());
  EXPECT_FALSE(stream.Seek(-1).ok());
}

TEST(ArrowInputTest, StorageErrorsGoFirst) {
  MemoryFileSystem files;
  files.contents["f"] = "0123456789";
  files.fail_reads_after = 5;
  const auto input = ArrowInput::Open(files, "f");
  const absl::Status status = (*input)->Run([&] {
    static_cast<void>((*input)->stream()->ReadAt(0, 10));
    return arrow::Status::Invalid("something that follows from it");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(MessageOf(status), "f: input/output error");
}

TEST(ArrowInputTest, ArrowErrorsAndExceptionsAreDataLossNamingTheFile) {
  MemoryFileSystem files;
  files.contents["f"] = "x";
  const auto input = ArrowInput::Open(files, "f");
  absl::Status status = (*input)->Run([] { return arrow::Status::Invalid("no magic"); });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "f: Parquet: no magic");
  status = (*input)->Run([]() -> arrow::Status { throw std::runtime_error("deep inside"); });
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(MessageOf(status), "f: Parquet: deep inside");
}

TEST(ArrowInputTest, MemoryIsCapped) {
  MemoryFileSystem files;
  files.contents["f"] = "x";
  const auto input = ArrowInput::Open(files, "f");
  const absl::Status status = (*input)->Run([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateBuffer(kMaxArrowBytes + 1, (*input)->pool()));
    return arrow::Status::OK();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(status), HasSubstr("f: "));
  EXPECT_EQ((*input)->Run([]() -> arrow::Status { throw std::bad_alloc(); }).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(ArrowInputTest, AMissingFileIsNotFound) {
  MemoryFileSystem files;
  EXPECT_EQ(ArrowInput::Open(files, "f").status().code(), absl::StatusCode::kNotFound);
}

TEST(ArrowOutputTest, SmallWritesReachTheFileAsOne) {
  MemoryFileSystem files;
  const auto output = ArrowOutput::Open(files, "f");
  ASSERT_EQ(output.status(), absl::OkStatus());
  ASSERT_TRUE((*output)->stream()->Write("abc", 3).ok());
  ASSERT_TRUE((*output)->stream()->Write("de", 2).ok());
  EXPECT_EQ(*(*output)->stream()->Tell(), 5);
  ASSERT_EQ((*output)->Finish(), absl::OkStatus());
  EXPECT_EQ(files.contents["f"], "abcde");
  EXPECT_THAT(files.steps, ElementsAre("write f", "sync f", "close f"));
}

TEST(ArrowOutputTest, AfterAFailureNothingMoreIsWritten) {
  MemoryFileSystem files;
  files.fail_appends_after = 2;
  const auto output = ArrowOutput::Open(files, "f");
  ASSERT_TRUE((*output)->stream()->Write("abc", 3).ok());
  EXPECT_FALSE((*output)->stream()->Flush().ok());
  files.fail_appends_after = 100;
  ASSERT_TRUE((*output)->stream()->Write("d", 1).ok());
  const absl::Status status = (*output)->Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(files.steps, ElementsAre("write f"));
}

}  // namespace
}  // namespace burgeon
