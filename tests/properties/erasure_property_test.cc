// Erasure over random worlds: any subset of the persons, named by any of their ids, with crashes of
// the disk between any two steps. At no time does an answer hold an erased person; in the end no
// file names one; and of the others everything is as in a world that never had the erased.
#include <gtest/gtest.h>

#include <memory>

#include "engine/base/philox.h"
#include "engine/dataset/event_log.h"
#include "engine/dataset/snapshot.h"
#include "engine/erasure/person_ids.h"
#include "engine/erasure/sweep.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

constexpr TimeMicros kNow = kSimIngestTime + 10 * kMicrosPerDay;
const Workspace kWorkspace{"w"};

SnapshotOptions OptionsFor(std::optional<Purpose> purpose, const ConsentOverrides* overrides) {
  SnapshotOptions options;
  options.as_of = kNow;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  options.purpose = purpose;
  options.overrides = overrides;
  return options;
}

// What answers and trainings are made from, with the overlay on top.
absl::StatusOr<Snapshot> Answerable(FileSystem& files, ThreadPool& pool,
                                    std::optional<Purpose> purpose) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, EventStore::Open(files, kWorkspace.events()));
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(files, kWorkspace));
  ResolveTombstones(log.customers, &overlay);
  return BuildSnapshot(pool, log, OptionsFor(purpose, &overlay.customers));
}

class ErasureRound {
 public:
  ErasureRound(uint64_t seed, int round)
      : random_(seed, 300 + static_cast<uint64_t>(round)),
        world_(TinyWorld(Below(1'000'000), 4 + static_cast<int64_t>(Below(8)))),
        disk_(std::make_unique<FaultFileSystem>()) {}

  void Run() {
    const absl::Status ingested = IngestWorld(*disk_, pool_, world_, world_.persons(), kWorkspace);
    ASSERT_TRUE(ingested.ok()) << MessageOf(ingested);
    // Something made from the data, which the sweep has to find too.
    const auto before = Answerable(*disk_, pool_, std::nullopt);
    ASSERT_TRUE(before.ok()) << MessageOf(before.status());
    ASSERT_TRUE(SaveSnapshot(*disk_, kWorkspace.snapshots(), *before).ok());
    ASSERT_TRUE(disk_->MakeDirectories(kWorkspace.exports()).ok());
    std::string list = "customer_id,score\n";
    for (const uint64_t p : world_.persons()) list += Concat("acc-", p, ",0.5\n");
    ASSERT_TRUE(WriteFileAtomically(*disk_, "w/exports/list.csv", list).ok());

    Choose();
    Request();
    if (testing::Test::HasFatalFailure()) return;
    CheckNobodyAnswers();
    SweepWithCrashes();
    if (testing::Test::HasFatalFailure()) return;
    CheckNobodyAnswers();
    CheckNothingIsLeft();
    CheckTheOthers();
  }

 private:
  uint64_t Below(uint64_t bound) { return random_.Below(draw_++, bound); }

  void Choose() {
    for (const uint64_t p : world_.persons()) (Below(3) == 0 ? erased_ : kept_).push_back(p);
    if (erased_.empty()) {
      erased_.push_back(kept_.back());
      kept_.pop_back();
    }
  }

  // Each named by the account: links lead to the others. Ids that nobody ever linked are not known
  // to be of the person, and are named themselves.
  void Request() {
    std::vector<std::string> given;
    for (const uint64_t p : erased_) {
      for (const UsedId& used : world_.history(p).ids) {
        if (used.slot != kAccountSlot && used.linked_at != INT64_MAX) continue;
        given.push_back(PersonId(world_.config().seed, p, used.slot));
      }
    }
    const auto requests = AllIdsOf(*disk_, pool_, kWorkspace, given, {});
    ASSERT_TRUE(requests.ok()) << MessageOf(requests.status());
    const auto appended = AppendErasures(*disk_, kWorkspace, FixedClock(kNow), *requests);
    ASSERT_TRUE(appended.ok()) << MessageOf(appended);
  }

  void CheckNobodyAnswers() {
    const std::optional<Purpose> purposes[] = {std::nullopt, Purpose::kRecommend, Purpose::kScore,
                                               Purpose::kAudience, Purpose::kExport};
    for (const std::optional<Purpose> purpose : purposes) {
      const auto snapshot = Answerable(*disk_, pool_, purpose);
      ASSERT_TRUE(snapshot.ok()) << MessageOf(snapshot.status());
      for (const uint64_t p : erased_) {
        for (const std::string& name : world_.NamesOf(p)) {
          const auto row = snapshot->customers.Find(name);
          if (!row) continue;
          // Of a snapshot for all purposes an erased person may be a row that refuses every one.
          EXPECT_FALSE(purpose.has_value()) << name;
          EXPECT_EQ(snapshot->consent[*row].bits, 0) << name;
        }
      }
    }
  }

