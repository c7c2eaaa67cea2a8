#include "engine/release/overlay.h"

#include <unistd.h>

#include <atomic>
#include <thread>
#include <vector>

#include "engine/base/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr char kPath[] = "w/overlay/changes.jsonl";
constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;  // 2025-11-22T12:00:00Z

ConsentBits Granted(std::initializer_list<Purpose> purposes) {
  ConsentBits bits;
  for (const Purpose purpose : purposes) bits.Set(purpose, true);
  return bits;
}

class OverlayTest : public testing::Test {
 protected:
  absl::Status Erase(FileSystem& files, std::string_view customer) {
    return AppendErasure(files, workspace_, clock_, customer);
  }
  absl::Status Change(FileSystem& files, std::string_view customer, Purpose purpose, bool granted) {
    return AppendConsentChange(files, workspace_, clock_, customer, purpose, granted);
  }
  // The overlay of a file with this content.
  absl::StatusOr<Overlay> Load(std::string content) {
    EXPECT_TRUE(files_.MakeDirectories("w/overlay").ok());
    EXPECT_TRUE(WriteFileAtomically(files_, kPath, content).ok());
    return LoadOverlay(files_, workspace_);
  }
  std::string LoadMessage(std::string content) {
    const auto overlay = Load(std::move(content));
    EXPECT_EQ(overlay.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(overlay.status());
  }

  FaultFileSystem files_;
  Workspace workspace_{"w"};
  FixedClock clock_{kNoon};
};

TEST_F(OverlayTest, AbsentIsEmptyAndChangesNothing) {
  const auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_TRUE(overlay->customers.empty());
  EXPECT_FALSE(overlay->IsErased("a"));
  EXPECT_EQ(overlay->Apply("a", Granted({Purpose::kScore})), Granted({Purpose::kScore}));
}

TEST_F(OverlayTest, WritesLinesThatPeopleCanRead) {
  ASSERT_TRUE(Erase(files_, "17850").ok());
  ASSERT_TRUE(Change(files_, "a\"b", Purpose::kAudience, false).ok());
  EXPECT_EQ(files_.Content(kPath),
            "{\"customer\":\"17850\",\"erase\":true,\"time\":\"2025-11-22T12:00:00Z\"}\n"
            "{\"customer\":\"a\\\"b\",\"purpose\":\"audience\",\"granted\":false,"
            "\"time\":\"2025-11-22T12:00:00Z\"}\n");
}

TEST_F(OverlayTest, TheLastChangeOfAPurposeCounts) {
  ASSERT_TRUE(Change(files_, "a", Purpose::kAudience, false).ok());
  ASSERT_TRUE(Change(files_, "a", Purpose::kScore, true).ok());
  ASSERT_TRUE(Change(files_, "a", Purpose::kAudience, true).ok());
  ASSERT_TRUE(Change(files_, "a", Purpose::kScore, false).ok());
  const auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_EQ(overlay->Apply("a", Granted({Purpose::kRecommend, Purpose::kScore})),
            Granted({Purpose::kRecommend, Purpose::kAudience}));
  EXPECT_EQ(overlay->Apply("a", ConsentBits{}), Granted({Purpose::kAudience}));
  EXPECT_EQ(overlay->Apply("b", ConsentBits{}), ConsentBits{});
}

TEST_F(OverlayTest, AnErasedCustomerHasNoConsentEver) {
  ASSERT_TRUE(Erase(files_, "a").ok());
  ASSERT_TRUE(Change(files_, "a", Purpose::kScore, true).ok());
  const auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_TRUE(overlay->IsErased("a"));
  EXPECT_EQ(overlay->Apply("a", Granted({Purpose::kRecommend, Purpose::kScore})), ConsentBits{});
}

TEST_F(OverlayTest, RefusesAnIdItCouldNotGiveBack) {
  EXPECT_EQ(Erase(files_, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(Erase(files_, "\xff")), HasSubstr("'\\xff': is not UTF-8"));
  EXPECT_THAT(MessageOf(Erase(files_, std::string(limits::kMaxIdBytes + 1, 'x'))),
              HasSubstr("513 bytes; at most 512"));
  EXPECT_TRUE(Erase(files_, std::string(limits::kMaxIdBytes, 'x')).ok());
}

TEST_F(OverlayTest, DamageNamesTheLine) {
  const std::string good = "{\"customer\":\"a\",\"erase\":true,\"time\":\"t\"}\n";
  EXPECT_TRUE(Load(good + good)->IsErased("a"));
  EXPECT_EQ(LoadMessage(good + "{\"cust\n" + good), Concat(kPath, ":2: is not JSON"));
  EXPECT_EQ(LoadMessage(good + "\n"), Concat(kPath, ":2: is not JSON"));
  EXPECT_EQ(LoadMessage("{\"erase\":true,\"time\":\"t\"}\n"),
            Concat(kPath, ":1: field 'customer' is missing"));
  EXPECT_THAT(LoadMessage("{\"customer\":\"a\",\"erase\":false,\"time\":\"t\"}\n"),
              HasSubstr("field 'erase' is false; true was wanted"));
  EXPECT_THAT(
      LoadMessage("{\"customer\":\"a\",\"purpose\":\"all\",\"granted\":true,\"time\":\"t\"}\n"),
      HasSubstr("field 'purpose' is \"all\"; recommend, score, audience or export was wanted"));
  EXPECT_THAT(LoadMessage("{\"customer\":\"a\",\"purpose\":\"score\",\"time\":\"t\"}\n"),
              HasSubstr("field 'granted' is missing"));
  EXPECT_THAT(LoadMessage("{\"customer\":\"a\",\"time\":\"t\"}\n"), HasSubstr("'purpose'"));
}

TEST_F(OverlayTest, ATornLastLineIsIgnoredAndCutByTheNextAppend) {
  const std::string good = "{\"customer\":\"a\",\"erase\":true,\"time\":\"t\"}\n";
  for (size_t length = 0; length < good.size(); ++length) {
    const auto overlay = Load(good + good.substr(0, length));
    ASSERT_TRUE(overlay.ok()) << overlay.status();
    EXPECT_EQ(overlay->customers.size(), 1U);
    ASSERT_TRUE(Erase(files_, "b").ok());
    const auto next = LoadOverlay(files_, workspace_);
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_TRUE(next->IsErased("a"));
    EXPECT_TRUE(next->IsErased("b"));
    EXPECT_EQ(next->customers.size(), 2U);
  }
  ASSERT_TRUE(Load("torn from the first byte").ok());
  ASSERT_TRUE(Erase(files_, "b").ok());
  EXPECT_TRUE(LoadOverlay(files_, workspace_)->IsErased("b"));
}

// What was acknowledged is there after a crash at any step, and nothing is damaged.
TEST_F(OverlayTest, NothingAcknowledgedIsLostInACrash) {
  const std::vector<std::string> customers = {"a", "b", "c"};
  for (const char* const before :
       {"", "{\"customer\":\"x\",\"erase\":true,\"time\":\"t\"}\n{\"to"}) {
    FaultFileSystem start;
    if (*before != '\0') {
      ASSERT_TRUE(start.MakeDirectories("w/overlay").ok());
      ASSERT_TRUE(WriteFileAtomically(start, kPath, before).ok());
    }
    size_t acknowledged = 0;
    for (int64_t step = 0; acknowledged < customers.size(); ++step) {
      const auto run = start.Clone();
      run->CrashAfter(step);
      acknowledged = 0;
      while (acknowledged < customers.size() && Erase(*run, customers[acknowledged]).ok()) {
        ++acknowledged;
      }
      for (const Survival survival : kAllSurvivals) {
        for (uint64_t seed = 0; seed < 5; ++seed) {
          SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival), ", seed ", seed));
          const auto disk = run->Survivor(survival, seed);
          const auto overlay = LoadOverlay(*disk, workspace_);
          ASSERT_TRUE(overlay.ok()) << overlay.status();
          for (size_t i = 0; i < acknowledged; ++i) EXPECT_TRUE(overlay->IsErased(customers[i]));
          EXPECT_EQ(overlay->IsErased("x"), *before != '\0');
          ASSERT_TRUE(Erase(*disk, "later").ok());
          EXPECT_TRUE(LoadOverlay(*disk, workspace_)->IsErased("later"));
        }
      }
    }
  }
}

