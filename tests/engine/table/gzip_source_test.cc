#include "engine/table/gzip_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/engine/table/text_reading.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

absl::StatusOr<std::string> Unpack(const std::string& packed, size_t chunk = 7) {
  MemoryFileSystem files;
  files.contents["f.gz"] = packed;
  const auto source = MakeGzipSource("f.gz", MakeFileSource(*files.OpenForRead("f.gz")), chunk);
  std::string all;
  char buffer[11];
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const size_t read, source->Read(buffer));
    if (read == 0) break;
    all.append(buffer, read);
  }
  BURGEON_CHECK(source->file_bytes_read() == source->file_bytes());
  return all;
}

TEST(GzipSourceTest, UnpacksForEveryChunkSize) {
  const std::string text = "to be, or not to be: that is the question; to be";
  const std::string packed = Gzip(text);
  for (size_t chunk = 1; chunk <= packed.size() + 1; ++chunk) {
    EXPECT_EQ(*Unpack(packed, chunk), text) << chunk;
  }
}

TEST(GzipSourceTest, MembersFollowOneAnother) {
  EXPECT_EQ(*Unpack(Gzip("one ") + Gzip("") + Gzip("two") + std::string(30, '\0')), "one two");
}

TEST(GzipSourceTest, SomethingElseBehindAMemberIsDataLoss) {
  for (const std::string& rest : {std::string("junk"), std::string("\0\0junk", 6)}) {
    EXPECT_EQ(Unpack(Gzip("one") + rest).status().code(), absl::StatusCode::kDataLoss);
  }
}

TEST(GzipSourceTest, AWrongChecksumIsDataLossNamingTheFile) {
  std::string packed = Gzip("some text");
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  const auto status = Unpack(packed).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("f.gz: the gzip data are damaged near byte"));
  EXPECT_THAT(MessageOf(status), HasSubstr("incorrect data check"));
}

TEST(GzipSourceTest, PlainTextIsDataLoss) {
  const auto status = Unpack("a,b\n1,2\n").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("incorrect header check"));
}

}  // namespace
}  // namespace burgeon
