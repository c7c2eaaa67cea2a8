// burgeon simulate, and what it makes through ingest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/exit_code.h"
#include "cli/verb.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

std::vector<std::string> Small(const std::string& out) {
  return {"simulate", "--customers", "60",     "--items", "40", "--days",
          "60",       "--seed",      "7",      "--out",   out,  "--events-per-customer",
          "30",       "--json",      "--quiet"};
}

TEST(Simulate, WritesAWorldThatIngestTakesWhole) {
  const std::string folder = FreshFolder("simulate");
  const Outcome made = Burgeon(Small(folder + "/world"));
  ASSERT_EQ(made.exit_code, kExitOk) << made.err;
  const int64_t events = made.json()["events"];
  EXPECT_GT(events, 60 * 10);
  const Outcome ingested = Burgeon({"ingest", "--config", folder + "/world/job.yaml", "--workspace",
                                    folder + "/work", "--json", "--quiet"});
  ASSERT_EQ(ingested.exit_code, kExitOk) << ingested.err;
  // Every event is taken: none is bad, none is there twice.
  int64_t added = 0;
  int64_t attribute_rows = 0;
  const nlohmann::json document = ingested.json();
  for (const nlohmann::json& ingest : document["ingests"]) {
    EXPECT_EQ(ingest["rows_quarantined"], 0) << ingest.dump();
    added += ingest["events_added"].get<int64_t>();
    attribute_rows += ingest["source"] == "world" ? 0 : ingest["rows_read"].get<int64_t>();
  }
  EXPECT_EQ(added, events);
  EXPECT_GE(attribute_rows, 60 * 3 + 40);
}

TEST(Simulate, PlantsDefectsOfAFile) {
  const std::string folder = FreshFolder("simulate_defects");
  WriteText(folder + "/defects.yaml", "defects:\n  - {kind: missing_customer, rate: 0.1}\n");
  std::vector<std::string> arguments = Small(folder + "/world");
  arguments.insert(arguments.end(), {"--defects", folder + "/defects.yaml"});
  const Outcome made = Burgeon(arguments);
  ASSERT_EQ(made.exit_code, kExitOk) << made.err;
  const int64_t planted = made.json()["defects"]["missing_customer"];
  EXPECT_GT(planted, 0);
  EXPECT_EQ(static_cast<int64_t>(Lines(ReadText(folder + "/world/truth/defects.csv")).size()),
            planted + 1);
}

TEST(Simulate, TakesTheModelFromTheConfig) {
  const std::string folder = FreshFolder("simulate_config");
  WriteText(folder + "/model.yaml", "simulation:\n  funnel: {add_to_cart: 0}\n");
  std::vector<std::string> arguments = Small(folder + "/world");
  arguments.insert(arguments.end(), {"--config", folder + "/model.yaml"});
  const Outcome made = Burgeon(arguments);
  ASSERT_EQ(made.exit_code, kExitOk) << made.err;
  EXPECT_FALSE(made.json()["events_by_type"].contains("add_to_cart"));
  EXPECT_TRUE(made.json()["events_by_type"].contains("view"));
}

TEST(Simulate, RefusesWhatIsWrong) {
  const std::string folder = FreshFolder("simulate_wrong");
  WriteText(folder + "/mine.txt", "x");
  EXPECT_EQ(Burgeon(Small(folder)).exit_code, 5);  // would write over files
  std::vector<std::string> arguments = Small(folder + "/a");
  arguments.insert(arguments.end(), {"--start", "yesterday"});
  const Outcome start = Burgeon(arguments);
  EXPECT_EQ(start.exit_code, 2);
  EXPECT_THAT(start.err, HasSubstr("--start: 'yesterday'"));
  arguments = Small(folder + "/b");
  arguments[2] = "0";
  EXPECT_THAT(Burgeon(arguments).err, HasSubstr("customers: 0"));
}

}  // namespace
}  // namespace burgeon
