#include "engine/erasure/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/erasure/model_sweep.h"
#include "engine/release/overlay.h"
#include "engine/release/query.h"
#include "tests/support/erasure_world.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SweepTest : public testing::Test {
 protected:
  void SetUp() override { world_.Make(files_); }

  absl::Status Request(FileSystem& files) {
    const std::vector<ErasureRequest> ids = {{"c05"}, {"cookie-5"}};
    return AppendErasures(files, workspace_, clock_, ids);
  }
  absl::StatusOr<Receipt> RunSweep(FileSystem& files) {
    return Sweep(files, workspace_, world_.context(), clock_, {.reason = "asked by letter"});
  }
  std::string Found(FileSystem& files) {
    const auto found = FindInWorkspace(files, workspace_, ErasureWorld::Forms());
    EXPECT_TRUE(found.ok()) << found.status();
    std::string out;
    for (const ScanFinding& finding : *found)
      out += Concat(finding.file, ": ", finding.where, "\n");
    return out;
  }
  // Nobody may be told of c05 any more; c07 is as before.
  void ExpectOutOfAnswers(FileSystem& files) {
    const auto id = CurrentReleaseId(files, workspace_);
    ASSERT_TRUE(id.ok()) << id.status();
    const auto release = LoadRelease(files, workspace_, world_.context(), *id);
    ASSERT_TRUE(release.ok()) << release.status();
    auto overlay = LoadOverlay(files, workspace_);
    ASSERT_TRUE(overlay.ok()) << overlay.status();
    ResolveOverlay((*release)->data().customers, &*overlay);
    const ReleaseView view{release->get(), &*overlay};
    EXPECT_TRUE(absl::IsNotFound(FindCustomer(view, "c05", Purpose::kRecommend).status()));
    EXPECT_TRUE(FindCustomer(view, "c07", Purpose::kRecommend).ok());
    EXPECT_TRUE(overlay->IsErased("c05"));
    EXPECT_TRUE(overlay->IsErased("cookie-5"));
    EXPECT_FALSE(overlay->IsErased("c07"));
  }

  FaultFileSystem files_;
  Workspace workspace_{"w"};
  FixedClock clock_{kErasureNoon + 2 * kMicrosPerDay};
  ErasureWorld world_;
};

TEST_F(SweepTest, TheWorldHoldsThePersonEverywhere) {
  const std::string found = Found(files_);
  for (const char* const part :
       {"events/parts/", "events/attributes/", "events/quarantine/", "snapshots/", "releases/",
        "overlay/identity.jsonl", "exports/audience.csv", "exports/audience.parquet"}) {
    EXPECT_THAT(found, HasSubstr(part));
  }
}

