#include "engine/erasure/customer_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/erasure/lineage.h"
#include "engine/erasure/person_ids.h"
#include "tests/support/erasure_world.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class OnePersonTest : public testing::Test {
 protected:
  void SetUp() override { world_.Make(files_); }

  std::vector<ErasureRequest> IdsOf(const std::vector<std::string>& given) {
    const auto ids = AllIdsOf(files_, world_.pool(), world_.workspace(), given, {});
    EXPECT_TRUE(ids.ok()) << ids.status();
    return ids.value_or(std::vector<ErasureRequest>());
  }

  FaultFileSystem files_;
  FixedClock clock_{kErasureNoon + 2 * kMicrosPerDay};
  ErasureWorld world_;
};

std::vector<std::string> Names(const std::vector<ErasureRequest>& ids) {
  std::vector<std::string> names;
  for (const ErasureRequest& id : ids) names.push_back(id.customer);
  return names;
}

TEST_F(OnePersonTest, AnyIdFindsAllIdsOfThePerson) {
  EXPECT_THAT(Names(IdsOf({"c05"})), ElementsAre("c05", "cookie-5"));
  EXPECT_THAT(Names(IdsOf({"cookie-5"})), ElementsAre("c05", "cookie-5"));
  EXPECT_THAT(Names(IdsOf({"cookie-7", "c01", "c01"})), ElementsAre("c01", "c07", "cookie-7"));
  EXPECT_THAT(Names(IdsOf({"nobody"})), ElementsAre("nobody"));
  for (const std::string& bad : {std::string(), std::string(513, 'x'), std::string("\xff")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        AllIdsOf(files_, world_.pool(), world_.workspace(), std::vector<std::string>{bad}, {})
            .status()));
  }
}

TEST_F(OnePersonTest, AnIdOfAWorkspaceOfPseudonymsNeedsTheKey) {
  PersonLookup key;
  key.pseudonym = [](std::string_view id) { return Sha256Hex(id); };
  EXPECT_EQ(*StoredForm("17850", true, key), Sha256Hex("17850"));
  EXPECT_EQ(*StoredForm(Sha256Hex("17850"), true, {}), Sha256Hex("17850"));
  EXPECT_THAT(MessageOf(StoredForm("17850", true, {}).status()), HasSubstr("pseudonym_key_file"));
  EXPECT_EQ(*StoredForm("17850", false, key), "17850");
  FaultFileSystem empty;  // the form is kept for the sweep
  const std::vector<std::string> given = {"17850"};
  const auto ids = AllIdsOf(empty, world_.pool(), {"w"}, given, key);
  ASSERT_TRUE(ids.ok()) << ids.status();
  ASSERT_EQ(ids->size(), 1U);
  EXPECT_EQ((*ids)[0].customer, Sha256Hex("17850"));
  EXPECT_EQ((*ids)[0].form, "17850");
}

TEST_F(OnePersonTest, AnExportHasAllOfThePersonAndNobodyElse) {
  const ConsentRecord said{"cookie-5", Purpose::kScore, true, kErasureNoon};
  ASSERT_TRUE(AppendConsentRecords(files_, world_.workspace(), clock_, {&said, 1}).ok());
  const auto exported =
      ExportCustomer(files_, world_.workspace(), world_.context(), clock_, IdsOf({"c05"}));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_TRUE(exported->found);
  const auto json = nlohmann::json::parse(exported->json, nullptr, false);
  EXPECT_EQ(json["ids"]["entries"], nlohmann::json({"c05", "cookie-5"}));
  EXPECT_EQ(json["events"]["entries"].size(), 4U);  // three purchases and a view
  EXPECT_EQ(json["links"]["entries"].size(), 1U);
  EXPECT_EQ(json["attributes"]["entries"].size(), 1U);
  EXPECT_EQ(json["attributes"]["entries"][0]["value"], "town of c05");
  EXPECT_EQ(json["attributes"]["entries"][0]["source"], "shop");
  EXPECT_EQ(json["consent"]["entries"].size(), 1U);
  EXPECT_EQ(json["answers"]["entries"].size(), 1U);
  EXPECT_EQ(json["answers"]["entries"][0]["recommendations_answered"].size(), 10U);
  EXPECT_EQ(json["audiences"]["entries"].size(), 2U);
  EXPECT_EQ(json["audiences"]["entries"][0]["header"], "customer_id,score");
  EXPECT_EQ(json["audiences"]["entries"][0]["rows"], nlohmann::json({"c05,0.25"}));
  EXPECT_EQ(json["rows_kept_apart"]["entries"].size(), 1U);  // of the quarantine
  for (const char* const part : {"ids", "events", "attributes", "consent", "answers"}) {
    EXPECT_GT(json[part]["what_this_is"].get<std::string>().size(), 20U) << part;
  }
  for (int c = 0; c < 12; ++c) {
    if (c == 5) continue;
    const std::string other = Concat("c", c < 10 ? "0" : "", c);
    EXPECT_THAT(exported->json, Not(HasSubstr(Concat("\"", other, "\"")))) << other;
    EXPECT_THAT(exported->json, Not(HasSubstr(Concat("town of ", other)))) << other;
  }
  EXPECT_THAT(exported->json, Not(HasSubstr("cookie-7")));
}

