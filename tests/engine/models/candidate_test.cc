#include "engine/models/candidate.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;  // 2025-11-22T12:00:00Z

Candidate MakeCandidate(float value) {
  Candidate candidate;
  candidate.kind = "churn";
  candidate.snapshot_id = "0123456789abcdef";
  candidate.config_sha256 = "feed";
  candidate.metrics_json = R"({"auc":0.75})";
  candidate.tensors.Add("w", std::span<const float>(&value, 1));
  return candidate;
}

float Value(const Candidate& candidate) { return (*candidate.tensors.GetFloats("w"))[0]; }

TEST(CandidateTest, GivesBackTheNewestOfAKind) {
  FaultFileSystem files;
  FixedClock clock(kNoon);
  const auto first = WriteCandidate(files, "w/candidates", clock, MakeCandidate(1));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(*first, testing::MatchesRegex("churn-20251122T120000Z-[0-9a-f]{8}"));
  clock.Set(kNoon + 3 * kMicrosPerSecond);
  const auto second = WriteCandidate(files, "w/candidates", clock, MakeCandidate(2));
  ASSERT_TRUE(second.ok()) << second.status();
  Candidate other = MakeCandidate(3);
  other.kind = "recommender";
  clock.Set(kNoon + 9 * kMicrosPerSecond);
  ASSERT_TRUE(WriteCandidate(files, "w/candidates", clock, other).ok());

  const auto loaded = LoadLatestCandidate(files, "w/candidates", "churn");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_TRUE(loaded->has_value());
  EXPECT_EQ((*loaded)->id, *second);
  EXPECT_EQ((*loaded)->kind, "churn");
  EXPECT_EQ((*loaded)->snapshot_id, "0123456789abcdef");
  EXPECT_EQ((*loaded)->config_sha256, "feed");
  EXPECT_EQ((*loaded)->metrics_json, R"({"auc":0.75})");
  EXPECT_EQ((*loaded)->created_at, kNoon + 3 * kMicrosPerSecond);
  EXPECT_EQ(Value(**loaded), 2);
}

TEST(CandidateTest, WithinOneSecondTheManifestDecides) {
  FaultFileSystem files;
  FixedClock clock(kNoon);
  for (int i = 0; i < 8; ++i) {
    clock.Set(kNoon + i);
    const float value = static_cast<float>(i);
    ASSERT_TRUE(WriteCandidate(files, "c", clock, MakeCandidate(value)).ok());
    EXPECT_EQ(Value(**LoadLatestCandidate(files, "c", "churn")), value);
  }
}

TEST(CandidateTest, TheSameTwiceIsOne) {
  FaultFileSystem files;
  const FixedClock clock(kNoon);
  const std::string first = *WriteCandidate(files, "c", clock, MakeCandidate(1));
  const auto second = WriteCandidate(files, "c", clock, MakeCandidate(1));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*second, first);
  EXPECT_THAT(*files.List("c"), ElementsAre(first));
}

TEST(CandidateTest, NothingThereIsNothing) {
  FaultFileSystem files;
  EXPECT_FALSE(LoadLatestCandidate(files, "c", "churn")->has_value());
  ASSERT_TRUE(WriteCandidate(files, "c", FixedClock(kNoon), MakeCandidate(1)).ok());
  EXPECT_FALSE(LoadLatestCandidate(files, "c", "recommender")->has_value());
}

TEST(CandidateTest, RefusesWhatItCouldNotGiveBack) {
  FaultFileSystem files;
  const auto write = [&](const Candidate& candidate) {
    return WriteCandidate(files, "c", FixedClock(kNoon), candidate).status();
  };
  Candidate candidate = MakeCandidate(1);
  candidate.kind = "../x";
  EXPECT_EQ(write(candidate).code(), absl::StatusCode::kInvalidArgument);
  candidate = MakeCandidate(1);
  candidate.metrics_json = "not json";
  EXPECT_THAT(MessageOf(write(candidate)), HasSubstr("candidate metrics: is not JSON"));
  candidate = MakeCandidate(1);
  candidate.snapshot_id = "\xff";
  EXPECT_THAT(MessageOf(write(candidate)), HasSubstr("'\\xff' is not UTF-8"));
  EXPECT_EQ(files.steps(), 0);
}

