#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// The first `count` customers of the workspace, as a churn list has them.
std::vector<std::string> SomeCustomers(size_t count) {
  const std::string out = FreshFolder("lookalike_ids") + "/ids.csv";
  EXPECT_EQ(Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers", "all", "--k",
                     "1", "--out", out})
                .exit_code,
            0);
  std::vector<std::string> ids;
  const auto lines = Lines(ReadText(out));
  for (size_t i = 1; i < lines.size() && ids.size() < count; ++i) {
    ids.push_back(lines[i].substr(0, lines[i].find(',')));
  }
  return ids;
}

std::string WriteIds(const std::string& path, const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += id + "\n";
  WriteText(path, text);
  return path;
}

TEST(LookalikeVerbTest, SeedsAndExcludedAreLeftOutAndUnknownIdsReported) {
  const std::string folder = FreshFolder("lookalike");
  const std::vector<std::string> ids = SomeCustomers(30);
  std::vector<std::string> seeds(ids.begin(), ids.begin() + 25);
  std::vector<std::string> excluded(ids.begin() + 25, ids.end());
  seeds.emplace_back("nobody");
  excluded.emplace_back("nobody-else");
  const Outcome outcome = Burgeon({"lookalike", "--workspace", PublishedWorkspace(), "--seeds",
                                   WriteIds(folder + "/seeds.txt", seeds), "--exclude",
                                   WriteIds(folder + "/ex.txt", excluded), "--size", "10",
                                   "--min-audience", "5", "--out", folder + "/out.csv", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["seeds_used"], 25);
  EXPECT_EQ(result["seeds_not_found"], nlohmann::json({"nobody"}));
  EXPECT_EQ(result["excluded_not_found"], nlohmann::json({"nobody-else"}));
  EXPECT_EQ(result["members"], 10);
  const std::set<std::string> left_out(ids.begin(), ids.end());
  const auto lines = Lines(ReadText(folder + "/out.csv"));
  ASSERT_EQ(lines.size(), 11U);
  for (size_t i = 1; i < lines.size(); ++i) {
    EXPECT_EQ(left_out.count(lines[i].substr(0, lines[i].find(','))), 0U) << lines[i];
  }
}

TEST(LookalikeVerbTest, TooFewSeedsAndAnEmptyListAreRefused) {
  const std::string folder = FreshFolder("lookalike_few");
  const Outcome few = Burgeon({"lookalike", "--workspace", PublishedWorkspace(), "--seeds",
                               WriteIds(folder + "/few.txt", SomeCustomers(3)), "--min-audience",
                               "5", "--out", folder + "/out.csv"});
  EXPECT_EQ(few.exit_code, 5);
  EXPECT_THAT(few.err, HasSubstr("3"));
  WriteText(folder + "/empty.txt", "\n");
  const Outcome empty = Burgeon({"lookalike", "--workspace", PublishedWorkspace(), "--seeds",
                                 folder + "/empty.txt", "--out", folder + "/out.csv"});
  EXPECT_EQ(empty.exit_code, 2);
  EXPECT_THAT(empty.err, HasSubstr("empty.txt: holds no customer id"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/out.csv"));
}

}  // namespace
}  // namespace burgeon