TEST_F(OnePersonTest, OfAStrangerNothingIsHeld) {
  const auto exported =
      ExportCustomer(files_, world_.workspace(), world_.context(), clock_, IdsOf({"nobody"}));
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_FALSE(exported->found);
}

TEST_F(OnePersonTest, TheLineageOfAReleaseGoesBackToTheFile) {
  Lineage lineage(files_, world_.workspace());
  const auto node = lineage.OfRelease("");
  ASSERT_TRUE(node.ok()) << node.status();
  EXPECT_TRUE(node->whole()) << LineageJson(*node);
  EXPECT_EQ(node->id, world_.releases()[1]);
  ASSERT_EQ(node->from.size(), 2U);  // the candidate and the snapshot
  const LineageNode& candidate = node->from[0];
  EXPECT_EQ(candidate.kind, "candidate");
  const LineageNode& snapshot = candidate.from.at(0);
  EXPECT_EQ(snapshot.kind, "snapshot");
  const LineageNode& store = snapshot.from.at(0);
  EXPECT_EQ(store.id, "version 1");
  const LineageNode& file = store.from.at(0).from.at(0);
  EXPECT_EQ(file.kind, "file");
  EXPECT_EQ(file.id, "in/shop.csv");
  EXPECT_THAT(LineageLines(*node), testing::Contains(HasSubstr("file in/shop.csv")));
}

TEST_F(OnePersonTest, ABrokenChainSaysWhere) {
  ASSERT_TRUE(WriteFileAtomically(files_, "in/shop.csv", "changed").ok());
  Lineage lineage(files_, world_.workspace());
  auto node = lineage.OfIngest(1);
  ASSERT_TRUE(node.ok()) << node.status();
  EXPECT_FALSE(node->whole());
  EXPECT_THAT(node->from.at(0).broken, HasSubstr("the file was changed"));
  ASSERT_TRUE(files_.RemoveFile("in/shop.csv").ok());
  node = lineage.OfIngest(1);
  EXPECT_THAT(node->from.at(0).broken, HasSubstr("not there any more"));
  EXPECT_THAT(lineage.OfIngest(2)->broken, HasSubstr("no ingest 2"));
  EXPECT_THAT(lineage.OfSnapshot("../x")->broken, HasSubstr("is no id"));
  EXPECT_THAT(lineage.OfRelease("20261122T154500Z-1a2b3c4d")->broken, HasSubstr("not in"));
  EXPECT_TRUE(absl::IsNotFound(lineage.OfMetric("no-such").status()));
}

TEST_F(OnePersonTest, ARowAndARecommendationAreFoundInTheStore) {
  Lineage lineage(files_, world_.workspace());
  const auto row = lineage.OfEvent(1, 2);  // the first row behind the header: c00 bought i00
  ASSERT_TRUE(row.ok()) << row.status();
  ASSERT_FALSE(row->from.empty());
  EXPECT_EQ(row->from[0].kind, "event");
  EXPECT_THAT(LineageJson(*row), HasSubstr("\"customer\": \"c00\""));
  const auto answer = lineage.OfRecommendation({"c05", "cookie-5"}, "i03");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->facts[0].second, "5");
  EXPECT_EQ(answer->from.back().kind, "release");
  const auto metric = lineage.OfMetric("ndcg@20");
  ASSERT_TRUE(metric.ok()) << metric.status();
  EXPECT_THAT(metric->facts, ElementsAre(testing::Pair("recommender.ndcg@20", "0.25")));
}

}  // namespace
}  // namespace burgeon
