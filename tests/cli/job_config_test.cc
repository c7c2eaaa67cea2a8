#include "cli/job_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

absl::StatusOr<JobConfig> Load(
    const std::string& config, std::vector<std::string> set,
    std::optional<uint64_t> seed = std::nullopt,
    absl::StatusOr<JobConfig> (*load)(const Session&, const std::vector<std::string>&) = LoadJob) {
  GlobalOptions options;
  options.config = config;
  options.set = std::move(set);
  options.random_seed = seed;
  std::ostringstream out;
  return load(Session(options, out, out), {});
}

TEST(JobConfigTest, EveryShippedConfigurationLoads) {
  int configs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(SourceDir() + "/configs")) {
    if (entry.path().extension() != ".yaml") continue;
    ++configs;
    // Those of split and sequence files have no sources.
    const auto job = Load(entry.path(), {}, {}, LoadSplitFilesJob);
    EXPECT_TRUE(job.ok()) << entry.path() << ": " << job.status();
  }
  EXPECT_GE(configs, 2);
}

TEST(JobConfigTest, OneSeedReachesEverythingRandom) {
  const auto job = Load(SampleConfig(), {}, 77);
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(job->recommender.spectral.seed, 77U);
  EXPECT_EQ(job->recommender.als.seed, 77U);
  EXPECT_EQ(job->churn_train.seed, 77U);
  EXPECT_EQ(job->lookalike.seed, 77U);
}

TEST(JobConfigTest, IndexesHaveTheSimilarityOfTheirUse) {
  const auto job = Load(SampleConfig(), {"index.items.kind=ivf", "index.customers.kind=flat"});
  ASSERT_TRUE(job.ok()) << job.status();
  EXPECT_EQ(job->item_index.kind, IndexKind::kIvf);
  EXPECT_EQ(job->item_index.similarity, Similarity::kInnerProduct);
  EXPECT_EQ(job->customer_index.kind, IndexKind::kFlat);
  EXPECT_EQ(job->customer_index.similarity, Similarity::kCosine);
}

TEST(JobConfigTest, TheFingerprintFollowsWhatWasSet) {
  const auto plain = Load(SampleConfig(), {});
  const auto changed = Load(SampleConfig(), {"recommender.spectral.rank=7"});
  ASSERT_TRUE(plain.ok() && changed.ok());
  EXPECT_NE(plain->fingerprint, changed->fingerprint);
  EXPECT_EQ(changed->recommender.spectral.rank, 7);
}

TEST(JobConfigTest, SourcesBesideOneAnother) {
  const std::string folder = FreshFolder("job_sources");
  const auto load = [&](const std::string& yaml) {
    WriteText(folder + "/job.yaml", yaml + "\nconsent: {default: granted}\n");
    return Load(folder + "/job.yaml", {});
  };
  const std::string fields = "fields: {time: {column: t}, type: {default: view}}";
  const auto job = load("sources: [{name: a, " + fields + "}, {name: b, " + fields + "}]");
  ASSERT_TRUE(job.ok()) << job.status();
  ASSERT_EQ(job->sources.size(), 2U);
  EXPECT_EQ(job->FindSource("b"), &job->sources[1]);
  EXPECT_EQ(job->FindSource("c"), nullptr);
  const auto error = [&](const std::string& yaml) { return MessageOf(load(yaml).status()); };
  EXPECT_THAT(error("sources: [{name: a, " + fields + "}, {name: a, " + fields + "}]"),
              testing::HasSubstr("'a' is the name of another source too"));
  EXPECT_THAT(error("source: {name: a, " + fields + "}\nsources: [{name: b, " + fields + "}]"),
              testing::HasSubstr("stands beside `sources`"));
  EXPECT_THAT(error("sources: []"), testing::HasSubstr("sources: is empty"));
  EXPECT_THAT(error("index: {}"), testing::HasSubstr("source.name: is missing"));
}

}  // namespace
}  // namespace burgeon
