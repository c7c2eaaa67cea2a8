#include "engine/release/release_store.h"

#include "engine/release/release_tensors.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/release_fixture.h"
#include "tests/support/sequence_release.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;  // 2025-11-22T12:00:00Z
constexpr const char* kFiles[] = {"manifest.json", "tensors.safetensors", "item.index",
                                  "customer.index"};

class ReleaseStoreTest : public testing::Test {
 protected:
  std::string PublishOk(const ReleaseData& data) {
    clock_.Set(clock_.Now() + kMicrosPerSecond);
    const auto id = Publish(files_, workspace_, context_, clock_, data);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.ok() ? *id : "";
  }
  auto Load(FileSystem& files, const std::string& id) {
    return LoadRelease(files, workspace_, context_, id);
  }
  std::string Current(FileSystem& files) {
    const auto id = CurrentReleaseId(files, workspace_);
    return id.ok() ? *id : MessageOf(id.status());
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  FaultFileSystem files_;
  Workspace workspace_{"w"};
  FixedClock clock_{kNoon};
  const ReleaseData data_ = MakeSmallRelease(pool_);
};

TEST_F(ReleaseStoreTest, PublishedIsCurrentAndGivesBackEverything) {
  const std::string id = PublishOk(data_);
  EXPECT_THAT(id, MatchesRegex("20251122T120001Z-[0-9a-f]{8}"));
  EXPECT_EQ(Current(files_), id);
  const auto release = Load(files_, id);
  ASSERT_TRUE(release.ok()) << release.status();
  const ReleaseData& loaded = (*release)->data();
  EXPECT_EQ((*release)->id(), id);
  EXPECT_EQ(SerializeTensors(ReleaseTensors(loaded)), SerializeTensors(ReleaseTensors(data_)));
  EXPECT_EQ(loaded.snapshot_id, data_.snapshot_id);
  EXPECT_EQ(loaded.as_of, data_.as_of);
  EXPECT_EQ(loaded.config_sha256, data_.config_sha256);
  EXPECT_EQ(loaded.metrics_json, data_.metrics_json);
  EXPECT_EQ(loaded.event_weights.weight, data_.event_weights.weight);
  EXPECT_EQ(loaded.consent_policy.when_unsaid, data_.consent_policy.when_unsaid);
  EXPECT_EQ(loaded.pseudonymous, data_.pseudonymous);
  EXPECT_EQ((*release)->item_index().params().kind, IndexKind::kHnsw);
  EXPECT_EQ((*release)->item_index().params().similarity, Similarity::kInnerProduct);
  EXPECT_EQ((*release)->customer_index().params().similarity, Similarity::kCosine);
  EXPECT_EQ((*release)->customer_index().rows(), kSmallCustomers);
}

// The same lists, bit for bit, from what was published and from what is loaded, for all customers
// and all ways to retrieve.
TEST_F(ReleaseStoreTest, ALoadedReleaseGivesTheSameLists) {
  const auto release = Load(files_, PublishOk(data_));
  ASSERT_TRUE(release.ok()) << release.status();
  IndexParams customer_params = data_.customer_index;
  const auto item_index = BuildIndex(data_.recommender.item_embeddings.view(), data_.item_index);
  const auto customer_index =
      BuildIndex(data_.recommender.customer_embeddings.view(), customer_params);
  std::vector<RecommendQuery> queries(kSmallCustomers);
  for (uint32_t c = 0; c < kSmallCustomers; ++c) queries[c].customer = CustomerRow(c);
  const auto parts_of = [](const ReleaseData& data, const VectorIndex* items,
                           const VectorIndex* customers) {
    RecommenderParts parts;
    parts.model = &data.recommender;
    parts.interactions = data.interactions.view();
    parts.seen = data.seen.view();
    parts.item_index = items;
    parts.customer_index = customers;
    return parts;
  };
  for (const RecommendMethod method :
       {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
    for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
      RecommendOptions options;
      options.method = method;
      options.retrieval = retrieval;
      const auto before = Recommend(
          context_, parts_of(data_, item_index->get(), customer_index->get()), queries, options);
      const auto after = Recommend(
          context_,
          parts_of((*release)->data(), &(*release)->item_index(), &(*release)->customer_index()),
          queries, options);
      ASSERT_TRUE(before.ok()) << before.status();
      ASSERT_TRUE(after.ok()) << after.status();
      for (size_t c = 0; c < queries.size(); ++c) {
        EXPECT_FALSE((*before)[c].items.empty());
        EXPECT_EQ((*before)[c].items, (*after)[c].items) << "customer " << c;
      }
    }
  }
}

TEST_F(ReleaseStoreTest, ASequenceModelIsPublishedWithItsOrder) {
  const ReleaseData data = MakeSmallSequenceRelease(pool_);
  const auto release = Load(files_, PublishOk(data));
  ASSERT_TRUE(release.ok()) << release.status();
  const ReleaseData& loaded = (*release)->data();
  EXPECT_EQ(loaded.order.items, data.order.items);
  // What the release answers a customer from is what it would make of the order it holds.
  const auto folded =
      FoldIn(context_, loaded.recommender,
             {.weights = loaded.interactions.view(), .sequence = loaded.order.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_EQ(folded->values(), loaded.recommender.customer_embeddings.values());
  ReleaseData without = data;
  without.order = {};
  const auto refused = Publish(files_, workspace_, context_, clock_, without);
  EXPECT_EQ(MessageOf(refused.status()), "publish: order: rows: 0; there are 40 customers");
}

TEST_F(ReleaseStoreTest, ListsOldestFirstAndRollsBackByPointer) {
  EXPECT_TRUE(ListReleases(files_, workspace_)->empty());
  const std::string first = PublishOk(data_);
  const std::string second = PublishOk(MakeSmallRelease(pool_, 2));
  const std::string third = PublishOk(MakeSmallRelease(pool_, 3));
  const auto releases = ListReleases(files_, workspace_);
  ASSERT_TRUE(releases.ok()) << releases.status();
  ASSERT_EQ(releases->size(), 3U);
  EXPECT_EQ((*releases)[0].id, first);
  EXPECT_EQ((*releases)[2].id, third);
  EXPECT_FALSE((*releases)[1].current);
  EXPECT_TRUE((*releases)[2].current);
  const ReleaseInfo& info = (*releases)[0];
  EXPECT_EQ(info.problem, "");
  EXPECT_EQ(info.customers, kSmallCustomers);
  EXPECT_EQ(info.items, kSmallItems);
  EXPECT_EQ(info.created_at, kNoon + kMicrosPerSecond);
  EXPECT_EQ(info.as_of, data_.as_of);
  EXPECT_EQ(info.recommender, "spectral");
  EXPECT_EQ(info.metrics_json, data_.metrics_json);
  EXPECT_GT(info.bytes, std::ssize(SerializeTensors(ReleaseTensors(data_))));

  EXPECT_EQ(*RollBack(files_, workspace_, context_, ""), second);
  EXPECT_EQ(*RollBack(files_, workspace_, context_, ""), first);
  EXPECT_EQ(Current(files_), first);
  const auto oldest = RollBack(files_, workspace_, context_, "");
  EXPECT_EQ(oldest.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(oldest.status()), HasSubstr("no release is older than the current one"));
  EXPECT_EQ(*RollBack(files_, workspace_, context_, third), third);
  EXPECT_EQ(Current(files_), third);
  EXPECT_EQ(ListReleases(files_, workspace_)->size(), 3U);
}

TEST_F(ReleaseStoreTest, NamesWhatIsNotThere) {
  EXPECT_EQ(CurrentReleaseId(files_, workspace_).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(RollBack(files_, workspace_, context_, "").status().code(),
            absl::StatusCode::kNotFound);
  PublishOk(data_);
  for (const char* const id : {"20251122T120001Z-00000000", "", "../x", "..", "a/b"}) {
    const auto release = Load(files_, id);
    EXPECT_EQ(release.status().code(), absl::StatusCode::kNotFound) << id;
    EXPECT_THAT(MessageOf(release.status()), HasSubstr("w/releases"));
  }
  ASSERT_TRUE(WriteFileAtomically(files_, "w/current", "../../etc\n").ok());
  EXPECT_THAT(Current(files_), HasSubstr("w/current: holds '../../etc"));
}

TEST_F(ReleaseStoreTest, PublishingTheSameTwiceInOneMomentIsOne) {
  const auto first = Publish(files_, workspace_, context_, clock_, data_);
  const auto second = Publish(files_, workspace_, context_, clock_, data_);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*first, *second);
  EXPECT_THAT(*files_.List("w/releases"), testing::ElementsAre(*first));
}

TEST_F(ReleaseStoreTest, RefusesPartsThatDoNotFitAndKeepsTheOldRelease) {
  const std::string id = PublishOk(data_);
  ReleaseData bad = data_;
  bad.consent.pop_back();
  const auto refused = Publish(files_, workspace_, context_, clock_, bad);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(MessageOf(refused.status()), "publish: consent: 39; there are 40 customers");
  bad = data_;
  bad.metrics_json = "none";
  EXPECT_THAT(MessageOf(Publish(files_, workspace_, context_, clock_, bad).status()),
              HasSubstr("publish: metrics: is not JSON"));
  bad = data_;
  bad.snapshot_id = "\xff";
  EXPECT_THAT(MessageOf(Publish(files_, workspace_, context_, clock_, bad).status()),
              HasSubstr("is not UTF-8"));
  EXPECT_EQ(Current(files_), id);
  EXPECT_EQ(ListReleases(files_, workspace_)->size(), 1U);
}

TEST_F(ReleaseStoreTest, EveryDamagedFileIsNamed) {
  const std::string id = PublishOk(data_);
  for (const char* const name : kFiles) {
    const std::string path = JoinPath("w/releases/" + id, name);
    const std::string bytes = files_.Content(path);
    const auto expect_named = [&](const std::string& what) {
      const auto release = Load(files_, id);
      EXPECT_EQ(release.status().code(), absl::StatusCode::kDataLoss) << what << " " << path;
      EXPECT_THAT(MessageOf(release.status()), StartsWith(path)) << what;
    };
    files_.SetContent(path, bytes + "x");
    expect_named("longer");
    if (!bytes.empty()) {  // a flat index keeps nothing
      files_.SetContent(path, bytes.substr(0, bytes.size() / 2));
      expect_named("cut");
      files_.SetContent(path, "");
      expect_named("empty");
      files_.SetContent(path, std::string(bytes.size(), '\0'));
      expect_named("zeros");
    }
    ASSERT_TRUE(files_.RemoveFile(path).ok());
    expect_named("missing");
    EXPECT_NE((*ListReleases(files_, workspace_))[0].problem, "");
    ASSERT_TRUE(WriteFileAtomically(files_, path, bytes).ok());
    EXPECT_TRUE(Load(files_, id).ok());
    EXPECT_EQ((*ListReleases(files_, workspace_))[0].problem, "");
  }
}

// One bit at a time over the whole release, at a stride that shares no factor with a byte, so that
// every kind of byte and every bit comes up.
TEST_F(ReleaseStoreTest, NoFlippedBitPasses) {
  const std::string id = PublishOk(data_);
  for (const char* const name : kFiles) {
    const std::string path = JoinPath("w/releases/" + id, name);
    const std::string bytes = files_.Content(path);
    const bool is_manifest = std::string(name) == "manifest.json";
    for (size_t bit = 0; bit < bytes.size() * 8; bit += is_manifest ? 101 : 1009) {
      std::string damaged = bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
      files_.SetContent(path, damaged);
      const auto release = Load(files_, id);
      // The manifest has no checksum of its own: a flip may leave another valid one, say another
      // metric; what answers depend on is then still what the files and golden queries hold.
      if (is_manifest && release.ok()) continue;
      ASSERT_EQ(release.status().code(), absl::StatusCode::kDataLoss) << path << " bit " << bit;
      EXPECT_THAT(MessageOf(release.status()), HasSubstr(id));
    }
    files_.SetContent(path, bytes);
  }
}

TEST_F(ReleaseStoreTest, ADamagedTargetIsRefusedAndCurrentStays) {
  const std::string first = PublishOk(data_);
  const std::string second = PublishOk(MakeSmallRelease(pool_, 2));
  const std::string path = "w/releases/" + first + "/tensors.safetensors";
  std::string bytes = files_.Content(path);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  files_.SetContent(path, bytes);
  for (const std::string& target : {first, std::string()}) {
    const auto rolled = RollBack(files_, workspace_, context_, target);
    EXPECT_EQ(rolled.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(MessageOf(rolled.status()), StartsWith(path));
    EXPECT_EQ(Current(files_), second);
  }
}

// Releases of one second are told apart by the time in their manifests, whatever their hashes.
TEST_F(ReleaseStoreTest, RollsBackWithinOneSecond) {
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    ReleaseData data = data_;
    data.config_sha256 = Concat("config ", i);
    clock_.Set(clock_.Now() + 1000);
    const auto id = Publish(files_, workspace_, context_, clock_, data);
    ASSERT_TRUE(id.ok()) << id.status();
    ids.push_back(*id);
  }
  for (size_t i = ids.size() - 1; i-- > 0;) {
    const auto id = RollBack(files_, workspace_, context_, "");
    ASSERT_TRUE(id.ok()) << id.status();
    EXPECT_EQ(*id, ids[i]);
  }
}

TEST_F(ReleaseStoreTest, ARenamedFolderIsNotAnotherRelease) {
  const std::string id = PublishOk(data_);
  const std::string other = "20251122T120001Z-00000000";
  ASSERT_TRUE(files_.Rename("w/releases/" + id, "w/releases/" + other).ok());
  EXPECT_THAT(MessageOf(Load(files_, other).status()),
              HasSubstr("is of release " + id + "; the folder is " + other));
}

TEST_F(ReleaseStoreTest, WorksOnTheRealFileSystem) {
  const Workspace workspace{Concat(testing::TempDir(), "burgeon_release_store")};
  FileSystem& files = RealFileSystem();
  ASSERT_TRUE(files.RemoveTree(workspace.root).ok());
  const auto id = Publish(files, workspace, context_, clock_, data_);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(*CurrentReleaseId(files, workspace), *id);
  EXPECT_TRUE(LoadRelease(files, workspace, context_, *id).ok());
  ASSERT_TRUE(files.RemoveTree(workspace.root).ok());
}

}  // namespace
}  // namespace burgeon