TEST_F(OverlayTest, AFullDiskIsSaidAndNothingIsDamaged) {
  ASSERT_TRUE(Erase(files_, "a").ok());
  files_.FailAfter(0, FaultKind::kDiskFull);
  const absl::Status full = Erase(files_, "b");
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(full), HasSubstr(kPath));
  files_.FailAfter(INT32_MAX, FaultKind::kDiskFull);
  EXPECT_FALSE(LoadOverlay(files_, workspace_)->IsErased("b"));
  ASSERT_TRUE(Erase(files_, "b").ok());
  EXPECT_TRUE(LoadOverlay(files_, workspace_)->IsErased("a"));
  EXPECT_TRUE(LoadOverlay(files_, workspace_)->IsErased("b"));
}

constexpr TimeMicros kDay = kMicrosPerDay;

ConsentTimes SaidAt(TimeMicros time) { return {time, time, time, time}; }

// Between what events said and what the overlay says the time of saying decides.
TEST_F(OverlayTest, TheLatestStatementCountsWhereverItCameFrom) {
  const ConsentRecord early{"a", Purpose::kScore, false, kNoon - 2 * kDay};
  ASSERT_TRUE(AppendConsentRecords(files_, workspace_, clock_, {&early, 1}).ok());
  const auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  const ConsentBits granted = Granted({Purpose::kScore, Purpose::kExport});
  EXPECT_EQ(overlay->Apply("a", granted, SaidAt(kNoon - kDay)), granted);  // overtaken
  EXPECT_EQ(overlay->Apply("a", granted, SaidAt(kNoon - 3 * kDay)), Granted({Purpose::kExport}));
  EXPECT_EQ(overlay->Apply("a", granted, SaidAt(early.time)), Granted({Purpose::kExport}));
  EXPECT_EQ(overlay->Apply("a", granted), Granted({Purpose::kExport}));  // never said otherwise
}

