#include "engine/events/field_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/storage/file_system.h"
#include "tests/engine/events/map_one.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// The customer id a field definition makes of a text; "bad: wanted" when it refuses it.
std::string Customer(const std::string& field, const std::string& text) {
  const Mapped out =
      MapOne(kView + std::string("    customer: {column: a, ") + field + "}\n", {text});
  return out.outcome == RowOutcome::kEvent ? std::string(out.row.event.customer_id)
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

// A field read from one value, with what it logged.
struct ReadOut {
  Presence presence = Presence::kBad;
  std::string text;
  bool points_into_the_batch = false;
  std::vector<FieldChange> changes;
  FieldProblem problem;
};

ReadOut ReadOne(const std::string& field, const std::string& value,
                const std::vector<std::string>& null_values = {}) {
  auto config = Config::Parse("f: {column: a, " + field + "}\n", "a.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  const FieldSource source = ParseFieldSource(config->root().Child("f"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  const auto bound =
      BoundField::Bind("customer", source, null_values, ColumnIndex::Of({"a"}, "a.csv"));
  EXPECT_TRUE(bound.ok()) << bound.status();
  TextBatch batch;
  batch.columns.resize(1);
  batch.columns[0].Append(value);
  batch.lines = {2};
  ReadOut out;
  FieldScratch scratch;
  scratch.changes = &out.changes;
  std::string_view text;
  out.presence = bound->Read(batch, 0, &text, &scratch, &out.problem);
  const std::string_view raw = batch.columns[0].value(0);
  out.points_into_the_batch = text.data() >= raw.data() && text.data() < raw.data() + raw.size();
  out.text = std::string(text);
  return out;
}

std::string ChangesOf(const ReadOut& out) {
  std::string text;
  for (const FieldChange& change : out.changes) {
    text += Concat(change.field, " ", change.rule, ": ", change.before, " > ", change.after, "; ");
  }
  return text;
}

TEST(FieldSource, WhatNothingChangesIsNotCopied) {
  EXPECT_TRUE(ReadOne("", "abc").points_into_the_batch);
  EXPECT_TRUE(ReadOne("transforms: [trim, lower, absolute, strip_prefix=x]", " -xabc ")
                  .points_into_the_batch);
  EXPECT_FALSE(ReadOne("transforms: [lower]", "aBc").points_into_the_batch);
}

TEST(FieldSource, EveryChangeIsLoggedWithItsRule) {
  EXPECT_EQ(ChangesOf(ReadOne("transforms: [trim, lower]", "abc")), "");
  const ReadOut out = ReadOne(
      "transforms: [trim, upper, lower, strip_prefix=u-, strip_decimal], values: {\"7\": seven}",
      " U-7.0");
  EXPECT_EQ(out.text, "seven");
  EXPECT_EQ(ChangesOf(out),
            "customer trim:  U-7.0 > U-7.0; customer lower: U-7.0 > u-7.0; "
            "customer strip_prefix=u-: u-7.0 > 7.0; customer strip_decimal: 7.0 > 7; "
            "customer values: 7 > seven; ");
}

TEST(FieldSource, StandardTransformsAreKnownByName) {
  const ReadOut out = ReadOne("transforms: [half_width, phone=GB]", "０２０ 7946 0958");
  EXPECT_EQ(out.text, "+442079460958");
  EXPECT_EQ(ChangesOf(out),
            "customer half_width: ０２０ 7946 0958 > 020 7946 0958; "
            "customer phone=GB: 020 7946 0958 > +442079460958; ");
  EXPECT_TRUE(ReadOne("transforms: [nfc, email, collapse]", "a@b.cd").points_into_the_batch);
  const ReadOut bad = ReadOne("transforms: [\"unit=lb>kg\"]", "heavy");
  EXPECT_EQ(bad.presence, Presence::kBad);
  EXPECT_EQ(bad.problem.value, "heavy");
  EXPECT_EQ(bad.problem.wanted, "a number of lb, or one with its unit");
}

TEST(FieldSource, WhatIsHashedIsNotLogged) {
  const ReadOut out = ReadOne("transforms: [trim, lower, sha256, upper]", " ABC");
  // FIPS 180-4, the example of "abc".
  EXPECT_EQ(ChangesOf(out),
            "customer trim:  > ; customer lower:  > ; "
            "customer sha256:  > "
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad; "
            "customer upper: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad > "
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD; ");
}

TEST(FieldSource, AFileOfATransformIsReadWhenItIsBound) {
  const std::string folder = testing::TempDir() + "/field_source_category";
  ASSERT_TRUE(RealFileSystem().MakeDirectories(folder).ok());
  ASSERT_TRUE(WriteFileAtomically(RealFileSystem(), folder + "/a.yaml",
                                  "f: {column: a, transforms: [\"category=tree.csv\"]}\n")
                  .ok());
  ASSERT_TRUE(
      WriteFileAtomically(RealFileSystem(), folder + "/tree.csv", "path\nShoes > Boots\n").ok());
  auto config = Config::Load(folder + "/a.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const FieldSource source = ParseFieldSource(config->root().Child("f"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  const ColumnIndex columns = ColumnIndex::Of({"a"}, "a.csv");
  const auto bound = BoundField::Bind("category", source, {}, columns);
  ASSERT_TRUE(bound.ok()) << bound.status();
  TextBatch batch;
  batch.columns.resize(1);
  batch.columns[0].Append("boots");
  batch.lines = {2};
  FieldScratch scratch;
  std::string_view text;
  FieldProblem problem;
  EXPECT_EQ(bound->Read(batch, 0, &text, &scratch, &problem), Presence::kPresent);
  EXPECT_EQ(text, "Shoes > Boots");
  ASSERT_TRUE(WriteFileAtomically(RealFileSystem(), folder + "/tree.csv", "id,parent\n1,1\n").ok());
  EXPECT_THAT(MessageOf(BoundField::Bind("category", source, {}, columns).status()),
              HasSubstr("tree.csv:2: category '1' is its own ancestor"));
  ASSERT_TRUE(RealFileSystem().RemoveTree(folder).ok());
}

TEST(FieldSource, NullValuesOfTheFieldStandBesideTheSources) {
  const std::string field = "null_values: [\"-1\", unknown], transforms: [absolute]";
  EXPECT_EQ(ReadOne(field, "-1", {"NULL"}).presence, Presence::kAbsent);
  EXPECT_EQ(ReadOne(field, "unknown", {"NULL"}).presence, Presence::kAbsent);
  EXPECT_EQ(ReadOne(field, "NULL", {"NULL"}).presence, Presence::kAbsent);
  EXPECT_EQ(ReadOne(field, "-2", {"NULL"}).text, "2");
  const std::string long_null(100, 'x');
  EXPECT_EQ(ReadOne("", long_null, {long_null}).presence, Presence::kAbsent);
  EXPECT_EQ(ReadOne("", long_null + "x", {long_null}).text, long_null + "x");
}

TEST(FieldSource, IdsOfEverySizeAreCheckedToTheLastByte) {
  for (size_t size = 1; size < 40; ++size) {
    for (size_t at = 0; at < size; ++at) {
      std::string id(size, 'x');
      EXPECT_EQ(ProblemOfId(id), "");
      for (const char c : {'\0', '\t', '\x1f', '\x7f'}) {
        id[at] = c;
        EXPECT_EQ(ProblemOfId(id), "an id without control characters") << size << " " << at;
      }
      id[at] = '\xff';
      EXPECT_EQ(ProblemOfId(id), "an id in UTF-8") << size << " " << at;
      for (const char c : {' ', '~', '!'}) {
        id[at] = c;
        EXPECT_EQ(ProblemOfId(id), "") << size << " " << at;
      }
    }
  }
  EXPECT_EQ(ProblemOfId("J\xC3\xBCrgen"), "");
}

}  // namespace
}  // namespace burgeon
