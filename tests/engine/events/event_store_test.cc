#include "engine/events/event_store.h"

#include <gmock/gmock.h>

#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(EventStore, BucketsAreByHashOfTheCustomer) {
  EXPECT_EQ(BucketOf(""), kNoCustomerBucket);
  // FNV-1a 64 of "a" is 0xaf63dc4c8601ec8c (Fowler, Noll, Vo: test vectors).
  EXPECT_EQ(BucketOf("a"), 0x8c);
}

TEST_F(IngestTest, PartsOfABucketAreMergedInOrder) {
  ASSERT_TRUE(IngestRows("1,a,T,1,2011-03-01,1,7,N\n3,a,T,1,2011-03-03,1,7,N\n").ok());
  ASSERT_TRUE(IngestRows("2,a,T,1,2011-03-02,1,7,N\n4,a,T,1,2011-03-04,1,7,N\n").ok());
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  EXPECT_THAT(store->manifest().parts, SizeIs(2));
  std::string sessions;
  ASSERT_TRUE(
      store->ReadBucket(BucketOf("7"), [&](const Event& e) { sessions += e.session_id; }).ok());
  EXPECT_EQ(sessions, "1234");
}

TEST_F(IngestTest, ADamagedOrMissingPartIsNamed) {
  ASSERT_TRUE(IngestRows("1,a,T,1,2011-03-01,1,7,N\n").ok());
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  const std::string path = "w/events/" + store->manifest().parts.at(0).file;
  const std::string whole = files_.Content(path);
  const auto read = [&] { return store->ReadBucket(BucketOf("7"), [](const Event&) {}); };
  ASSERT_TRUE(read().ok());
  for (const size_t at : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    files_.SetContent(path, flipped);
    EXPECT_EQ(read().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(MessageOf(read()), HasSubstr(path));
  }
  ASSERT_TRUE(files_.RemoveFile(path).ok());
  EXPECT_EQ(read().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(read()), HasSubstr("not there"));
}

}  // namespace
}  // namespace burgeon