TEST_F(OverlayTest, WithinTheOverlayTimeCountsBeforePlace) {
  const std::vector<ConsentRecord> records = {
      {"a", Purpose::kScore, true, kNoon},
      {"a", Purpose::kScore, false, kNoon - kDay},  // recorded later, said before
      {"b", Purpose::kScore, true, kNoon - kDay},
      {"b", Purpose::kScore, false, kNoon - kDay}};  // at once: the later line
  ASSERT_TRUE(AppendConsentRecords(files_, workspace_, clock_, records).ok());
  const auto overlay = LoadOverlay(files_, workspace_);
  EXPECT_EQ(overlay->Apply("a", {}), Granted({Purpose::kScore}));
  EXPECT_EQ(overlay->Apply("b", Granted({Purpose::kScore})), ConsentBits{});
  EXPECT_THAT(files_.Content(kPath), HasSubstr("\"time\":\"2025-11-21T12:00:00Z\","
                                               "\"recorded_at\":\"2025-11-22T12:00:00Z\"}"));
}

TEST_F(OverlayTest, ATimeToComeIsRefusedAndNothingIsWritten) {
  const std::vector<ConsentRecord> records = {{"a", Purpose::kScore, true, kNoon},
                                              {"a", Purpose::kScore, true, kNoon + 1}};
  EXPECT_THAT(MessageOf(AppendConsentRecords(files_, workspace_, clock_, records)),
              HasSubstr("is after now"));
  EXPECT_FALSE(files_.Exists(kPath));
}

