#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

constexpr char kTwoSources[] = R"(
sources:
  - name: shop
    input: shop.csv
    fields:
      customer: {column: who, required: true}
      item: {column: what}
      time: {column: when}
      type: {default: view}
  - name: people
    kind: customers
    input: people.csv
    fields: {id: {column: who}, attributes: {city: {column: city}}}
  - name: later
    fields: {customer: {column: who}, time: {column: when}, type: {default: click}}
consent: {default: granted}
)";

// A folder with the config above and its files.
std::string MakeJob(const std::string& name) {
  const std::string folder = FreshFolder(name);
  WriteText(folder + "/job.yaml", kTwoSources);
  WriteText(folder + "/shop.csv", "who,what,when\na,x,2026-01-01\nb,y,2026-01-02\n");
  WriteText(folder + "/people.csv", "who,city\na,Lyon\n");
  return folder;
}

Outcome Ingest(const std::string& folder, std::vector<std::string> more) {
  std::vector<std::string> arguments = {"ingest",      "--config",    folder + "/job.yaml",
                                        "--workspace", folder + "/w", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Burgeon(arguments);
}

TEST(IngestTest, AllSourcesThatNameAnInputInOrder) {
  const std::string folder = MakeJob("ingest_all");
  const Outcome outcome = Ingest(folder, {});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json ingests = outcome.json().at("ingests");
  ASSERT_EQ(ingests.size(), 2U);
  EXPECT_EQ(ingests[0]["source"], "shop");
  EXPECT_EQ(ingests[0]["events_added"], 2);
  EXPECT_EQ(ingests[1]["source"], "people");
  EXPECT_EQ(ingests[1]["attribute_rows"], 1);
  EXPECT_EQ(ingests[0]["number"], 1);
  EXPECT_EQ(ingests[1]["number"], 2);
}

TEST(IngestTest, OneSourceByNameWithAnotherFile) {
  const std::string folder = MakeJob("ingest_one");
  WriteText(folder + "/more.csv", "who,when\nz,2026-02-01\n");
  const Outcome outcome = Ingest(folder, {"--source", "later", "--input", folder + "/more.csv"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  ASSERT_EQ(outcome.json().at("ingests").size(), 1U);
  EXPECT_EQ(outcome.json()["ingests"][0]["events_by_type"]["click"], 1);
}

TEST(IngestTest, WhatIsNotClearIsAnError) {
  const std::string folder = MakeJob("ingest_unclear");
  Outcome outcome = Ingest(folder, {"--input", folder + "/shop.csv"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("several sources (shop, people, later); --source must say"));
  outcome = Ingest(folder, {"--source", "shops"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no such source; it has shop, people, later"));
  outcome = Ingest(folder, {"--source", "later"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--input was not given"));
}

TEST(IngestTest, TheFirstSourceStaysWhenTheSecondFails) {
  const std::string folder = MakeJob("ingest_half");
  WriteText(folder + "/people.csv", "who,town\na,Lyon\n");
  EXPECT_EQ(Ingest(folder, {}).exit_code, 2);
  WriteText(folder + "/people.csv", "who,city\na,Lyon\n");
  const Outcome outcome = Ingest(folder, {});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["ingests"][0]["already_stored"], 2);
}

TEST(IngestTest, AnIngestReplacesAnEarlierOne) {
  const std::string folder = MakeJob("ingest_replace");
  const Outcome first = Ingest(folder, {"--source", "shop"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string id = first.json()["ingests"][0]["ingest"];
  const Outcome second = Ingest(folder, {"--source", "shop", "--replace", id});
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(second.json()["ingests"][0]["events_added"], 2);
  EXPECT_EQ(second.json()["ingests"][0]["events_replaced"], 2);
}

TEST(MapTest, WritesAConfigurationAndDoesNotWriteOverOne) {
  const std::string folder = MakeJob("map");
  const std::vector<std::string> arguments = {"map", folder + "/shop.csv", "--out",
                                              folder + "/proposed.yaml"};
  const Outcome outcome = Burgeon(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("to check: "));
  EXPECT_THAT(ReadText(folder + "/proposed.yaml"), HasSubstr("time: {column: \"when\"}"));
  EXPECT_EQ(Burgeon(arguments).exit_code, 5);
  EXPECT_EQ(Burgeon({"map", folder + "/none.csv"}).exit_code, 3);
}

}  // namespace
}  // namespace burgeon
