#include "engine/erasure/file_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/storage/tensor_file.h"
#include "engine/table/table.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FileScanTest : public testing::Test {
 protected:
  FileScanTest() {
    forms_.Add("17850");
    forms_.Add("ann@example.org");
    EXPECT_TRUE(files_.MakeDirectories("w/a/b").ok());
  }
  void Put(const std::string& path, const std::string& content) {
    ASSERT_TRUE(WriteFileAtomically(files_, JoinPath("w", path), content).ok());
  }
  std::vector<std::string> Places(const std::string& path) {
    const auto found = ScanFile(files_, "w", path, forms_);
    EXPECT_TRUE(found.ok()) << found.status();
    std::vector<std::string> out;
    for (const ScanFinding& finding : *found) {
      EXPECT_EQ(finding.file, path);
      out.push_back(Concat(finding.where, " ", finding.count));
    }
    return out;
  }

  FaultFileSystem files_;
  PersonForms forms_;
};

TEST_F(FileScanTest, TheTreeIsListedByPath) {
  Put("a/b/z", "");
  Put("a/y", "");
  Put("x", "");
  EXPECT_THAT(*ListTree(files_, "w"), ElementsAre("a/b/z", "a/y", "x"));
  EXPECT_THAT(*ListTree(files_, "not-there"), IsEmpty());
}

TEST_F(FileScanTest, ParquetIsReadByValue) {
  Table table;
  table.rows = 3;
  table.columns = {
      Column{.name = "customer_id", .strings = {"17850", "13047", "17850"}},
      Column{.name = "price", .strings = {"1", "17850", "2"}},
      Column{.name = "properties",
             .strings = {"", R"({"linked_id":"17850","price":"17850"})", R"({"price":"17850"})"}}};
  ASSERT_TRUE(WriteTable(files_, "w/t.parquet", table).ok());
  EXPECT_THAT(Places("t.parquet"), ElementsAre("column customer_id 2", "column properties 1"));
}

TEST_F(FileScanTest, TensorsAreReadByString) {
  TensorFile tensors;
  tensors.AddStrings("customers", {"13047", "17850", "178501"});
  tensors.AddStrings("items", {"17850"});
  ASSERT_TRUE(WriteTensorFile(files_, "w/t.safetensors", tensors).ok());
  EXPECT_THAT(Places("t.safetensors"), ElementsAre("tensor customers 1"));
  // Side by side in the bytes two ids may look like a third one.
  TensorFile others;
  others.AddStrings("customers", {"x1", "7850"});
  ASSERT_TRUE(WriteTensorFile(files_, "w/o.safetensors", others).ok());
  EXPECT_THAT(Places("o.safetensors"), IsEmpty());
}

TEST_F(FileScanTest, JsonIsReadByStringAndKey) {
  Put("m.json", R"({"bytes": 17850, "rows": {"n": "17850"}})");
  EXPECT_THAT(Places("m.json"), IsEmpty());
  Put("p.json", R"({"list": [{"customer": "17850"}]})");
  EXPECT_THAT(Places("p.json"), ElementsAre("its content 1"));
  Put("k.json", R"({"ann@example.org": 1})");
  EXPECT_THAT(Places("k.json"), ElementsAre("its content 1"));
  Put("l.jsonl", "{\"user\":\"1\"}\n{\"user\":\"17850\"}\nnot json of ann@example.org\n");
  EXPECT_THAT(Places("l.jsonl"), ElementsAre("line 2 1", "line 3 1"));
}

TEST_F(FileScanTest, CsvIsReadByFieldAndTextByWord) {
  Put("c.csv", "user_id,price\n17850,1\n2,17850\n");
  EXPECT_THAT(Places("c.csv"), ElementsAre("column user_id 1"));
  Put("t.log", "a\nwrote to ann@example.org.\n");
  EXPECT_THAT(Places("t.log"), ElementsAre("line 2 1"));
  Put("a/17850.txt", "nothing\n");
  EXPECT_THAT(Places("a/17850.txt"), ElementsAre("its name 1"));
}

TEST_F(FileScanTest, WhatIsNotWhatItsNameSaysIsSearchedAsText) {
  Put("t.parquet", "torn, but ann@example.org is in it");
  EXPECT_THAT(Places("t.parquet"), ElementsAre("line 1 1"));
  Put("e.safetensors", "");
  EXPECT_THAT(Places("e.safetensors"), IsEmpty());
}

}  // namespace
}  // namespace burgeon
