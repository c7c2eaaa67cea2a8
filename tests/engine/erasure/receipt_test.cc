#include "engine/erasure/receipt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/hash.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;  // 2025-11-22T12:00:00Z

Receipt Example() {
  Receipt receipt;
  receipt.id = "20251122T120000Z-erasure";
  receipt.kind = "erasure";
  receipt.reason = "asked by letter";
  receipt.started_at = kNoon;
  receipt.persons = {std::string(64, 'a')};
  receipt.entries = {{.step = "events", .file = "events/parts/1.parquet", .action = "deleted"}};
  receipt.models = {{"r", "train again"}};
  receipt.events_removed = 3;
  receipt.left = {{"exports/a", "line 1", 2}};
  return receipt;
}

TEST(ReceiptTest, ReadsBackAsItWasWritten) {
  const std::string text = ReceiptText(Example());
  const auto read = ParseReceipt(text, "r");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ReceiptText(*read), text);
  EXPECT_EQ(read->left[0].count, 2);
  EXPECT_THAT(MessageOf(ParseReceipt("{}", "r.json").status()),
              HasSubstr("r.json: field 'schema_version' is missing"));
}

TEST(ReceiptTest, AnUnfinishedOneIsFoundAgainAndAFinishedOneIsNot) {
  FaultFileSystem files;
  const Workspace workspace{"w"};
  EXPECT_FALSE(FindUnfinishedReceipt(files, workspace, "erasure")->has_value());
  Receipt receipt = Example();
  ASSERT_TRUE(SaveReceipt(files, workspace, receipt).ok());
  EXPECT_FALSE(FindUnfinishedReceipt(files, workspace, "retention")->has_value());
  const auto found = FindUnfinishedReceipt(files, workspace, "erasure");
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->id, receipt.id);
  receipt.finished = true;
  ASSERT_TRUE(SaveReceipt(files, workspace, receipt).ok());
  EXPECT_FALSE(FindUnfinishedReceipt(files, workspace, "erasure")->has_value());
}

TEST(ReceiptTest, TwoOfOneSecondHaveTwoNames) {
  FaultFileSystem files;
  const Workspace workspace{"w"};
  EXPECT_EQ(NewReceiptId(files, workspace, "erasure", kNoon), "20251122T120000Z-erasure");
  ASSERT_TRUE(SaveReceipt(files, workspace, Example()).ok());
  EXPECT_EQ(NewReceiptId(files, workspace, "erasure", kNoon), "20251122T120000Z-erasure-2");
}

TEST(ReceiptTest, TheDigestOfAFileThatIsNotThereIsEmpty) {
  FaultFileSystem files;
  ASSERT_TRUE(WriteFileAtomically(files, "a", "abc").ok());
  EXPECT_EQ(*Sha256OfFile(files, "a"), Sha256Hex("abc"));
  EXPECT_EQ(*Sha256OfFile(files, "b"), "");
}

}  // namespace
}  // namespace burgeon
