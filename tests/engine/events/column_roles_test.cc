#include "engine/events/column_roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

ColumnProfile Column(const std::string& name, ColumnKind kind, int64_t distinct = 50) {
  ColumnProfile c;
  c.name = name;
  c.kind = kind;
  c.rows = 100;
  c.distinct = distinct;
  if (kind == ColumnKind::kTime) {
    c.time_format = "unix_seconds";
    c.time_share = 1;
  }
  return c;
}

std::map<ColumnRole, std::string> Names(const std::vector<ColumnProfile>& columns) {
  std::map<ColumnRole, std::string> out;
  for (const auto& [role, guess] : GuessRoles(columns)) {
    out[role] = columns[guess.column].name + (guess.sure ? "" : "?");
  }
  return out;
}

TEST(ColumnRolesTest, NamesInEnglishAndChinese) {
  EXPECT_EQ(NameFits("User_ID", ColumnRole::kCustomer), 3);
  EXPECT_EQ(NameFits("user_id:token", ColumnRole::kCustomer), 3);
  EXPECT_EQ(NameFits("customer_account", ColumnRole::kCustomer), 2);
  EXPECT_EQ(NameFits("fluid", ColumnRole::kCustomer), 0);
  EXPECT_EQ(NameFits("用户ID", ColumnRole::kCustomer), 3);
  EXPECT_EQ(NameFits("行为类型", ColumnRole::kType), 3);
  EXPECT_EQ(NameFits("UnitPrice", ColumnRole::kUnitPrice), 3);
}

TEST(ColumnRolesTest, AColumnWithANameAndTheRightContent) {
  ColumnProfile type = Column("behavior", ColumnKind::kWords, 2);
  type.values = {{"pv", 90}, {"buy", 10}};
  const auto names =
      Names({Column("用户", ColumnKind::kInteger), Column("商品", ColumnKind::kInteger), type,
             Column("时间", ColumnKind::kTime), Column("price", ColumnKind::kText),
             Column("单价", ColumnKind::kNumber)});
  EXPECT_EQ(names, (std::map<ColumnRole, std::string>{{ColumnRole::kCustomer, "用户"},
                                                      {ColumnRole::kItem, "商品"},
                                                      {ColumnRole::kTime, "时间"},
                                                      {ColumnRole::kType, "behavior"},
                                                      {ColumnRole::kUnitPrice, "单价"}}));
}

TEST(ColumnRolesTest, WithoutNamesByContentAndNotSure) {
  ColumnProfile type = Column("c4", ColumnKind::kWords, 2);
  type.values = {{"pv", 90}, {"cart", 10}};
  const auto names =
      Names({Column("c1", ColumnKind::kInteger, 20), Column("c2", ColumnKind::kInteger, 90),
             Column("c3", ColumnKind::kInteger, 30), type, Column("c5", ColumnKind::kTime)});
  EXPECT_EQ(names, (std::map<ColumnRole, std::string>{{ColumnRole::kCustomer, "c1?"},
                                                      {ColumnRole::kItem, "c2?"},
                                                      {ColumnRole::kTime, "c5"},
                                                      {ColumnRole::kType, "c4"}}));
}

TEST(ColumnRolesTest, AnIdThatReadsAsATimeIsAnId) {
  const auto names =
      Names({Column("user_id", ColumnKind::kTime), Column("timestamp", ColumnKind::kTime)});
  EXPECT_EQ(names.at(ColumnRole::kCustomer), "user_id");
  EXPECT_EQ(names.at(ColumnRole::kTime), "timestamp");
}

TEST(ColumnRolesTest, WordsOfEvents) {
  EXPECT_EQ(EventTypeOfWord("pv"), EventType::kView);
  EXPECT_EQ(EventTypeOfWord("add-to-cart"), EventType::kAddToCart);
  EXPECT_EQ(EventTypeOfWord("clickout item"), EventType::kClick);
  EXPECT_EQ(EventTypeOfWord("购买"), EventType::kPurchase);
  EXPECT_EQ(EventTypeOfWord("Purchase"), EventType::kPurchase);
  EXPECT_EQ(EventTypeOfWord("interaction item image"), std::nullopt);
  EXPECT_EQ(ColumnRoleName(ColumnRole::kUnitPrice), "unit_price");
}

}  // namespace
}  // namespace burgeon