  void SweepWithCrashes() {
    for (uint64_t crashes = Below(4); crashes > 0; --crashes) {
      const auto dry = disk_->Clone();
      ExecutionContext context(&pool_);
      const int64_t before = dry->steps();
      ASSERT_TRUE(Sweep(*dry, kWorkspace, context, FixedClock(kNow), {}).ok());
      const auto steps = static_cast<uint64_t>(dry->steps() - before);
      if (steps == 0) break;
      const auto run = disk_->Clone();
      run->CrashAfter(static_cast<int64_t>(Below(steps)));
      (void)Sweep(*run, kWorkspace, context, FixedClock(kNow), {});
      const Survival survival = kAllSurvivals[Below(4)];
      disk_ = run->Survivor(survival, Below(1'000'000));
      SCOPED_TRACE(Concat("after a crash, ", SurvivalName(survival)));
      CheckNobodyAnswers();
      if (testing::Test::HasFailure()) return;
    }
    ExecutionContext context(&pool_);
    const auto receipt = Sweep(*disk_, kWorkspace, context, FixedClock(kNow), {});
    ASSERT_TRUE(receipt.ok()) << MessageOf(receipt.status());
    if (!receipt->id.empty()) {
      EXPECT_TRUE(receipt->verified);
      EXPECT_TRUE(receipt->left.empty());
    }
  }

  // Twice: by the product's own search, and byte by byte.
  void CheckNothingIsLeft() {
    PersonForms forms;
    for (const uint64_t p : erased_) {
      for (const std::string& name : world_.NamesOf(p)) forms.Add(name);
    }
    const auto found = FindInWorkspace(*disk_, kWorkspace, forms);
    ASSERT_TRUE(found.ok()) << MessageOf(found.status());
    for (const ScanFinding& finding : *found) ADD_FAILURE() << finding.file << " " << finding.where;

    const auto paths = ListTree(*disk_, kWorkspace.root);
    ASSERT_TRUE(paths.ok()) << MessageOf(paths.status());
    for (const std::string& path : *paths) {
      const std::string content = disk_->Content(JoinPath(kWorkspace.root, path));
      for (const uint64_t p : erased_) {
        for (const UsedId& used : world_.history(p).ids) {
          if (used.slot == kAccountSlot) continue;  // "acc-1" is the beginning of "acc-12"
          const std::string id = PersonId(world_.config().seed, p, used.slot);
          EXPECT_EQ(content.find(id), std::string::npos) << path << " holds " << id;
          EXPECT_EQ(path.find(id), std::string::npos) << path;
        }
      }
    }
  }

  void CheckTheOthers() {
    FaultFileSystem never;
    ASSERT_TRUE(IngestWorld(never, pool_, world_, kept_, kWorkspace).ok());
    const auto store = EventStore::Open(*disk_, kWorkspace.events());
    const auto without = EventStore::Open(never, kWorkspace.events());
    ASSERT_TRUE(store.ok() && without.ok());
    const auto events = EventTexts(*store);
    const auto expected_events = EventTexts(*without);
    ASSERT_TRUE(events.ok() && expected_events.ok());
    EXPECT_EQ(*events, *expected_events);
    const auto attributes = AttributeTexts(*store);
    const auto expected_attributes = AttributeTexts(*without);
    ASSERT_TRUE(attributes.ok() && expected_attributes.ok());
    EXPECT_EQ(*attributes, *expected_attributes);
    for (const Purpose purpose : kAllPurposes) {
      const auto snapshot = Answerable(*disk_, pool_, purpose);
      const auto expected = Answerable(never, pool_, purpose);
      ASSERT_TRUE(snapshot.ok() && expected.ok());
      EXPECT_EQ(snapshot->id, expected->id) << PurposeName(purpose);
    }
    std::string list = "customer_id,score\n";
    for (const uint64_t p : kept_) list += Concat("acc-", p, ",0.5\n");
    EXPECT_EQ(disk_->Content("w/exports/list.csv"), list);
  }

  Philox random_;
  uint64_t draw_ = 0;
  ThreadPool pool_{2};
  SimWorld world_;
  std::unique_ptr<FaultFileSystem> disk_;
  std::vector<uint64_t> erased_;
  std::vector<uint64_t> kept_;
};

TEST(ErasureProperty, NobodyErasedIsLeftAndNobodyElseIsTouched) {
  const uint64_t seed = TestSeed();
  for (int round = 0; round < PropertyRounds(10); ++round) {
    SCOPED_TRACE(Concat("round ", round));
    ErasureRound(seed, round).Run();
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace burgeon
