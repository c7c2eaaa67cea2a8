// The whole of UCI Online Retail through configs/online_retail.yaml. The figures are counts over
// the original CSV by an independent program (Python's csv and decimal modules), not our output.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "engine/config/config.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

struct Totals {
  int64_t events = 0;
  int64_t purchase_micros = 0;
  int64_t return_micros = 0;
  int64_t other_micros = 0;
  std::set<std::string> customers;
};

Totals TotalsOf(const EventStore& store) {
  Totals out;
  for (int bucket = 0; bucket <= kNoCustomerBucket; ++bucket) {
    const absl::Status read = store.ReadBucket(bucket, [&](const Event& e) {
      ++out.events;
      int64_t& sum = e.type == EventType::kPurchase ? out.purchase_micros
                     : e.type == EventType::kReturn ? out.return_micros
                                                    : out.other_micros;
      sum += e.value_micros.value_or(0);
      if (!e.customer_id.empty()) out.customers.insert(e.customer_id);
    });
    EXPECT_TRUE(read.ok()) << read;
  }
  return out;
}

TEST(OnlineRetail, TheWholeLogIsTakenWithExactCounts) {
  const char* root = std::getenv("BURGEON_SOURCE_DIR");
  ASSERT_NE(root, nullptr);
  auto config = Config::Load(std::string(root) + "/configs/online_retail.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  IngestOptions options;
  options.source = ParseSourceConfig(config->root().Child("source"));
  options.input = options.source.input;
  const std::string workspace =
      testing::TempDir() + "/burgeon_online_retail_test." + std::to_string(getpid());
  std::filesystem::remove_all(workspace);
  options.store_folder = workspace + "/events";
  ThreadPool pool(2);
  const auto record = Ingest(RealFileSystem(), pool, SystemClock(), options);
  ASSERT_TRUE(record.ok()) << record.status();

  const IngestCounters& counters = record->counters;
  EXPECT_EQ(counters.rows_read, 541'909);
  EXPECT_EQ(counters.events_added, 406'829);
  EXPECT_EQ(counters.events_without_customer, 135'080);
  EXPECT_EQ(counters.duplicates_kept, 5'268);
  EXPECT_EQ(counters.duplicates_in_file, 0);
  EXPECT_EQ(counters.rows_quarantined, 0);
  EXPECT_EQ(counters.rows_ignored, 0);
  EXPECT_EQ(counters.already_stored, 0);
  EXPECT_THAT(counters.quarantine_by_reason, IsEmpty());
  EXPECT_THAT(counters.events_by_type,
              ElementsAre(Pair("other", 4'248), Pair("purchase", 528'957), Pair("return", 8'704)));

  const auto store = EventStore::Open(RealFileSystem(), options.store_folder);
  ASSERT_TRUE(store.ok()) << store.status();
  const Totals totals = TotalsOf(*store);
  EXPECT_EQ(totals.events, 541'909);
  EXPECT_EQ(totals.customers.size(), 4'372U);
  EXPECT_EQ(totals.purchase_micros, 10'272'118'873'000);  // 10,272,118.873 GBP
  EXPECT_EQ(totals.return_micros, 478'724'180'000);
  EXPECT_EQ(totals.other_micros, -45'646'759'000);
  // In London the last invoice of 2011-12-09 12:50 is also 12:50 UTC.
  EXPECT_EQ(FormatTime(store->manifest().max_event_time), "2011-12-09T12:50:00Z");
  EXPECT_EQ(store->ReadCustomerAttributes()->size(), 4'379U);
  EXPECT_EQ(store->ReadItemAttributes()->size(), 5'148U);
  std::filesystem::remove_all(workspace);
}

}  // namespace
}  // namespace burgeon
