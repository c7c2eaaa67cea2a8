#include "engine/dataset/sequence_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<SequenceData> Read(const std::string& text) {
  MemoryFileSystem files;
  EXPECT_TRUE(WriteFileAtomically(files, "s.txt", text).ok());
  return ReadSequenceFile(files, "s.txt");
}

TEST(SequenceFileTest, KeepsTheOrderAndRepeats) {
  const auto data = Read("u2 b a b\nu1 c\n");
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_THAT(data->customers.ids(), ElementsAre("u1", "u2"));
  EXPECT_THAT(data->items.ids(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(data->sequences.items, ElementsAre(2, 1, 0, 1));
  EXPECT_THAT(data->sequences.offsets, ElementsAre(0, 1, 4));
}

TEST(SequenceFileTest, TimesOfATypedFileAreTheOrder) {
  const auto data =
      Read("user_id:token\titem_id:token\ttimestamp:float\nu\ta\t30\nu\tb\t10\nu\tc\t20\n");
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_THAT(data->sequences.items, ElementsAre(1, 2, 0));
}

TEST(SequenceFileTest, Refusals) {
  EXPECT_THAT(MessageOf(Read("").status()), HasSubstr("s.txt"));
  EXPECT_THAT(MessageOf(Read("u a\nu b\n").status()), HasSubstr("s.txt:2: user 'u'"));
  EXPECT_EQ(Read("u\n").status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SequenceFileTest, TheLastItemIsToBeFoundFromWhatCameBefore) {
  // Four items; two; one; a repeat at the end.
  const ItemSequences sequences = {
      .offsets = {0, 4, 6, 7, 10}, .items = {3, 1, 2, 0, 4, 1, 2, 0, 1, 0}, .times = {}};
  const SequenceSplit test = LeaveLastItemOut(sequences.view(), 5, SequencePart::kTest);
  EXPECT_THAT(test.history.items, ElementsAre(3, 1, 2, 4, 2, 0, 1));
  EXPECT_THAT(test.history.offsets, ElementsAre(0, 3, 4, 5, 7));
  EXPECT_THAT(test.train.columns, ElementsAre(1, 2, 3, 4, 2, 0, 1));
  EXPECT_THAT(test.test.columns, ElementsAre(0, 1));
  EXPECT_THAT(test.test.offsets, ElementsAre(0, 1, 2, 2, 2));
  EXPECT_EQ(test.test_customers, 2);
  EXPECT_EQ(test.repeated, 1);
  EXPECT_EQ(test.too_short, 1);
}

TEST(SequenceFileTest, TheValidationKeepsWhatTheTestAsksFor) {
  const ItemSequences sequences = {
      .offsets = {0, 4, 6, 7, 10}, .items = {3, 1, 2, 0, 4, 1, 2, 0, 1, 0}, .times = {}};
  const SequenceSplit part = LeaveLastItemOut(sequences.view(), 5, SequencePart::kValidation);
  EXPECT_THAT(part.history.items, ElementsAre(3, 1, 4, 2, 0));  // no item 0 of the first, no 1
  EXPECT_THAT(part.history.offsets, ElementsAre(0, 2, 3, 4, 5));
  EXPECT_THAT(part.test.columns, ElementsAre(2, 1));
  EXPECT_EQ(part.test_customers, 2);
  EXPECT_EQ(part.too_short, 2);
}

}  // namespace
}  // namespace burgeon
