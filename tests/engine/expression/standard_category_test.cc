#include "engine/expression/standard_category.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

absl::StatusOr<CategoryTree> Load(const std::string& csv) {
  MemoryFileSystem files;
  EXPECT_TRUE(WriteFileAtomically(files, "/tree.csv", csv).ok());
  return CategoryTree::Load(files, "/tree.csv");
}

std::string Problem(const std::string& csv) { return MessageOf(Load(csv).status()); }

// The path found, or "none".
std::string Find(const CategoryTree& tree, std::string_view text) {
  const std::string* const found = tree.Find(text);
  return found == nullptr ? "none" : *found;
}

TEST(StandardCategory, ParentsAndChildrenBecomePaths) {
  const auto tree = Load(
      "id,parent,name,note\n12,11,Boots,x\n11,10,Shoes,\n10,,Women,\n20,,Men,\n21,20,Shoes,\n");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->size(), 5U);
  EXPECT_EQ(Find(*tree, "12"), "Women > Shoes > Boots");
  EXPECT_EQ(Find(*tree, " 10 "), "Women");
  EXPECT_EQ(Find(*tree, "women>shoes > BOOTS"), "Women > Shoes > Boots");
  EXPECT_EQ(Find(*tree, "Men/Shoes"), "Men > Shoes");
  EXPECT_EQ(Find(*tree, "ｂｏｏｔｓ"), "Women > Shoes > Boots") << "only one has that name";
  EXPECT_EQ(Find(*tree, "Shoes"), "none") << "two have that name";
  EXPECT_EQ(Find(*tree, "Boots > Shoes"), "none");
  EXPECT_EQ(Find(*tree, "99"), "none");
  for (const char* text : {"12", "Men/Shoes"}) {
    EXPECT_EQ(Find(*tree, Find(*tree, text)), Find(*tree, text)) << "idempotent";
  }
}

TEST(StandardCategory, PathsBringTheirBeginnings) {
  const auto tree = Load("path\nWomen > Shoes > Boots\nwomen > Shoes > Sandals\n");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(tree->size(), 4U);
  EXPECT_EQ(Find(*tree, "Sandals"), "Women > Shoes > Sandals") << "as the first row writes it";
  EXPECT_EQ(Find(*tree, "women > shoes"), "Women > Shoes");
}

TEST(StandardCategory, WithoutNamesTheIdsAreNames) {
  const auto tree = Load("id,parent\n1691,\n213,1691\n");
  ASSERT_TRUE(tree.ok()) << tree.status();
  EXPECT_EQ(Find(*tree, "213"), "1691 > 213");
}

TEST(StandardCategory, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_THAT(Problem("id,parent\n1,2\n2,3\n3,1\n"),
              HasSubstr("/tree.csv:2: category '1' is its own ancestor"));
  EXPECT_THAT(Problem("id,parent\n1,1\n"), HasSubstr("/tree.csv:2: category '1' is its own"));
  EXPECT_THAT(Problem("id,parent\n0,1\n1,2\n2,1\n"), HasSubstr("ancestors form a circle"));
  EXPECT_THAT(Problem("id,parent\n1,\n2,7\n"), HasSubstr("/tree.csv:3: parent '7' is no id"));
  EXPECT_THAT(Problem("id,parent\n1,\n1,\n"), HasSubstr("/tree.csv:3: id '1' stands in line 2"));
  EXPECT_THAT(Problem("id,parent,name\n1,,a>b\n"), HasSubstr("has a '>' in it"));
  EXPECT_THAT(Problem("id,parent\n,1\n"), HasSubstr("/tree.csv:2: `id` is empty"));
  EXPECT_THAT(Problem("path\na > > b\n"), HasSubstr("/tree.csv:2: a path has a category without"));
  EXPECT_THAT(Problem("id,name\n1,a\n"), HasSubstr("/tree.csv:1: wanted the column `path`"));
  std::string deep = "id,parent\n0,\n";
  for (int i = 1; i <= 64; ++i) deep += Concat(i, ",", i - 1, "\n");
  EXPECT_THAT(Problem(deep), HasSubstr("lies deeper than 64"));
  MemoryFileSystem none;
  EXPECT_EQ(CategoryTree::Load(none, "/tree.csv").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
