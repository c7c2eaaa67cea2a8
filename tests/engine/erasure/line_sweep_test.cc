#include "engine/erasure/line_sweep.h"

#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

class LineSweepTest : public testing::Test {
 protected:
  LineSweepTest() { forms_.Add("17850"); }

  void Put(const std::string& path, const std::string& content) {
    ASSERT_TRUE(files_.MakeDirectories(ParentOf(path)).ok());
    ASSERT_TRUE(WriteFileAtomically(files_, path, content).ok());
  }
  int64_t Sweep(const std::string& path) {
    const auto removed = SweepLines(files_, path, forms_);
    EXPECT_TRUE(removed.ok()) << removed.status();
    return removed.value_or(-1);
  }

  FaultFileSystem files_;
  PersonForms forms_;
};

TEST_F(LineSweepTest, JsonLinesGoByWhatTheySay) {
  const std::string other =
      "{\"line\":3,\"row\":{\"Quantity\":\"17850\",\"CustomerID\":\"13047\"}}\n";
  Put("w/q.jsonl", "{\"line\":1,\"row\":{\"CustomerID\":\"17850\"}}\n" + other +
                       "{\"line\":17850,\"row\":{\"CustomerID\":\"1\"}}\n"
                       "{\"line\":5,\"raw\":\"536365,17850,UK\"}\n"
                       "{\"line\":6,\"raw\":\"536365,178501,UK\"}\n");
  EXPECT_EQ(Sweep("w/q.jsonl"), 2);
  EXPECT_EQ(files_.Content("w/q.jsonl"), other +
                                             "{\"line\":17850,\"row\":{\"CustomerID\":\"1\"}}\n"
                                             "{\"line\":6,\"raw\":\"536365,178501,UK\"}\n");
}

TEST_F(LineSweepTest, RowsOfATableGoWithAllTheirLines) {
  Put("w/a.csv",
      "customer_id,note,score\n"
      "13047,\"two\nlines, 17850\",1\n"
      "17850,\"two\nlines\",0.5\n"
      "178501,x,17850\n");
  EXPECT_EQ(Sweep("w/a.csv"), 1);
  EXPECT_EQ(files_.Content("w/a.csv"),
            "customer_id,note,score\n"
            "13047,\"two\nlines, 17850\",1\n"
            "178501,x,17850\n");
}

TEST_F(LineSweepTest, AListLosesItsLine) {
  Put("w/ids.txt", "13047\n17850\n178500");
  EXPECT_EQ(Sweep("w/ids.txt"), 1);
  EXPECT_EQ(files_.Content("w/ids.txt"), "13047\n178500");
}

TEST_F(LineSweepTest, AFileThatNamesNobodyIsNotTouched) {
  Put("w/a.csv", "customer_id\n13047\n");
  const int64_t before = files_.steps();
  EXPECT_EQ(Sweep("w/a.csv"), 0);
  for (size_t i = static_cast<size_t>(before); i < files_.log().size(); ++i) {
    EXPECT_EQ(files_.log()[i].find("rename"), std::string::npos) << files_.log()[i];
  }
}

TEST_F(LineSweepTest, WhatCannotBeTakenApartIsSaid) {
  Put("w/a.csv", "customer_id\r17850\r");
  EXPECT_TRUE(absl::IsFailedPrecondition(SweepLines(files_, "w/a.csv", forms_).status()));
  Put("w/b.csv", "17850\n13047\n");  // no header: its first line is a person
  EXPECT_TRUE(absl::IsFailedPrecondition(SweepLines(files_, "w/b.csv", forms_).status()));
  EXPECT_TRUE(IsFileOfLines("a.jsonl"));
  EXPECT_FALSE(IsFileOfLines("a.parquet"));
  EXPECT_FALSE(IsFileOfLines("a.csv.gz"));
}

}  // namespace
}  // namespace burgeon