TEST_F(SweepTest, NothingIsLeftAndTheOthersAre) {
  const std::vector<std::string> others = world_.EventsOf(files_, "c07");
  ASSERT_EQ(others.size(), 4U);  // three purchases and a link
  ASSERT_TRUE(Request(files_).ok());
  ExpectOutOfAnswers(files_);
  const auto receipt = RunSweep(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(receipt->verified);
  EXPECT_TRUE(receipt->finished);
  EXPECT_EQ(Found(files_), "");
  ExpectOutOfAnswers(files_);
  EXPECT_THAT(world_.EventsOf(files_, "c05"), IsEmpty());
  EXPECT_THAT(world_.EventsOf(files_, "cookie-5"), IsEmpty());
  EXPECT_EQ(world_.EventsOf(files_, "c07"), others);
  EXPECT_EQ(receipt->events_removed, 5);  // three purchases, a link, a view
  EXPECT_EQ(files_.Content("w/exports/audience.csv"), "customer_id,score\nc04,0.5\nc07,0.125\n");
  EXPECT_EQ(files_.Content("w/exports/others.csv"), "customer_id,score\nc07,0.5\n");
  EXPECT_FALSE(files_.Exists("w/exports/audience.parquet"));
  EXPECT_EQ(files_.Content("w/overlay/changes.jsonl"), "");
}

TEST_F(SweepTest, TheReceiptSaysWhatWentWhereAndNamesNobody) {
  ASSERT_TRUE(Request(files_).ok());
  const auto receipt = RunSweep(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->persons.size(), 2U);
  EXPECT_EQ(receipt->reason, "asked by letter");
  EXPECT_EQ(receipt->models.size(), 3U);  // a candidate and two releases
  const auto entry = [&](std::string_view step) {
    return std::find_if(receipt->entries.begin(), receipt->entries.end(),
                        [&](const ReceiptEntry& e) { return e.step == step; });
  };
  for (const char* const step :
       {"events", "overlay", "snapshots", "candidates", "releases", "exports"}) {
    EXPECT_NE(entry(step), receipt->entries.end()) << step;
  }
  const auto snapshot = entry("snapshots");
  EXPECT_EQ(snapshot->removed, 1);  // c05 and cookie-5 are one customer there
  EXPECT_EQ(snapshot->sha256_before.size(), 64U);
  EXPECT_EQ(snapshot->sha256_after.size(), 64U);
  EXPECT_NE(snapshot->sha256_before, snapshot->sha256_after);
  const std::string text = files_.Content(Concat("w/receipts/", receipt->id, ".json"));
  EXPECT_EQ(text, ReceiptText(*receipt));
  const auto read = ParseReceipt(text, "r");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(ReceiptText(*read), text);
}

TEST_F(SweepTest, ReleasesStayWithoutThePersonAndARollBackBringsNobodyBack) {
  ASSERT_TRUE(Request(files_).ok());
  ASSERT_TRUE(RunSweep(files_).ok());
  const auto releases = ListReleases(files_, workspace_);
  ASSERT_TRUE(releases.ok()) << releases.status();
  ASSERT_EQ(releases->size(), 2U);
  for (const ReleaseInfo& info : *releases) {
    EXPECT_EQ(info.problem, "");
    EXPECT_EQ(info.customers, kSmallCustomers - 1);
    EXPECT_THAT(world_.releases(), Not(Contains(info.id)));
  }
  EXPECT_TRUE((*releases)[1].current);
  const auto manifest = LoadReleaseManifest(files_, workspace_, (*releases)[0].id);
  ASSERT_TRUE(manifest.ok()) << manifest.status();
  EXPECT_EQ(manifest->scalars.replaces, world_.releases()[0]);
  EXPECT_EQ(manifest->scalars.erasure_watermark, clock_.Now());
  EXPECT_TRUE(files_.Exists(JoinPath(workspace_.snapshots(), manifest->scalars.snapshot_id)));
  EXPECT_TRUE(
      LoadCandidate(files_, workspace_.candidates(), manifest->scalars.recommender_candidate).ok());
  ASSERT_TRUE(RollBack(files_, workspace_, world_.context(), "").ok());
  ExpectOutOfAnswers(files_);
}

TEST_F(SweepTest, AReleasePutBackFromACopyBringsNobodyBack) {
  const std::string old = world_.releases()[1];
  const auto copy = files_.Clone();
  ASSERT_TRUE(Request(files_).ok());
  ASSERT_TRUE(RunSweep(files_).ok());
  ASSERT_TRUE(files_.MakeDirectories(JoinPath(workspace_.releases(), old)).ok());
  for (const char* const name :
       {"manifest.json", "tensors.safetensors", "item.index", "customer.index"}) {
    const std::string path = Concat("w/releases/", old, "/", name);
    ASSERT_TRUE(WriteFileAtomically(files_, path, copy->Content(path)).ok());
  }
  ASSERT_TRUE(RollBack(files_, workspace_, world_.context(), old).ok());
  EXPECT_EQ(*CurrentReleaseId(files_, workspace_), old);
  ExpectOutOfAnswers(files_);
}

TEST_F(SweepTest, OfNobodyThereIsNothingToDo) {
  const int64_t before = files_.steps();
  const auto receipt = RunSweep(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->id, "");
  for (size_t i = static_cast<size_t>(before); i < files_.log().size(); ++i) {
    EXPECT_EQ(files_.log()[i].find("rename"), std::string::npos) << files_.log()[i];
  }
}

TEST_F(SweepTest, WhoIsNotInTheStoreIsStillKeptOut) {
  ASSERT_TRUE(AppendErasure(files_, workspace_, clock_, "not-yet-a-customer").ok());
  const auto receipt = RunSweep(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_TRUE(receipt->verified);
  EXPECT_EQ(receipt->events_removed, 0);
  EXPECT_TRUE(LoadOverlay(files_, workspace_)->IsErased("not-yet-a-customer"));
  EXPECT_EQ(files_.Content("w/overlay/changes.jsonl"), "");
}

TEST_F(SweepTest, WhatIsLeftKeepsTheErasureInForceAndIsNamed) {
  // Nothing knows how to take a person out of such a file, and it is not in exports/.
  ASSERT_TRUE(Request(files_).ok());
  ASSERT_TRUE(files_.MakeDirectories("w/receipts").ok());
  ASSERT_TRUE(WriteFileAtomically(files_, "w/receipts/note.txt", "cookie-5 wrote\n").ok());
  const auto receipt = RunSweep(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_FALSE(receipt->verified);
  EXPECT_FALSE(receipt->finished);
  ASSERT_EQ(receipt->left.size(), 1U);
  EXPECT_EQ(receipt->left[0].file, "receipts/note.txt");
  ExpectOutOfAnswers(files_);
  EXPECT_THAT(files_.Content("w/overlay/changes.jsonl"), HasSubstr("c05"));
  ASSERT_TRUE(files_.RemoveFile("w/receipts/note.txt").ok());
  const auto again = RunSweep(files_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->verified);
  EXPECT_TRUE(again->resumed);
  EXPECT_EQ(again->id, receipt->id);
}

TEST_F(SweepTest, TheSameFileAgainBringsNobodyBack) {
  ASSERT_TRUE(Request(files_).ok());
  ASSERT_TRUE(RunSweep(files_).ok());
  const auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  const size_t others = world_.EventsOf(files_, "c07").size();
  world_.Ingest(files_, "in/shop.csv", ErasureWorld::ShopRows(),
                [&](std::string_view id) { return overlay->IsErased(id); });
  EXPECT_EQ(Found(files_), "");
  EXPECT_THAT(world_.EventsOf(files_, "c05"), IsEmpty());
  EXPECT_EQ(world_.EventsOf(files_, "c07").size(), others);
  const auto store = EventStore::Open(files_, workspace_.events());
  ASSERT_TRUE(store.ok()) << store.status();
  // Three purchases, a link, a view of the cookie, and a bad row.
  EXPECT_EQ(store->manifest().ingests.back().counters.erased_dropped, 6);
}

// Which of every kStride steps the tests below take; another one by BURGEON_TEST_SEED.
constexpr int64_t kStride = 5;
int64_t FirstStep() {
  const char* const seed = std::getenv("BURGEON_TEST_SEED");
  const int64_t first = seed == nullptr ? 1 : ParseInt64(seed).value_or(1) % kStride;
  std::printf("BURGEON_TEST_SEED=%lld\n", static_cast<long long>(first));
  return first;
}

// After a crash at any step the person is in no answer; the next sweep ends it.
TEST_F(SweepTest, ACrashAtAnyStepLosesNothing) {
  ASSERT_TRUE(Request(files_).ok());
  bool done = false;
  int64_t step = FirstStep();
  for (; !done; step += kStride) {
    const auto run = files_.Clone();
    run->CrashAfter(step);
    const auto receipt = RunSweep(*run);
    done = receipt.ok() && !run->crashed();
    const Survival survival = kAllSurvivals[static_cast<size_t>(step) % std::size(kAllSurvivals)];
    SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival)));
    const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
    ExpectOutOfAnswers(*disk);
    const auto again = RunSweep(*disk);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(Found(*disk), "");
    ExpectOutOfAnswers(*disk);
    EXPECT_EQ(disk->Content("w/overlay/changes.jsonl"), "");
    EXPECT_EQ(world_.EventsOf(*disk, "c07").size(), 4U);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(step, 100);
}

TEST_F(SweepTest, AFaultAtAnyStepIsSaidAndTheNextSweepEndsIt) {
  ASSERT_TRUE(Request(files_).ok());
  const auto rehearsal = files_.Clone();
  ASSERT_TRUE(RunSweep(*rehearsal).ok());
  for (int64_t step = FirstStep(); step < rehearsal->steps(); step += 3 * kStride) {
    SCOPED_TRACE(Concat("step ", step, ", ", rehearsal->log()[static_cast<size_t>(step)]));
    const auto run = files_.Clone();
    run->FailAfter(step, FaultKind::kIoError);
    const auto receipt = RunSweep(*run);
    run->FailAfter(INT32_MAX, FaultKind::kIoError);
    ExpectOutOfAnswers(*run);
    const auto again = RunSweep(*run);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(Found(*run), "");
    ExpectOutOfAnswers(*run);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace burgeon