TEST(CandidateTest, DamageIsNamed) {
  FaultFileSystem files;
  const std::string id = *WriteCandidate(files, "c", FixedClock(kNoon), MakeCandidate(1));
  const std::string folder = "c/" + id;
  for (const std::string name : {"tensors.safetensors", "manifest.json"}) {
    const std::string path = JoinPath(folder, name);
    const std::string bytes = files.Content(path);
    ASSERT_FALSE(bytes.empty());
    const auto damaged = files.Clone();
    damaged->SetContent(path, bytes.substr(0, bytes.size() / 2));
    const auto cut = LoadLatestCandidate(*damaged, "c", "churn");
    EXPECT_EQ(cut.status().code(), absl::StatusCode::kDataLoss) << name;
    EXPECT_THAT(MessageOf(cut.status()), HasSubstr(path));
    ASSERT_TRUE(damaged->RemoveFile(path).ok());
    EXPECT_THAT(MessageOf(LoadLatestCandidate(*damaged, "c", "churn").status()), HasSubstr(path));
  }
  const std::string path = JoinPath(folder, "tensors.safetensors");
  std::string flipped = files.Content(path);
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  files.SetContent(path, flipped);
  EXPECT_THAT(MessageOf(LoadLatestCandidate(files, "c", "churn").status()),
              HasSubstr(path + ": the SHA-256 is "));
}

// After a crash at any step the newest candidate is the old one or the new one, whole.
TEST(CandidateTest, IsOldOrNewAfterACrashAtEveryStep) {
  FaultFileSystem before;
  ASSERT_TRUE(WriteCandidate(before, "c", FixedClock(kNoon), MakeCandidate(1)).ok());
  const FixedClock later(kNoon + kMicrosPerDay);
  bool done = false;
  for (int64_t step = 0; !done; ++step) {
    const auto run = before.Clone();
    run->CrashAfter(step);
    done = WriteCandidate(*run, "c", later, MakeCandidate(2)).ok();
    for (const Survival survival : kAllSurvivals) {
      SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival)));
      const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
      const auto loaded = LoadLatestCandidate(*disk, "c", "churn");
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      const float value = Value(**loaded);
      EXPECT_TRUE(value == 2 || (value == 1 && !done)) << value;
      // And the next one succeeds, and leaves no rubbish.
      ASSERT_TRUE(WriteCandidate(*disk, "c", later, MakeCandidate(3)).ok());
      const auto names = disk->List("c");
      EXPECT_THAT(*names, Each(StartsWith("churn-")));
    }
  }
}

TEST(CandidateTest, AFaultAtEveryStepLeavesTheOldOne) {
  FaultFileSystem before;
  ASSERT_TRUE(WriteCandidate(before, "c", FixedClock(kNoon), MakeCandidate(1)).ok());
  const FixedClock later(kNoon + kMicrosPerDay);
  const auto rehearsal = before.Clone();
  ASSERT_TRUE(WriteCandidate(*rehearsal, "c", later, MakeCandidate(2)).ok());
  for (const FaultKind kind : {FaultKind::kIoError, FaultKind::kDiskFull}) {
    for (int64_t step = 0; step < rehearsal->steps(); ++step) {
      SCOPED_TRACE(Concat("step ", step));
      const auto run = before.Clone();
      run->FailAfter(step, kind);
      const auto id = WriteCandidate(*run, "c", later, MakeCandidate(2));
      // A disk that runs full after the last byte hurts nobody.
      EXPECT_TRUE(kind == FaultKind::kDiskFull || !id.ok());
      run->FailAfter(INT32_MAX, kind);
      const auto loaded = LoadLatestCandidate(*run, "c", "churn");
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      const float value = Value(**loaded);
      EXPECT_TRUE(id.ok() ? value == 2 : value == 1 || value == 2) << value;
    }
  }
}

}  // namespace
}  // namespace burgeon
