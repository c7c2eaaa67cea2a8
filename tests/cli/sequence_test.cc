// The sequence model of a workspace: trained, published, evaluated, tuned, asked and swept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/session.h"
#include "engine/dataset/interaction_order.h"
#include "engine/models/candidate.h"
#include "engine/release/release_store.h"
#include "tests/cli/sequence_workspace.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

std::string CopyOfSequenceWorkspace(const std::string& name) {
  const std::string folder = FreshFolder(name);
  std::filesystem::copy(
      SequenceWorkspace(), folder,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  return folder;
}

class SequenceTest : public testing::Test {
 protected:
  std::shared_ptr<const LoadedRelease> Current(const std::string& workspace) {
    const Workspace place{workspace};
    const auto id = CurrentReleaseId(RealFileSystem(), place);
    EXPECT_TRUE(id.ok()) << id.status();
    auto release = LoadRelease(RealFileSystem(), place, context_, *id);
    EXPECT_TRUE(release.ok()) << release.status();
    return release.value_or(nullptr);
  }
  RecommenderModel LatestModel(const std::string& workspace) {
    const auto candidate =
        LoadLatestCandidate(RealFileSystem(), Workspace{workspace}.candidates(), "recommender");
    EXPECT_TRUE(candidate.ok() && candidate->has_value()) << candidate.status();
    auto model = ReadModelTensors((*candidate)->tensors);
    EXPECT_TRUE(model.ok()) << model.status();
    return model.value_or(RecommenderModel());
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(SequenceTest, APublishedReleaseHoldsTheOrderOfItsSnapshot) {
  const auto release = Current(SequenceWorkspace());
  ASSERT_NE(release, nullptr);
  const ReleaseData& data = release->data();
  EXPECT_EQ(data.recommender.kind, RecommenderKind::kSequence);
  ASSERT_EQ(data.recommender.order_length(), 12);
  const auto snapshot = LoadSnapshot(
      RealFileSystem(), JoinPath(Workspace{SequenceWorkspace()}.snapshots(), data.snapshot_id));
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  // Of the sample only purchases weigh something: the newest twelve of those not returned.
  const SnapshotEvents& events = snapshot->events;
  ASSERT_EQ(data.order.rows(), snapshot->customers.size());
  for (int64_t u = 0; u < data.order.rows(); ++u) {
    std::vector<uint32_t> expected;
    const auto kept = snapshot->interactions.view().row_columns(u);
    for (auto k = static_cast<size_t>(events.offsets[static_cast<size_t>(u)]);
         k < static_cast<size_t>(events.offsets[static_cast<size_t>(u) + 1]); ++k) {
      const bool there = std::ranges::binary_search(kept, events.item[k]);
      if (events.type[k] == EventType::kPurchase && there) expected.push_back(events.item[k]);
    }
    if (expected.size() > 12) expected.erase(expected.begin(), expected.end() - 12);
    const auto order = data.order.view().row(u);
    EXPECT_EQ(std::vector<uint32_t>(order.begin(), order.end()), expected) << u;
  }
  // The list of a customer is by the fold-in of that order.
  const auto folded = FoldIn(context_, data.recommender,
                             {.weights = data.interactions.view(), .sequence = data.order.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_EQ(folded->values(), data.recommender.customer_embeddings.values());
}

TEST_F(SequenceTest, ARunOfTheWholePipelineGivesTheSameModel) {
  const std::string workspace = FreshFolder("sequence_run");
  const Outcome outcome = Burgeon(SequenceVerb({"run", "--quiet"}, workspace));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(EmbeddingsSha256(Current(workspace)->data().recommender),
            EmbeddingsSha256(Current(SequenceWorkspace())->data().recommender));
}

// Items learn nothing from somebody who refuses recommendations; another purchase of theirs changes
// their own embedding alone.
TEST_F(SequenceTest, WhoDoesNotConsentTeachesNothing) {
  const std::string workspace = CopyOfSequenceWorkspace("sequence_consent");
  const ReleaseData data = Current(workspace)->data();
  const auto row = static_cast<uint32_t>(data.customers.size() / 2);
  const std::string customer = data.customers.id(row);
  ASSERT_EQ(Burgeon({"consent", "set", customer, "recommend", "false", "--workspace", workspace})
                .exit_code,
            0);
  const auto train = [&] {
    const Outcome outcome = Burgeon(SequenceVerb({"train", "recommender"}, workspace));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return LatestModel(workspace);
  };
  const RecommenderModel before = train();
  EXPECT_NE(before.item_embeddings.values(), data.recommender.item_embeddings.values());
  const auto embedding = before.customer_embeddings.row(row);
  EXPECT_TRUE(std::ranges::any_of(embedding, [](float x) { return x != 0; }));
  WriteText(workspace + "/more.csv",
            Concat("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,",
                   "Country\n999999,", data.items.id(7), ",X,6,2011-12-09 12:00:00,2.55,", customer,
                   ".0,United Kingdom\n"));
  ASSERT_EQ(Burgeon({"ingest", "--config", SampleConfig(), "--workspace", workspace, "--input",
                     workspace + "/more.csv"})
                .exit_code,
            0);
  const RecommenderModel after = train();
  EXPECT_EQ(after.item_embeddings.values(), before.item_embeddings.values());
  EXPECT_EQ(after.popularity, before.popularity);
  for (int64_t u = 0; u < after.customer_embeddings.rows(); ++u) {
    const bool same =
        std::ranges::equal(after.customer_embeddings.row(u), before.customer_embeddings.row(u));
    EXPECT_EQ(same, u != row) << u;
  }
}

TEST_F(SequenceTest, AnErasureTakesTheOrderToo) {
  const std::string workspace = CopyOfSequenceWorkspace("sequence_erase");
  const ReleaseData before = Current(workspace)->data();
  const std::string customer = before.customers.id(3);
  ASSERT_FALSE(before.order.view().row(3).empty());
  const Outcome swept = Burgeon({"erase", customer, "--workspace", workspace, "--json"});
  ASSERT_EQ(swept.exit_code, 0) << swept.err;
  const ReleaseData after = Current(workspace)->data();
  EXPECT_EQ(after.customers.Find(customer), std::nullopt);
  ASSERT_EQ(after.order.rows(), before.order.rows() - 1);
  EXPECT_EQ(std::ssize(after.order.items),
            std::ssize(before.order.items) - std::ssize(before.order.view().row(3)));
  for (int64_t u = 0; u < after.order.rows(); ++u) {
    EXPECT_TRUE(
        std::ranges::equal(after.order.view().row(u), before.order.view().row(u < 3 ? u : u + 1)));
  }
  EXPECT_EQ(Burgeon({"erase", "--verify", customer, "--workspace", workspace}).exit_code, 0);
  // What was trained before is published again without the person.
  const Outcome again = Burgeon(SequenceVerb({"publish"}, workspace));
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Current(workspace)->data().order.items, after.order.items);
}

TEST_F(SequenceTest, BothSplitsOfTheWorkspaceOfferIt) {
  for (const char* split : {"time", "leave-last-out"}) {
    const Outcome outcome = Burgeon(SequenceVerb({"evaluate", "recommender", "--models", "sequence",
                                                  "--split", split, "--bootstrap", "0", "--json"},
                                                 SequenceWorkspace()));
    ASSERT_EQ(outcome.exit_code, 0) << split << outcome.err;
    const nlohmann::json result = outcome.json();
    EXPECT_EQ(result["model_order"][0], "sequence") << split;
    EXPECT_TRUE(result["models"]["sequence"].contains("ndcg@20")) << split;
    EXPECT_TRUE(result["models"].contains("popularity")) << split;
  }
}

TEST_F(SequenceTest, EveryKindOfValidationTunesIt) {
  const std::string workspace = CopyOfSequenceWorkspace("sequence_tune");
  for (const char* kind : {"time", "leave_last_out", "random"}) {
    const Outcome outcome = Burgeon(SequenceVerb(
        {"tune", "--journal", Concat(workspace, "/", kind, ".jsonl"), "--json", "--set",
         Concat("tune={space: {sequence.dim: {int: [4, 8]}}, budget: {trials: 2}, halving: "
                "{rounds: 1}, validation: {kind: ",
                kind, "}}")},
        workspace));
    ASSERT_EQ(outcome.exit_code, 0) << kind << outcome.err;
    EXPECT_EQ(outcome.json()["model"], "sequence");
    for (const nlohmann::json& trial : outcome.json()["trials"]) {
      EXPECT_TRUE(trial.contains("metric")) << kind << trial;
    }
  }
}

}  // namespace
}  // namespace burgeon
