// The configurations of public data sets with their real files, and what `burgeon map` proposes for
// them. The figures are counts over the files by other programs (Python's csv module, pyarrow), not
// our output. Skipped where ../shared/data is not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using Counts = std::map<std::string, int64_t>;

struct RealSource {
  std::string config;
  std::string source;  // "": the config has one
  std::string file;
  int64_t rows = 0;
  Counts by_type = {};
  int64_t ignored = 0;
  int64_t quarantined = 0;
  int64_t duplicates_dropped = 0;
  int64_t duplicates_kept = 0;
  int64_t without_customer = 0;
  int64_t attribute_rows = 0;
  int64_t attribute_values = -1;  // -1: not looked at
};

std::string DataFile(const std::string& file) { return SourceDir() + "/../shared/data/" + file; }

std::ostream& operator<<(std::ostream& out, const RealSource& s) { return out << s.file; }

const RealSource kSources[] = {
    {.config = "retailrocket",
     .source = "",
     .file = "retailrocket/events.csv",
     .rows = 97'381,
     .by_type = {{"view", 75'374}, {"add_to_cart", 12'456}, {"purchase", 9'551}}},
    {.config = "ijcai15",
     .source = "",
     .file = "ijcai15/events.csv",
     .rows = 359'103,
     .by_type = {{"purchase", 199'654}, {"favourite", 158'119}, {"add_to_cart", 1'330}}},
    // 68,538 images, 1,829 infos, 1,445 ratings and 1,159 deals are views.
    {.config = "trivago",
     .source = "trivago_items",
     .file = "trivago/trivago_val_100k.parquet",
     .rows = 100'003,
     .by_type = {{"click", 13'597}, {"view", 72'971}, {"search", 1'044}},
     .ignored = 12'391},
    {.config = "trivago",
     .source = "trivago_steps",
     .file = "trivago/trivago_val_100k.parquet",
     .rows = 100'003,
     .by_type = {{"search", 4'140}, {"other", 8'251}},
     .ignored = 87'612},
    // Four rows of the one file and one of the other are before 2017-11-25 in China.
    {.config = "taobao_raw",
     .source = "",
     .file = "taobao-raw/UserBehavior_10k.csv",
     .rows = 10'000,
     .by_type = {{"view", 9'042}, {"add_to_cart", 536}, {"favourite", 212}, {"purchase", 206}},
     .ignored = 4},
    {.config = "taobao_raw",
     .source = "",
     .file = "taobao-raw/UserBehavior_4k.csv",
     .rows = 4'321,
     .by_type = {{"view", 3'925}, {"add_to_cart", 190}, {"favourite", 128}, {"purchase", 77}},
     .ignored = 1},
    // The last line is cut; five lines equal an earlier one.
    {.config = "rees46_raw",
     .source = "",
     .file = "rees46-raw/2019-Oct.csv",
     .rows = 17'435,
     .by_type = {{"view", 17'051}, {"purchase", 214}, {"add_to_cart", 164}},
     .quarantined = 1,
     .duplicates_dropped = 5},
    {.config = "movielens_100k",
     .source = "ratings",
     .file = "movielens-100k/ml-100k.inter",
     .rows = 100'000,
     .by_type = {{"rating", 100'000}}},
    {.config = "movielens_100k",
     .source = "films",
     .file = "movielens-100k/ml-100k.item",
     .rows = 1'682,
     .attribute_rows = 1'682,
     .attribute_values = 3 * 1'682},
    {.config = "movielens_100k",
     .source = "people",
     .file = "movielens-100k/ml-100k.user",
     .rows = 943,
     .attribute_rows = 943,
     .attribute_values = 4 * 943},
    // 69,404 different lines below the header.
    {.config = "cdnow",
     .source = "cdnow_master",
     .file = "cdnow/CDNOW_master.txt",
     .rows = 69'659,
     .by_type = {{"purchase", 69'659}},
     .duplicates_kept = 255},
    {.config = "cdnow",
     .source = "cdnow_sample",
     .file = "cdnow/CDNOW_sample.txt",
     .rows = 6'919,
     .by_type = {{"purchase", 6'919}},
     .duplicates_kept = 21},
    {.config = "online_retail",
     .source = "",
     .file = "online-retail/online_retail.csv.gz",
     .rows = 541'909,
     .by_type = {{"purchase", 528'957}, {"return", 8'704}, {"other", 4'248}},
     .duplicates_kept = 5'268,
     .without_customer = 135'080},
};

class RealSourcesTest : public testing::TestWithParam<RealSource> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(DataFile(GetParam().file))) {
      GTEST_SKIP() << DataFile(GetParam().file) << " is not there";
    }
  }
  static int64_t At(const nlohmann::json& record, const char* field) {
    return record.at(field).get<int64_t>();
  }
  // Every row went somewhere.
  static int64_t Accounted(const nlohmann::json& r) {
    return At(r, "events_added") + At(r, "events_without_customer") + At(r, "rows_quarantined") +
           At(r, "duplicates_in_file") + At(r, "already_stored") + At(r, "rows_ignored") +
           At(r, "attribute_rows");
  }
};

TEST_P(RealSourcesTest, EveryRowOfTheRealFileIsAccountedFor) {
  const RealSource& source = GetParam();
  const std::string workspace = FreshFolder("real_" + source.config + source.source);
  std::vector<std::string> arguments = {"ingest",
                                        "--config",
                                        Concat(SourceDir(), "/configs/", source.config, ".yaml"),
                                        "--input",
                                        DataFile(source.file),
                                        "--workspace",
                                        workspace,
                                        "--json"};
  if (!source.source.empty()) arguments.insert(arguments.end(), {"--source", source.source});
  const Outcome outcome = Burgeon(arguments);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json record = outcome.json().at("ingests").at(0);
  EXPECT_EQ(At(record, "rows_read"), source.rows);
  EXPECT_EQ(Accounted(record), source.rows);
  EXPECT_EQ(record.at("events_by_type").get<Counts>(), source.by_type);
  EXPECT_EQ(At(record, "rows_ignored"), source.ignored);
  EXPECT_EQ(At(record, "rows_quarantined"), source.quarantined);
  EXPECT_EQ(At(record, "duplicates_in_file"), source.duplicates_dropped);
  EXPECT_EQ(At(record, "duplicates_kept"), source.duplicates_kept);
  EXPECT_EQ(At(record, "events_without_customer"), source.without_customer);
  EXPECT_EQ(At(record, "attribute_rows"), source.attribute_rows);
  if (source.attribute_values >= 0) {
    EXPECT_EQ(At(record, "attribute_values_added"), source.attribute_values);
  }
  std::filesystem::remove_all(workspace);
}

TEST_P(RealSourcesTest, WhatMapProposesIsTakenAsItIs) {
  const RealSource& source = GetParam();
  const std::string folder = FreshFolder("map_" + source.config + source.source);
  const std::string yaml = folder + "/proposed.yaml";
  const Outcome map = Burgeon({"map", DataFile(source.file), "--out", yaml, "--json"});
  ASSERT_EQ(map.exit_code, 0) << map.err;
  EXPECT_GT(map.json().at("sampled_rows").get<int64_t>(), 0);
  const Outcome outcome =
      Burgeon({"ingest", "--config", yaml, "--workspace", folder + "/w", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err << "\n" << ReadText(yaml);
  const nlohmann::json record = outcome.json().at("ingests").at(0);
  EXPECT_EQ(At(record, "rows_read"), source.rows);
  EXPECT_EQ(Accounted(record), source.rows);
  // A sample does not show every bad value; but nearly all rows are understood.
  EXPECT_LE(At(record, "rows_quarantined"), source.rows / 50) << record.dump(1);
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Files, RealSourcesTest, testing::ValuesIn(kSources));

}  // namespace
}  // namespace burgeon
