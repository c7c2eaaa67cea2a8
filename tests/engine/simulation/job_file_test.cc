#include "engine/simulation/job_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/config/config.h"
#include "engine/events/mapping.h"

namespace burgeon {
namespace {

TEST(JobFile, ItsSourcesParse) {
  const auto config = Config::Parse(JobFile(WorldConfig{}, {"events.csv"}), "job.yaml");
  ASSERT_TRUE(config.ok()) << MessageOf(config.status());
  Config job = Config::Parse(JobFile(WorldConfig{}, {"events.csv"}), "job.yaml").value();
  std::vector<SourceConfig> sources;
  for (const ConfigNode& node : job.root().Children("sources")) {
    sources.push_back(ParseSourceConfig(node));
  }
  ASSERT_EQ(sources.size(), 6U);
  EXPECT_EQ(sources[0].kind, SourceKind::kEvents);
  EXPECT_TRUE(sources[0].events.customer.has_value());
  EXPECT_EQ(sources[1].kind, SourceKind::kItems);
  EXPECT_EQ(sources[2].party, Party::kFirst);
  EXPECT_EQ(sources[3].party, Party::kSecond);
  EXPECT_EQ(sources[4].party, Party::kThird);
  EXPECT_EQ(sources[5].kind, SourceKind::kAggregates);
  EXPECT_EQ(sources[5].attributes.key, "region");
  // What is left over are other sections: no field of a source is unknown.
  EXPECT_THAT(MessageOf(job.Finish()), testing::HasSubstr("consent: no such field"));
}

TEST(JobFile, RatesAreEuroForOneUnitOfEveryCurrencyAndDay) {
  WorldConfig config;
  config.days = 2;
  const std::string rates = RatesFile(config);
  EXPECT_THAT(rates, testing::StartsWith("date,currency,rate\n2023-12-31,GBP,"));
  EXPECT_THAT(rates, testing::HasSubstr("2024-01-02,EUR,1\n"));
  EXPECT_THAT(rates, testing::HasSubstr("2024-01-02,JPY,0.00625\n"));
}

}  // namespace
}  // namespace burgeon
