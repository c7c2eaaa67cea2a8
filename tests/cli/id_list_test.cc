#include "cli/id_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class IdListTest : public testing::Test {
 protected:
  absl::StatusOr<std::vector<std::string>> Read(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    WriteText(path, text);
    return ReadIdList(RealFileSystem(), path);
  }
  const std::string folder_ = FreshFolder("id_list");
};

TEST_F(IdListTest, TextHasOneIdALine) {
  const auto ids = Read("a.txt", "17850\r\n\n  b \n17850\nlast");
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_THAT(*ids, ElementsAre("17850", "b", "last"));
}

TEST_F(IdListTest, TablesGiveTheirCustomerIdColumn) {
  const auto ids = Read("a.csv", "score,customer_id\n1,x\n2,y\n");
  ASSERT_TRUE(ids.ok()) << ids.status();
  EXPECT_THAT(*ids, ElementsAre("x", "y"));
  const auto only = Read("b.csv", "anything\nx\n");
  ASSERT_TRUE(only.ok()) << only.status();
  EXPECT_THAT(*only, ElementsAre("x"));
}

TEST_F(IdListTest, ErrorsNameFileLineAndWhatWasWanted) {
  EXPECT_THAT(MessageOf(Read("none.txt", "\n \n").status()), HasSubstr("holds no customer id"));
  EXPECT_THAT(MessageOf(Read("bad.txt", "ok\n\xff\n").status()), HasSubstr("bad.txt:2"));
  EXPECT_THAT(MessageOf(Read("long.txt", std::string(600, 'x')).status()), HasSubstr("long.txt:1"));
  EXPECT_THAT(MessageOf(Read("two.csv", "a,b\n1,2\n").status()),
              HasSubstr("has no column 'customer_id'; its columns are a, b"));
  EXPECT_THAT(MessageOf(Read("torn.csv", "customer_id,b\n1,2\n3\n").status()),
              HasSubstr("torn.csv:3"));
  EXPECT_EQ(ReadIdList(RealFileSystem(), folder_ + "/absent.txt").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
