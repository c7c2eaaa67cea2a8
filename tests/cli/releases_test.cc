#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

nlohmann::json List(const std::string& workspace) {
  return Burgeon({"releases", "--workspace", workspace, "--json"}).json()["releases"];
}

TEST(ReleasesTest, PublishAddsOneAndRollbackGoesBack) {
  const std::string workspace = CopyOfPublishedWorkspace("rollback");
  ASSERT_EQ(List(workspace).size(), 1U);
  const std::string first = List(workspace)[0]["id"];
  const Outcome trained = Burgeon({"train", "recommender", "--model", "als", "--config",
                                   SampleConfig(), "--workspace", workspace, "--quiet"});
  ASSERT_EQ(trained.exit_code, 0) << trained.err;
  const Outcome published =
      Burgeon({"publish", "--config", SampleConfig(), "--workspace", workspace, "--json"});
  ASSERT_EQ(published.exit_code, 0) << published.err;
  const nlohmann::json two = List(workspace);
  ASSERT_EQ(two.size(), 2U);
  const std::string second = published.json()["release"];
  for (const auto& entry : two) EXPECT_EQ(entry["current"], entry["id"] == second);

  const Outcome back = Burgeon({"rollback", "--workspace", workspace, "--json"});
  ASSERT_EQ(back.exit_code, 0) << back.err;
  EXPECT_EQ(back.json()["release"], first);
  const Outcome forth = Burgeon({"rollback", "--to", second, "--workspace", workspace, "--json"});
  ASSERT_EQ(forth.exit_code, 0) << forth.err;
  EXPECT_EQ(forth.json()["release"], second);
  EXPECT_EQ(Burgeon({"rollback", "--to", "no-such", "--workspace", workspace}).exit_code, 3);
  EXPECT_EQ(Burgeon({"rollback", "--to", "../../etc", "--workspace", workspace}).exit_code, 3);
}

TEST(ReleasesTest, ADamagedReleaseIsRefusedAndNamed) {
  const std::string workspace = CopyOfPublishedWorkspace("damaged");
  const std::string id = List(workspace)[0]["id"];
  const std::string folder = workspace + "/releases/" + id;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path();
    const std::string whole = ReadText(path);
    ASSERT_FALSE(whole.empty()) << path;
    std::string flipped = whole;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
    for (const std::string& damaged : {flipped, whole.substr(0, whole.size() / 2)}) {
      WriteText(path, damaged);
      const Outcome outcome = Burgeon({"recommend", "--workspace", workspace, "--customers", "all",
                                       "--out", workspace + "/out.csv"});
      EXPECT_EQ(outcome.exit_code, 4) << path << outcome.err;
      EXPECT_THAT(outcome.err, HasSubstr(entry.path().filename().string()));
      EXPECT_FALSE(std::filesystem::exists(workspace + "/out.csv"));
    }
    WriteText(path, whole);
  }
  EXPECT_EQ(Burgeon({"recommend", "--workspace", workspace, "--customers", "all", "--out",
                     workspace + "/out.csv"})
                .exit_code,
            0);
}

}  // namespace
}  // namespace burgeon
