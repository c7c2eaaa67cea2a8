#include "engine/events/file_shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

FileShape Detect(const std::string& text, const std::string& path = "f.txt") {
  MemoryFileSystem files;
  files.contents[path] = text;
  const auto shape = DetectFileShape(files, path, "");
  EXPECT_TRUE(shape.ok()) << shape.status();
  return shape.ok() ? *shape : FileShape{};
}

TEST(FileShapeTest, DelimitersAndHeaders) {
  FileShape shape = Detect("user,item,time\n1,2,3\n4,5,6\n");
  EXPECT_EQ(shape.format, "csv");
  EXPECT_EQ(shape.read.delimiter, ',');
  EXPECT_TRUE(shape.header);
  shape = Detect("1;\"a,b;c\";3\n4;\"x,y,z\";6\n7;8,9;9\n");
  EXPECT_EQ(shape.read.delimiter, ';');
  EXPECT_FALSE(shape.header);
  EXPECT_THAT(shape.read.column_names, ElementsAre("c1", "c2", "c3"));
  shape = Detect("user_id:token\titem_id:token\n1\t2\n3\t4\n");
  EXPECT_EQ(shape.read.delimiter, '\t');
  EXPECT_THAT(shape.notes, Contains(HasSubstr("RecBole")));
  shape = Detect(" id  date n\n 001 19970101  1\n 002 19970102  1\n");
  EXPECT_EQ(shape.format, "blanks");
  EXPECT_TRUE(shape.header);
}

TEST(FileShapeTest, JsonAndItsStandards) {
  EXPECT_EQ(Detect("{\"a\":1}\n").format, "json_lines");
  EXPECT_EQ(Detect("[\n{\"a\":1}\n]").format, "json_lines");
  EXPECT_EQ(Detect(R"({"messageId":"1","type":"track"})").format, "segment");
  EXPECT_EQ(Detect(R"({"event_timestamp":"1","event_params":[]})").format, "ga4");
}

TEST(FileShapeTest, WhetherTheFirstLineIsAHeader) {
  EXPECT_TRUE(LooksLikeHeader({{"a", "b"}, {"1", "x"}, {"2", "y"}}));
  EXPECT_TRUE(LooksLikeHeader({{"who", "what"}, {"ann", "buy"}, {"bob", "buy"}, {"cy", "buy"}}));
  EXPECT_TRUE(LooksLikeHeader({{"a", "b"}, {"x", "2020-01-01"}, {"y", "2020-01-02"}}));
  EXPECT_FALSE(LooksLikeHeader({{"1", "x"}, {"2", "y"}}));
  EXPECT_FALSE(LooksLikeHeader({{"a", "a"}, {"1", "2"}}));
  EXPECT_FALSE(LooksLikeHeader({{"ann", "buy"}, {"bob", "buy"}, {"cy", "buy"}, {"di", "buy"}}));
}

TEST(FileShapeTest, WhatIsNoTable) {
  MemoryFileSystem files;
  files.contents["e"] = "";
  files.contents["z"] = std::string("PK\x03\x04zip");
  EXPECT_EQ(DetectFileShape(files, "e", "").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(DetectFileShape(files, "z", "").status()), HasSubstr("zip archive"));
  EXPECT_EQ(DetectFileShape(files, "none", "").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
