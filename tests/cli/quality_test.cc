#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/quality_step.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr char kJob[] = R"(
source:
  name: shop
  input: shop.csv
  fields:
    customer: {column: customer}
    item: {column: item}
    time: {column: time}
    quantity: {column: quantity}
    type: {rules: [], default: purchase}
consent: {default: granted}
quality:
  rules:
    - {name: few, field: quantity, range: {min: 1, max: 100}}
)";

constexpr char kGood[] =
    "customer,item,time,quantity\n"
    "ann,cup,2024-01-01T10:00:00Z,1\n"
    "bob,pot,2024-01-01T11:00:00Z,2\n"
    "cid,cup,2024-01-01T12:00:00Z,3\n"
    "dan,jug,2024-01-01T13:00:00Z,4\n";

// A folder with a job and its file.
std::string JobFolder(const std::string& name, const std::string& csv,
                      const std::string& more = "") {
  const std::string folder = FreshFolder(name);
  WriteText(folder + "/job.yaml", kJob + more);
  WriteText(folder + "/shop.csv", csv);
  return folder;
}

Outcome Quality(const std::string& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"quality",     "--config",    folder + "/job.yaml",
                                        "--workspace", folder + "/w", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Burgeon(arguments);
}

TEST(QualityVerbTest, GoodDataPass) {
  const std::string folder = JobFolder("quality_good", kGood);
  const Outcome outcome = Quality(folder);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json report = outcome.json()["reports"][0];
  EXPECT_EQ(report["verdict"], "pass");
  EXPECT_EQ(report["score"], 1.0);
  EXPECT_EQ(report["rows"], 4);
  EXPECT_FALSE(std::filesystem::exists(folder + "/w/quality"));
}

TEST(QualityVerbTest, BelowTheThresholdIsExitCodeEightWithTheReport) {
  const std::string folder = JobFolder("quality_bad", std::string(kGood) +
                                                          "eve,cup,2024-01-01T14:00:00Z,500\n"
                                                          ",cup,2024-01-01T15:00:00Z,5\n");
  EXPECT_EQ(Quality(folder).exit_code, 0);  // nothing was asked of the score
  const Outcome outcome = Quality(folder, {"--fail-under", "1"});
  EXPECT_EQ(outcome.exit_code, 8);
  const nlohmann::json document = outcome.json();
  EXPECT_EQ(document["error"]["code"], "check_failed");
  EXPECT_THAT(document["error"]["message"].get<std::string>(), HasSubstr("below the minimum of 1"));
  const nlohmann::json report = document["reports"][0];
  EXPECT_EQ(report["verdict"], "fail");
  EXPECT_EQ(report["worst_rows"][0]["line"], 6);
  EXPECT_EQ(report["worst_rows"][0]["values"]["quantity"], "500");
  EXPECT_EQ(Quality(folder, {"--set", "quality.min_scores.completeness=0.99"}).exit_code, 8);
}

TEST(QualityVerbTest, RulesOfAFileAndAReportForPeople) {
  const std::string folder = JobFolder("quality_rules", kGood);
  WriteText(folder + "/rules.yaml",
            "rules:\n  - {name: no_jugs, expression: \"item != 'jug'\", severity: error}\n");
  const Outcome outcome =
      Quality(folder, {"--rules", folder + "/rules.yaml", "--html", folder + "/report.html"});
  EXPECT_EQ(outcome.exit_code, 8);
  EXPECT_THAT(outcome.err, HasSubstr("rule 'no_jugs' (item != 'jug') is broken by 1 of 4 rows"));
  const std::string html = ReadText(folder + "/report.html");
  EXPECT_THAT(html, HasSubstr("no_jugs"));
  EXPECT_THAT(html, HasSubstr("</html>"));
}

TEST(QualityVerbTest, DriftAgainstASavedProfile) {
  std::string before = "customer,item,time,quantity\n";
  std::string after = before;
  for (int i = 0; i < 2'000; ++i) {
    const std::string row = Concat("c", i, ",cup,2024-01-0", 1 + i % 9, "T10:00:00Z,");
    before += Concat(row, 1 + i % 10, "\n");
    after += Concat(row, 50 + i % 10, "\n");
  }
  const std::string folder = JobFolder("quality_drift", before);
  ASSERT_EQ(Quality(folder, {"--save-profile", folder + "/p.json"}).exit_code, 0);
  EXPECT_EQ(
      Quality(folder, {"--reference", folder + "/p.json", "--set", "quality.min_scores.drift=1"})
          .exit_code,
      0);
  WriteText(folder + "/shop.csv", after);
  const Outcome outcome =
      Quality(folder, {"--reference", folder + "/p.json", "--set", "quality.min_scores.drift=1"});
  EXPECT_EQ(outcome.exit_code, 8) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("drift_distance_quantity"));
}

TEST(QualityVerbTest, TheStore) {
  const std::string folder = JobFolder("quality_store", kGood);
  EXPECT_EQ(Quality(folder, {"--store"}).exit_code, 3);  // no events yet
  ASSERT_EQ(
      Burgeon({"ingest", "--config", folder + "/job.yaml", "--workspace", folder + "/w"}).exit_code,
      0);
  const Outcome outcome = Quality(folder, {"--store"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["reports"][0]["rows"], 4);
  EXPECT_EQ(Quality(folder, {"--store", "--input", "x.csv"}).exit_code, 2);
}

TEST(QualityVerbTest, MistakesAreExitCodeTwo) {
  const std::string folder = JobFolder("quality_mistakes", kGood);
  EXPECT_EQ(Quality(folder, {"--source", "shops"}).exit_code, 2);
  EXPECT_EQ(Quality(folder, {"--fail-under", "2"}).exit_code, 2);
  EXPECT_EQ(Quality(folder, {"--input", folder + "/none.csv"}).exit_code, 3);
  WriteText(folder + "/rules.yaml", "rules:\n  - {name: a, expression: cost > 1}\n");
  const Outcome outcome = Quality(folder, {"--rules", folder + "/rules.yaml"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("there is no column 'cost'"));
}

TEST(QualityGateTest, StopsAndKeepsTheProfile) {
  const std::string folder = JobFolder("quality_gate", kGood);
  GlobalOptions options;
  options.workspace = folder + "/w";
  options.quiet = true;
  std::ostringstream out;
  std::ostringstream err;
  Session session(options, out, err);
  auto config = Config::Parse(kJob, "job");
  ASSERT_TRUE(config.ok()) << config.status();
  SourceConfig source = ParseSourceConfig(config->root().Child("source"));
  source.input = folder + "/shop.csv";
  QualityRequest request{.options = ParseQualityOptions(config->root().Child("quality"))};
  EXPECT_TRUE(QualityGate(session, source, "", request).ok());
  EXPECT_FALSE(std::filesystem::exists(folder + "/w")) << "a gate that is not set does nothing";
  request.options.gate = true;
  ASSERT_TRUE(QualityGate(session, source, "", request).ok());
  EXPECT_TRUE(std::filesystem::exists(folder + "/w/quality"));
  request.options.rules[0].max = "2";
  request.options.rules[0].severity = Severity::kError;
  const absl::Status stopped = QualityGate(session, source, "", request);
  EXPECT_EQ(stopped.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(MessageOf(stopped), HasSubstr("rule 'few' (quantity from 1 to 2) is broken by 2"));
}

}  // namespace
}  // namespace burgeon
