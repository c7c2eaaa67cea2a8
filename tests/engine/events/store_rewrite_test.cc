#include "engine/events/store_rewrite.h"

#include <gmock/gmock.h>

#include "engine/events/cleaning_log.h"
#include "engine/events/event_manifest.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kFields[] = R"(
  fields:
    customer: {column: customer, transforms: [trim]}
    item: {column: item}
    time: {column: time}
    type: {column: type}
    properties: {linked_id: linked}
  customer_attributes: {city: {column: city}}
  item_attributes: {colour: {column: colour}}
)";
constexpr char kHead[] = "customer,item,time,type,linked,city,colour\n";

class StoreRewriteTest : public IngestTest {
 protected:
  void SetUp() override {
    source_ = ParseSource(kFields);
    Take(
        "ann,cup,2011-03-01,view,,Hull,red\n"
        " ann,pan,2011-03-02,view,,Hull,red\n"
        "bob,cup,2011-03-01,view,,York,red\n"
        "bob,,2011-03-04,id_link,ann,York,\n"
        "eve,cup,2011-03-01,click,,Leeds,blue\n");
    Take("ann,mug,2011-04-01,view,,Bath,red\neve,mug,2011-04-01,view,,Leeds,red\n");
  }
  void Take(const std::string& rows) {
    WriteInput(files_, "in.csv", kHead + rows);
    const auto record = IngestFile(files_, "in.csv");
    ASSERT_TRUE(record.ok()) << record.status();
    ASSERT_EQ(record->counters.rows_quarantined, 0);
  }

  static RewriteRules Erasing(const StringSet& customers) {
    RewriteRules rules;
    rules.customers = &customers;
    return rules;
  }
  // All bytes of all files of the store.
  static std::string AllBytes(FaultFileSystem& files) {
    std::string out;
    for (const char* folder :
         {"w/events", "w/events/parts", "w/events/attributes", "w/events/cleaning"}) {
      const auto names = files.List(folder);
      EXPECT_TRUE(names.ok()) << names.status();
      for (const std::string& name : *names) {
        out += files.Content(JoinPath(folder, name));
      }
    }
    return out;
  }

  const StringSet ann_ = {"ann"};
};

TEST_F(StoreRewriteTest, ACustomerLeavesWithEventsAttributesLinksAndLog) {
  ASSERT_THAT(AllBytes(files_), HasSubstr("ann"));
  const auto before = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(before.ok());
  const auto report = RewriteStore(files_, pool_, "w/events", Erasing(ann_));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->events_removed, 4) << "three of hers, and the link that names her";
  EXPECT_EQ(report->attribute_values_removed, 2);
  EXPECT_EQ(report->manifest_version, 3);
  std::vector<std::string> left;
  for (const Event& e : EventsOf(files_)) left.push_back(Concat(e.customer_id, " ", e.item_id));
  EXPECT_THAT(left, testing::UnorderedElementsAre("bob cup", "eve cup", "eve mug"));
  EXPECT_THAT(AllBytes(files_), Not(HasSubstr("ann")));
  for (const std::string& file : report->files_removed) {
    EXPECT_FALSE(files_.Exists(JoinPath("w/events", file))) << file;
  }
  EXPECT_THAT(*files_.List("w/events"), Contains(ManifestName(3)));
  EXPECT_THAT(*files_.List("w/events"), Not(Contains(ManifestName(2))));
  // Eve's part was not written anew.
  const auto after = EventStore::Open(files_, "w/events");
  for (const EventPart& part : before->manifest().parts) {
    if (part.bucket != BucketOf("eve")) continue;
    EXPECT_TRUE(std::any_of(after->manifest().parts.begin(), after->manifest().parts.end(),
                            [&](const EventPart& p) { return p.file == part.file; }));
  }

  const auto again = RewriteStore(files_, pool_, "w/events", Erasing(ann_));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->events_removed, 0);
  EXPECT_EQ(again->manifest_version, 3);
  EXPECT_THAT(again->files_removed, IsEmpty());
}

TEST_F(StoreRewriteTest, RulesTakeEventsAndAttributesOut) {
  RewriteRules rules;
  rules.drop = [](const Event& e) { return e.type == EventType::kView && e.source == "shop"; };
  rules.drop_attribute = [](const AttributeValue& v) { return v.value == "red"; };
  const auto report = RewriteStore(files_, pool_, "w/events", rules);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->events_removed, 5);
  EXPECT_EQ(report->attribute_values_removed, 2) << "pan and mug; the last line says of cup: blue";
  EXPECT_THAT(EventsOf(files_), SizeIs(2));
  const auto items = EventStore::Open(files_, "w/events")->ReadItemAttributes();
  ASSERT_TRUE(items.ok()) << items.status();
  ASSERT_THAT(*items, SizeIs(1));
  EXPECT_EQ(items->front().value, "blue");
}

TEST_F(StoreRewriteTest, AMissingStoreAndADamagedPartAreNamed) {
  EXPECT_EQ(RewriteStore(files_, pool_, "nowhere", Erasing(ann_)).status().code(),
            absl::StatusCode::kNotFound);
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  const std::string path = "w/events/" + store->manifest().parts.at(0).file;
  std::string damaged = files_.Content(path);
  damaged[damaged.size() / 2] ^= 1;
  files_.SetContent(path, damaged);
  RewriteRules rules;
  rules.drop = [](const Event&) { return true; };
  const auto refused = RewriteStore(files_, pool_, "w/events", rules);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr(path));
  EXPECT_EQ(EventStore::Open(files_, "w/events")->manifest().version, 2);
}

TEST_F(StoreRewriteTest, ACrashOrAFaultAtAnyStepLeavesTheOldStoreOrTheNew) {
  const auto old_visible = VisibleIn(files_);
  const auto done = files_.Clone();
  const int64_t before = done->steps();
  ASSERT_TRUE(RewriteStore(*done, pool_, "w/events", Erasing(ann_)).ok());
  const int64_t steps = done->steps() - before;
  const auto new_visible = VisibleIn(*done);
  ASSERT_NE(old_visible, new_visible);
  const auto check = [&](FaultFileSystem& disk, bool must_be_new) {
    const auto found = VisibleIn(disk);
    EXPECT_TRUE(found == new_visible || (!must_be_new && found == old_visible));
    const auto again = RewriteStore(disk, pool_, "w/events", Erasing(ann_));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(VisibleIn(disk), new_visible);
    EXPECT_THAT(AllBytes(disk), Not(HasSubstr("ann")));
  };
  for (int64_t step = 0; step <= steps; ++step) {
    for (const Survival survival : kAllSurvivals) {
      SCOPED_TRACE(Concat("crash after step ", step, ", ", SurvivalName(survival)));
      const auto run = files_.Clone();
      run->CrashAfter(step);
      const bool acknowledged = RewriteStore(*run, pool_, "w/events", Erasing(ann_)).ok();
      check(*run->Survivor(survival, static_cast<uint64_t>(step)), acknowledged);
    }
    for (const FaultKind fault : {FaultKind::kIoError, FaultKind::kDiskFull}) {
      SCOPED_TRACE(Concat("fault at step ", step));
      const auto run = files_.Clone();
      run->FailAfter(step, fault);
      const bool acknowledged = RewriteStore(*run, pool_, "w/events", Erasing(ann_)).ok();
      check(*run->Clone(), acknowledged);
    }
  }
}

}  // namespace
}  // namespace burgeon
