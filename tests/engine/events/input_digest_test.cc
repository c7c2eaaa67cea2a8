#include "engine/events/input_digest.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

class InputDigestTest : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 3'000'000; ++i) content_ += static_cast<char>(i * 7 % 251);
    auto file = files_.OpenForWrite("in");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE((*file)->Append(content_).ok());
    ASSERT_TRUE((*file)->Close().ok());
  }
  int64_t Reads() {
    const auto log = files_.log();
    return std::count_if(log.begin(), log.end(),
                         [](const std::string& step) { return step.starts_with("read"); });
  }

  FaultFileSystem files_;
  std::string content_;
};

TEST_F(InputDigestTest, WhatIsReadInOrderIsNotReadAgain) {
  DigestingFileSystem digesting(files_, "in");
  const auto file = digesting.OpenForRead("in");
  ASSERT_TRUE(file.ok());
  std::string read(100'000, '\0');
  for (int64_t at = 0; at < (*file)->size(); at += 100'000) {
    ASSERT_TRUE((*file)->ReadAt(at, read).ok());
    ASSERT_EQ(read, content_.substr(static_cast<size_t>(at), read.size()));
  }
  const int64_t reads = Reads();
  const auto digest = digesting.Finish();
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(digest->bytes, 3'000'000);
  EXPECT_EQ(digest->sha256, Sha256Hex(content_));
  EXPECT_EQ(Reads(), reads);
}

TEST_F(InputDigestTest, AnyOrderAndAnyPartGivesTheSame) {
  DigestingFileSystem digesting(files_, "in");
  const auto file = digesting.OpenForRead("in");
  ASSERT_TRUE(file.ok());
  std::string read(1000, '\0');
  for (const int64_t at : {2'999'000, 0, 500, 700, 0, 4'000, 1'000'000}) {
    ASSERT_TRUE((*file)->ReadAt(at, read).ok());
  }
  EXPECT_EQ(digesting.Finish()->sha256, Sha256Hex(content_));
}

TEST_F(InputDigestTest, EverythingElseGoesThrough) {
  DigestingFileSystem digesting(files_, "in");
  ASSERT_TRUE(digesting.MakeDirectories("d").ok());
  auto file = digesting.OpenForWrite("d/a");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_TRUE(digesting.OpenForAppend("d/a").ok());
  ASSERT_TRUE(digesting.Rename("d/a", "d/b").ok());
  EXPECT_TRUE(digesting.SyncDirectory("d").ok());
  EXPECT_EQ(digesting.List("d")->size(), 1U);
  EXPECT_TRUE(files_.Exists("d/b"));
  EXPECT_TRUE(digesting.RemoveFile("d/b").ok());
  EXPECT_FALSE(digesting.Exists("d/b"));
  EXPECT_TRUE(digesting.RemoveTree("d").ok());
  EXPECT_TRUE(digesting.OpenForRead("in").ok());
  EXPECT_EQ(digesting.OpenForRead("nowhere").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
