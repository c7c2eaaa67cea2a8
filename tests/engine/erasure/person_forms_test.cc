#include "engine/erasure/person_forms.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

constexpr auto kRaw = PersonForms::Text::kRaw;
constexpr auto kProse = PersonForms::Text::kProse;

PersonForms Forms(std::initializer_list<std::string_view> forms) {
  PersonForms out;
  for (const std::string_view form : forms) out.Add(form);
  return out;
}

TEST(PersonFormsTest, AShortNumberCountsOnlyWhereAPersonIsMeant) {
  const PersonForms forms = Forms({"17", "17850"});
  for (const char* const field :
       {"customer_id", "CustomerID", "user", "visitorid", "id", "linked_id", "Account No"}) {
    EXPECT_TRUE(forms.IsNamedBy(field, "17850")) << field;
    EXPECT_TRUE(forms.IsNamedBy(field, "17")) << field;
  }
  for (const char* const field :
       {"price", "order", "Quantity", "item_id", "value_micros", "rank"}) {
    EXPECT_FALSE(forms.IsNamedBy(field, "17850")) << field;
  }
  EXPECT_FALSE(forms.IsNamedBy("customer_id", "178501"));
  EXPECT_FALSE(forms.IsNamedBy("customer_id", "1785"));
}

TEST(PersonFormsTest, ADistinctFormCountsEverywhereButAtItems) {
  const PersonForms forms = Forms({"ann@example.org", "c-42", "12345678"});
  for (const char* const value : {"ann@example.org", "c-42", "12345678"}) {
    EXPECT_TRUE(forms.IsNamedBy("note", value)) << value;
    EXPECT_FALSE(forms.IsNamedBy("item_id", value)) << value;
    EXPECT_FALSE(forms.IsNamedBy("product", value)) << value;
  }
  EXPECT_TRUE(forms.IsIn("paid by ann@example.org.", kProse));
  EXPECT_TRUE(forms.IsIn("c-42", kProse));
  EXPECT_FALSE(forms.IsIn("joann@example.org", kProse));
  EXPECT_FALSE(forms.IsIn("abc-42", kProse));
  EXPECT_FALSE(forms.IsIn("c-421", kProse));
}

TEST(PersonFormsTest, WordsHaveEdges) {
  const PersonForms forms = Forms({"17850"});
  for (const char* const text : {"536365,WHITE LANTERN,17850,United Kingdom", "17850", "x 17850",
                                 "(17850)", "\"17850\"", "17850."}) {
    EXPECT_TRUE(forms.IsIn(text, kRaw)) << text;
    EXPECT_EQ(forms.IsIn(text, kProse), false) << text;  // a number may be anything
  }
  for (const char* const text :
       {"178500", "x17850", "17850_a", "3.17850", "17850.5", "17850-01", "08:17850", "1785"}) {
    EXPECT_FALSE(forms.IsIn(text, kRaw)) << text;
  }
  EXPECT_TRUE(Forms({"17"}).IsIn("17", kRaw));  // the whole line
  EXPECT_FALSE(Forms({"17"}).IsIn("a,17,b", kRaw));
}

TEST(PersonFormsTest, AnIdThatIsPartOfAnotherIsNotTakenForIt) {
  const PersonForms forms = Forms({"user-1", "user-12"});
  EXPECT_TRUE(forms.IsIn("to user-12 now", kRaw));
  EXPECT_FALSE(forms.IsIn("to user-13 now", kRaw));
  EXPECT_FALSE(forms.Holds("user-13"));
}

TEST(PersonFormsTest, ConcealPutsSomethingInItsPlace) {
  EXPECT_EQ(Forms({"17850"}).Conceal("exports/17850.csv", "(erased)"), "exports/(erased).csv");
  EXPECT_EQ(Forms({"17850"}).Conceal("exports/178501.csv", "(erased)"), "exports/178501.csv");
  EXPECT_EQ(PersonForms().Conceal("a", "(erased)"), "a");
}

}  // namespace
}  // namespace burgeon