TEST_F(OverlayTest, WhatIsSaidOfAnAliasIsSaidOfTheCustomer) {
  Vocabulary customers = *Vocabulary::FromIds({"account", "other"});
  ASSERT_TRUE(customers.SetAliases({{"cookie", 0}, {"device", 0}}).ok());
  const std::vector<ConsentRecord> records = {
      {"cookie", Purpose::kScore, false, kNoon},
      {"account", Purpose::kScore, true, kNoon - kDay},
      {"device", Purpose::kExport, true, kNoon},
      {"account", Purpose::kExport, false, kNoon}};  // two ids at once: the refusal
  ASSERT_TRUE(AppendConsentRecords(files_, workspace_, clock_, records).ok());
  auto overlay = LoadOverlay(files_, workspace_);
  ResolveOverlay(customers, &*overlay);
  const ConsentBits all =
      Granted({Purpose::kRecommend, Purpose::kScore, Purpose::kAudience, Purpose::kExport});
  EXPECT_EQ(overlay->Apply("account", all), Granted({Purpose::kRecommend, Purpose::kAudience}));
  EXPECT_EQ(overlay->Apply("other", all), all);
  ASSERT_TRUE(Erase(files_, "device").ok());
  overlay = LoadOverlay(files_, workspace_);
  ResolveOverlay(customers, &*overlay);
  EXPECT_EQ(overlay->Apply("account", all), ConsentBits{});
}

TEST_F(OverlayTest, ATombstoneKeepsOutWhomNoLineNamesAnyMore) {
  Vocabulary customers = *Vocabulary::FromIds({"account", "other"});
  ASSERT_TRUE(customers.SetAliases({{"cookie", 0}}).ok());
  Tombstones tombstones;
  tombstones.Add("cookie", kNoon);
  ASSERT_TRUE(tombstones.Save(files_, workspace_).ok());
  auto overlay = LoadOverlay(files_, workspace_);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_TRUE(overlay->IsErased("cookie"));
  EXPECT_FALSE(overlay->IsErased("other"));
  ResolveOverlay(customers, &*overlay);
  EXPECT_EQ(overlay->Apply("account", Granted({Purpose::kScore})), ConsentBits{});
  EXPECT_EQ(overlay->Apply("other", Granted({Purpose::kScore})), Granted({Purpose::kScore}));
}

TEST_F(OverlayTest, CompactionTakesTheLinesOfSomeAndKeepsTheRestAsTheyStand) {
  const std::vector<ErasureRequest> requests = {{"a", "given as a"}, {"b"}};
  ASSERT_TRUE(AppendErasures(files_, workspace_, clock_, requests).ok());
  ASSERT_TRUE(Change(files_, "a", Purpose::kScore, true).ok());
  ASSERT_TRUE(Change(files_, "c", Purpose::kScore, false).ok());
  const auto lines = ReadOverlayLines(files_, workspace_);
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), 4U);
  EXPECT_EQ((*lines)[0].form, "given as a");
  EXPECT_EQ((*lines)[1].form, "");
  const auto dropped =
      CompactOverlay(files_, workspace_, [](std::string_view id) { return id == "a"; });
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(*dropped, 2);
  EXPECT_EQ(files_.Content(kPath),
            "{\"customer\":\"b\",\"erase\":true,\"time\":\"2025-11-22T12:00:00Z\"}\n"
            "{\"customer\":\"c\",\"purpose\":\"score\",\"granted\":false,"
            "\"time\":\"2025-11-22T12:00:00Z\"}\n");
}

// Writers of one machine never lose each other's lines.
TEST(OverlayLockTest, ManyWritersAtOnceLoseNothing) {
  const Workspace workspace{JoinPath(
      testing::TempDir(), Concat("burgeon_overlay_lock_", static_cast<int64_t>(getpid())))};
  FileSystem& files = RealFileSystem();
  ASSERT_TRUE(files.RemoveTree(workspace.root).ok());
  constexpr int kWriters = 4;
  constexpr int kLines = 25;
  std::vector<std::thread> writers;
  std::atomic<int> failures = 0;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      const SystemClock clock;
      for (int i = 0; i < kLines; ++i) {
        const auto lock = OverlayLock::Acquire(workspace);
        const bool done =
            lock.ok() && AppendErasure(files, workspace, clock, Concat("c", w, "-", i)).ok();
        if (!done) ++failures;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  const auto overlay = LoadOverlay(files, workspace);
  ASSERT_TRUE(overlay.ok()) << overlay.status();
  EXPECT_EQ(overlay->customers.size(), static_cast<size_t>(kWriters * kLines));
  ASSERT_TRUE(files.RemoveTree(workspace.root).ok());
}

}  // namespace
}  // namespace burgeon
