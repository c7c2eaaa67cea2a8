#include "engine/events/field_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/engine/events/map_one.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// The customer id a field definition makes of a text; "bad: wanted" when it refuses it.
std::string Customer(const std::string& field, const std::string& text) {
  const Mapped out =
      MapOne(kView + std::string("    customer: {column: a, ") + field + "}\n", {text});
  return out.outcome == RowOutcome::kEvent ? out.row.event.customer_id
                                           : "bad: " + out.problem.wanted;
}

TEST(FieldSource, TransformsApplyInOrder) {
  EXPECT_EQ(Customer("transforms: []", " x "), " x ");
  EXPECT_EQ(Customer("transforms: [trim, upper]", " aé1 "), "Aé1") << "ASCII letters only";
  EXPECT_EQ(Customer("transforms: [lower]", "AbC"), "abc");
  EXPECT_EQ(Customer("transforms: [strip_decimal]", "17850.0"), "17850");
  EXPECT_EQ(Customer("transforms: [strip_decimal]", "17850"), "17850");
  EXPECT_EQ(Customer("transforms: [strip_decimal]", "17850."), "17850");
  EXPECT_THAT(Customer("transforms: [strip_decimal]", "17850.5"), HasSubstr("bad: a whole number"));
  EXPECT_THAT(Customer("transforms: [strip_decimal]", "a.0"), HasSubstr("bad: a whole number"));
  EXPECT_EQ(Customer("transforms: [strip_prefix=u-, strip_prefix=u-]", "u-u-7"), "7");
  EXPECT_EQ(Customer("transforms: [absolute]", "-7"), "7");
  EXPECT_EQ(Customer("values: {x: y}, otherwise: z", "x"), "y");
  EXPECT_EQ(Customer("values: {x: y}, otherwise: z", "q"), "z");
  EXPECT_EQ(Customer("values: {x: y, w: v}", "q"), "bad: one of w, x");
  EXPECT_EQ(Customer("required: true", ""), "bad: a value");
  EXPECT_EQ(Customer("transforms: [trim]", "  "), "");
}

TEST(FieldSource, IdsAreChecked) {
  EXPECT_EQ(Customer("required: true", std::string(512, 'x')), std::string(512, 'x'));
  EXPECT_EQ(Customer("required: true", std::string(513, 'x')), "bad: an id of at most 512 bytes");
  EXPECT_EQ(Customer("required: true", "a\xff"), "bad: an id in UTF-8");
  EXPECT_EQ(Customer("required: true", "a\nb"), "bad: an id without control characters");
}

TEST(FieldSource, NullValuesAreAbsent) {
  const Mapped out = MapOne(kView + std::string("    customer: {column: a}\n"), {"NULL"},
                            "  null_values: [\"NULL\"]\n");
  ASSERT_EQ(out.outcome, RowOutcome::kEvent);
  EXPECT_EQ(out.row.event.customer_id, "");
}

}  // namespace
}  // namespace burgeon
