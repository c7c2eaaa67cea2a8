#include "engine/governance/identity_undo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/fault_file_system.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class IdentityUndo : public testing::Test {
 protected:
  absl::Status Append(FileSystem& files, const char* a, const char* b,
                      UndoAction action = UndoAction::kUndo) {
    return AppendUndo(files, workspace_, clock_, IdPair(a, b), action);
  }

  const Workspace workspace_{"w"};
  const std::string path_ = "w/overlay/identity.jsonl";
  FixedClock clock_{0};
  MemoryFileSystem files_;
};

TEST_F(IdentityUndo, AnAbsentFileUndoesNothing) {
  EXPECT_THAT(*LoadUndoneLinks(files_, workspace_), IsEmpty());
}

TEST_F(IdentityUndo, TheLastLineOfAPairCounts) {
  ASSERT_TRUE(Append(files_, "b", "a").ok());
  ASSERT_TRUE(Append(files_, "c", "d").ok());
  EXPECT_THAT(*LoadUndoneLinks(files_, workspace_),
              ElementsAre(IdPair("a", "b"), IdPair("c", "d")));
  ASSERT_TRUE(Append(files_, "a", "b", UndoAction::kTakeBack).ok());
  EXPECT_THAT(*LoadUndoneLinks(files_, workspace_), ElementsAre(IdPair("c", "d")));
  ASSERT_TRUE(Append(files_, "b", "a").ok());
  EXPECT_THAT(*LoadUndoneLinks(files_, workspace_),
              ElementsAre(IdPair("a", "b"), IdPair("c", "d")));
  EXPECT_THAT(files_.contents[path_],
              HasSubstr(R"({"a":"a","b":"b","undo":true,"time":"1970-01-01T00:00:00Z"})"));
}

TEST_F(IdentityUndo, IdsAreChecked) {
  EXPECT_THAT(MessageOf(Append(files_, "", "a")), HasSubstr("an id is wanted"));
  EXPECT_THAT(MessageOf(Append(files_, "a", "a")), HasSubstr("is there twice"));
  EXPECT_THAT(MessageOf(Append(files_, "a", "\xff")), HasSubstr("not UTF-8"));
  const std::string longer(600, 'x');
  EXPECT_THAT(MessageOf(Append(files_, "a", longer.c_str())), HasSubstr("at most 512"));
  EXPECT_FALSE(files_.contents.contains(path_));
}

TEST_F(IdentityUndo, DamageNamesTheLine) {
  ASSERT_TRUE(Append(files_, "a", "b").ok());
  files_.contents[path_] += "{\"a\": \"x\", \"undo\": true, \"time\": \"\"}\n";
  const absl::Status status = LoadUndoneLinks(files_, workspace_).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(MessageOf(status), HasSubstr("identity.jsonl:2: field 'b' is missing"));
}

TEST_F(IdentityUndo, ErasureTakesOutTheLinesOfAnId) {
  ASSERT_TRUE(Append(files_, "a", "b").ok());
  ASSERT_TRUE(Append(files_, "c", "a").ok());
  ASSERT_TRUE(Append(files_, "c", "d").ok());
  StringSet ids;
  ids.insert("a");
  EXPECT_EQ(*RemoveFromUndoneLinks(files_, workspace_, ids), 2);
  EXPECT_THAT(*LoadUndoneLinks(files_, workspace_), ElementsAre(IdPair("c", "d")));
  EXPECT_EQ(*RemoveFromUndoneLinks(files_, workspace_, ids), 0);
}

TEST_F(IdentityUndo, AfterACrashAtAnyStepWhatWasAcknowledgedIsThere) {
  FaultFileSystem before;
  ASSERT_TRUE(Append(before, "a", "b").ok());
  const auto whole = before.Clone();
  const int64_t start = whole->steps();
  ASSERT_TRUE(Append(*whole, "c", "d").ok());
  const int64_t steps = whole->steps() - start;
  ASSERT_GT(steps, 2);
  for (int64_t crash = 0; crash <= steps; ++crash) {
    for (const Survival survival : kAllSurvivals) {
      auto run = before.Clone();
      run->CrashAfter(crash);
      const bool acknowledged = Append(*run, "c", "d").ok();
      auto disk = run->Survivor(survival, static_cast<uint64_t>(crash));
      const auto undone = LoadUndoneLinks(*disk, workspace_);
      ASSERT_TRUE(undone.ok()) << undone.status();
      EXPECT_TRUE(undone->contains(IdPair("a", "b")));
      EXPECT_TRUE(!acknowledged || undone->contains(IdPair("c", "d")));
      // And the file can be gone on with.
      ASSERT_TRUE(Append(*disk, "e", "f").ok());
      EXPECT_TRUE(LoadUndoneLinks(*disk, workspace_)->contains(IdPair("e", "f")));
    }
  }
}

}  // namespace
}  // namespace burgeon
