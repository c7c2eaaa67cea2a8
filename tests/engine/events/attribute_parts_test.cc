#include "engine/events/attribute_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

TEST(AttributeParts, ValuesComeBackWithTheirSource) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/attributes").ok());
  IngestRecord record;
  record.number = 3;
  record.source = "shop";
  const std::vector<AttributeValue> values = {{"a", "colour", "red", 5, 6, "shop", 3},
                                              {"b", "n", "", -1, 2, "shop", 3}};
  const auto part = WriteAttributePart(files, "w", "attributes/x.parquet", values);
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->min_event_time, -1);
  EXPECT_EQ(part->max_event_time, 5);
  EXPECT_EQ(part->ingest, 3);
  const auto read = ReadAttributePart(files, "w", *part, {record});
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ((*read)[0].value, "red");
  EXPECT_EQ((*read)[0].known_at, 6);
  EXPECT_EQ((*read)[0].source, "shop");
  EXPECT_EQ((*read)[0].ingest, 3);
  EXPECT_EQ((*read)[1].id, "b");
  EXPECT_EQ((*read)[1].event_time, -1);
  EXPECT_THAT(MessageOf(ReadAttributePart(files, "w", *part, {}).status()),
              HasSubstr("row 1 is of ingest 3"));
}

}  // namespace
}  // namespace burgeon
