// A small shop whose CSV files are ingested into a store in memory.
#ifndef BURGEON_TESTS_ENGINE_EVENTS_INGEST_FIXTURE_H_
#define BURGEON_TESTS_ENGINE_EVENTS_INGEST_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {

inline constexpr TimeMicros kIngestTime = TimeMicros{1'700'000'000} * kMicrosPerSecond;

inline constexpr char kShopFields[] = R"(
  max_bad_fraction: 0.5
  fields:
    customer: {column: customer, transforms: [trim, strip_decimal]}
    item: {column: item, required: true}
    session: {column: invoice}
    time: {column: time}
    quantity: {column: quantity}
    unit_price: {column: price}
    currency: {constant: EUR}
    type:
      rules:
        - {column: invoice, starts_with: C, type: return}
        - {column: item, equals: TEST, type: ignore}
      default: purchase
  customer_attributes: {country: {column: country}}
  item_attributes: {description: {column: text}}
)";
inline constexpr char kShopHeader[] = "invoice,item,text,quantity,time,price,customer,country\n";

// `more`: further lines of the source section, such as "  duplicates: keep\n".
inline SourceConfig ParseSource(const std::string& fields, const std::string& more = "") {
  auto config = Config::Parse("source:\n  name: shop\n" + more + fields, "shop.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  SourceConfig source = ParseSourceConfig(config->root().Child("source"));
  const absl::Status finished = config->Finish();
  EXPECT_TRUE(finished.ok()) << finished;
  return source;
}

// Makes or replaces a file.
inline void WriteInput(FaultFileSystem& files, const std::string& path,
                       const std::string& content) {
  const size_t slash = path.rfind('/');
  if (slash != std::string::npos) {
    ASSERT_TRUE(files.MakeDirectories(path.substr(0, slash)).ok());
  }
  auto file = files.OpenForWrite(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Close().ok());
  files.SetContent(path, content);
}

class IngestTest : public testing::Test {
 protected:
  // The rows below kShopHeader become the file `path`, which is ingested.
  absl::StatusOr<IngestRecord> IngestRows(const std::string& rows,
                                          const std::string& path = "in/shop.csv") {
    WriteInput(files_, path, kShopHeader + rows);
    return IngestFile(files_, path);
  }

  absl::StatusOr<IngestRecord> IngestFile(FileSystem& files, const std::string& path) {
    IngestOptions options;
    options.input = path;
    options.source = source_;
    options.store_folder = "w/events";
    options.pseudonym = pseudonym_;
    return Ingest(files, pool_, clock_, options);
  }

  static std::vector<Event> EventsOf(FileSystem& files) {
    std::vector<Event> out;
    const auto store = EventStore::Open(files, "w/events");
    if (!store.ok()) return out;
    for (int bucket = 0; bucket <= kNoCustomerBucket; ++bucket) {
      const absl::Status read =
          store->ReadBucket(bucket, [&](const Event& e) { out.push_back(e); });
      EXPECT_TRUE(read.ok()) << read;
    }
    return out;
  }

  // What a snapshot can see, a line each: without the time of the ingest.
  static std::vector<std::string> VisibleIn(FileSystem& files) {
    std::vector<std::string> out;
    for (const Event& e : EventsOf(files)) {
      out.push_back(Concat(e.customer_id, "|", e.item_id, "|", EventTypeName(e.type), "|",
                           FormatTime(e.event_time), "|", FormatTime(e.known_at), "|", e.quantity,
                           "|", e.value_micros.value_or(-1), "|", e.event_id));
    }
    const auto store = EventStore::Open(files, "w/events");
    if (!store.ok()) return out;
    for (const auto& values : {store->ReadCustomerAttributes(), store->ReadItemAttributes()}) {
      EXPECT_TRUE(values.ok()) << values.status();
      for (const AttributeValue& v : *values) {
        out.push_back(Concat(v.id, "|", v.name, "|", v.value, "|", FormatTime(v.event_time)));
      }
    }
    return out;
  }

  FaultFileSystem files_;
  ThreadPool pool_{1};
  FixedClock clock_{kIngestTime};
  SourceConfig source_ = ParseSource(kShopFields);
  Pseudonymise pseudonym_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_EVENTS_INGEST_FIXTURE_H_
