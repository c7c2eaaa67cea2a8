#include "engine/table/byte_source.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

TEST(FileSourceTest, ReadsFromFrontToBack) {
  MemoryFileSystem files;
  files.contents["f"] = "0123456789";
  const auto source = MakeFileSource(*files.OpenForRead("f"));
  EXPECT_EQ(source->file_bytes(), 10);
  char buffer[4];
  std::string all;
  for (const size_t wanted : {4U, 4U, 2U, 0U, 0U}) {
    const auto read = source->Read(buffer);
    ASSERT_EQ(read.status(), absl::OkStatus());
    EXPECT_EQ(*read, wanted);
    all.append(buffer, *read);
    EXPECT_EQ(source->file_bytes_read(), static_cast<int64_t>(all.size()));
  }
  EXPECT_EQ(all, "0123456789");
}

TEST(FileSourceTest, ErrorsComeThrough) {
  MemoryFileSystem files;
  files.contents["f"] = "0123456789";
  files.fail_reads_after = 4;
  const auto source = MakeFileSource(*files.OpenForRead("f"));
  char buffer[4];
  EXPECT_EQ(source->Read(buffer).status(), absl::OkStatus());
  EXPECT_EQ(source->Read(buffer).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace burgeon
