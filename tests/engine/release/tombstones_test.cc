#include "engine/release/tombstones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

class TombstonesTest : public testing::Test {
 protected:
  FaultFileSystem files_;
  Workspace workspace_{"w"};
};

TEST_F(TombstonesTest, WithoutAFileThereIsNone) {
  const auto none = Tombstones::Load(files_, workspace_);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_TRUE(none->empty());
  EXPECT_FALSE(none->Holds("a"));
  EXPECT_EQ(none->latest(), 0);
}

TEST_F(TombstonesTest, HoldWhomTheyWereMadeOfAndSayNothingElse) {
  Tombstones tombstones;
  tombstones.Add("ann@example.org", 7);
  tombstones.Add("17850", 9);
  tombstones.Add("17850", 11);  // the first time stays
  ASSERT_TRUE(tombstones.Save(files_, workspace_).ok());
  auto read = Tombstones::Load(files_, workspace_);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->size(), 2);
  EXPECT_EQ(read->latest(), 9);
  EXPECT_TRUE(read->Holds("17850"));
  EXPECT_TRUE(read->Holds("ann@example.org"));
  EXPECT_FALSE(read->Holds("1785"));
  EXPECT_EQ(read->DigestOf("17850"), tombstones.DigestOf("17850"));
  EXPECT_EQ(read->DigestOf("17850").size(), 64U);
  const std::string text = files_.Content("w/overlay/erased.json");
  EXPECT_THAT(text, Not(HasSubstr("17850")));
  EXPECT_THAT(text, Not(HasSubstr("ann")));
  EXPECT_THAT(text, Not(HasSubstr(Sha256Hex("17850"))));  // keyed
}

TEST_F(TombstonesTest, TwoWorkspacesGiveOnePersonTwoDigests) {
  Tombstones a;
  Tombstones b;
  EXPECT_NE(a.DigestOf("17850"), b.DigestOf("17850"));
  EXPECT_EQ(a.DigestOf("17850"), a.DigestOf("17850"));
}

TEST_F(TombstonesTest, EveryFlippedBitAndEveryCutIsNoticed) {
  Tombstones tombstones;
  tombstones.Add("17850", 9);
  ASSERT_TRUE(tombstones.Save(files_, workspace_).ok());
  const std::string path = TombstonesPath(workspace_);
  const std::string whole = files_.Content(path);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    files_.SetContent(path, flipped);
    EXPECT_TRUE(absl::IsDataLoss(Tombstones::Load(files_, workspace_).status())) << i;
    files_.SetContent(path, whole.substr(0, i));
    EXPECT_TRUE(absl::IsDataLoss(Tombstones::Load(files_, workspace_).status())) << i;
  }
}

}  // namespace
}  // namespace burgeon
