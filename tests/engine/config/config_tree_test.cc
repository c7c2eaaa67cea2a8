#include "engine/config/config_tree.h"

#include <gtest/gtest.h>

namespace burgeon::internal {
namespace {

TEST(ConfigTreeTest, KeepsKindsTextAndLines) {
  ConfigValue root;
  ASSERT_TRUE(ParseYaml("a: 1\nb:\n  - x\n  - {c: 'two words'}\nd:\n", "f", &root).ok());
  ASSERT_EQ(root.kind, ConfigKind::kMap);
  EXPECT_EQ(root.Find("a")->text, "1");
  EXPECT_EQ(root.Find("a")->line, 1);
  const ConfigValue* list = root.Find("b");
  ASSERT_EQ(list->kind, ConfigKind::kList);
  EXPECT_EQ(list->items[1]->Find("c")->text, "two words");
  EXPECT_EQ(list->items[1]->line, 4);
  EXPECT_EQ(root.Find("d")->kind, ConfigKind::kNull);
  EXPECT_EQ(root.Find("e"), nullptr);
}

TEST(ConfigTreeTest, AKeyThatIsNotAWordIsRefused) {
  ConfigValue root;
  const absl::Status status = ParseYaml("{[a]: 1}", "f", &root);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon::internal
