#include "engine/events/client_ids.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/events/staged_record.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

EventView View(std::string_view id, double quantity) {
  EventView out;
  out.customer_id = "7";
  out.event_id = id;
  out.quantity = quantity;
  return out;
}

ClientIdVerdicts Judge(const std::vector<EventView>& rows, const std::vector<EventView>& stored,
                       int64_t memory_bytes) {
  FaultFileSystem files;
  StagedBuckets staged(files, "tmp", "events", 1);
  BucketSorter sorter(1);
  for (const EventView& row : rows) {
    AppendRecord(row, sorter.bytes());
    sorter.Done(0);
  }
  staged.Add(sorter.Take());
  const auto verdicts = JudgeClientIds(
      staged, 0,
      [&](const auto& take) {
        for (const EventView& view : stored) take(view);
        return absl::OkStatus();
      },
      memory_bytes);
  EXPECT_TRUE(verdicts.ok()) << verdicts.status();
  return *verdicts;
}

TEST(ClientIds, TheFirstOfAnIdStaysUnlessItIsStored) {
  // One pass, and as many as there are rows.
  for (const int64_t memory : {1 << 20, 64}) {
    const ClientIdVerdicts out =
        Judge({View("a", 1), View("b", 1), View("", 1), View("a", 1), View("a", 2), View("", 1),
               View("s", 5), View("s", 9), View("t", 3)},
              {View("s", 5), View("t", 4)}, memory);
    EXPECT_THAT(out.drop, ElementsAre(false, false, false, true, true, false, true, true, true));
    EXPECT_EQ(out.duplicates_in_file, 3) << "a twice, and s, which the file has twice";
    EXPECT_EQ(out.already_stored, 2);
    EXPECT_EQ(out.conflicts, 3) << "the second repetition of a, s with 9, and t";
  }
}

}  // namespace
}  // namespace burgeon
