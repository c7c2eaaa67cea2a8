// The fast way is held to the general one: what FlatJson takes, JsonRows gives.
#include "engine/table/flat_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/table/json_cursor.h"
#include "engine/table/json_row.h"

namespace burgeon {
namespace {

using Values = std::vector<std::optional<std::string>>;

class BothWays {
 public:
  explicit BothWays(const std::vector<std::string>& columns)
      : plan_(*JsonPlan::Make(columns, "", {})), flat_(&plan_), general_(&plan_) {}

  // The values, or nothing where FlatJson leaves the text to JsonRows.
  std::optional<Values> Flat(const std::string& text) {
    const std::string piece = "}\"x" + text + std::string(kJsonPadding, '"');
    std::vector<TextColumn::Slice> row(plan_.columns.size());
    if (!flat_.Parse(piece.data(), 3, text.size(), row.data())) return std::nullopt;
    Values out;
    for (const TextColumn::Slice slice : row) {
      if (slice.size_and_null >= TextColumn::kNull) {
        out.emplace_back();
      } else {
        out.emplace_back(piece.substr(slice.offset, slice.size_and_null));
      }
    }
    return out;
  }

  // Nothing where the text is wrong.
  std::optional<Values> General(const std::string& text) {
    const std::string padded = text + std::string(kJsonPadding, '"');
    if (!general_.Parse(std::string_view(padded).substr(0, text.size())).empty()) {
      return std::nullopt;
    }
    Values out;
    for (size_t c = 0; c < plan_.columns.size(); ++c) {
      const auto value = general_.value(0, c);
      out.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    return out;
  }

 private:
  const JsonPlan plan_;
  FlatJson flat_;
  JsonRows general_;
};

TEST(FlatJsonTest, PlainObjectsAreTaken) {
  BothWays both({"user", "price", "a.b", "absent"});
  const std::string long_text(1000, 'y');
  for (const std::string& text :
       {std::string(R"({"user":"u1","price":7.27,"other":true})"),
        std::string(R"({"user":"u2","price":-0.5,"other":false})"),
        std::string(R"({ "user" : "u3" , "price" : 0 , "other" : null } )"),
        std::string(R"({"price":12345678901234567890123,"user":""})"),
        std::string("{\"user\":\"J\xC3\xBCrgen \xF0\x9F\x8C\xB1\",\"price\":null}"),
        std::string(R"({"a.b":1,"user":null})"), std::string(R"({"a":5})"),
        "{\"user\":\"" + long_text + "\",\"price\":1}", std::string(R"({"x":1,"x":2})")}) {
    const auto flat = both.Flat(text);
    ASSERT_TRUE(flat.has_value()) << text;
    EXPECT_EQ(flat, both.General(text)) << text;
  }
}

TEST(FlatJsonTest, AllElseIsLeftToTheGeneralWay) {
  BothWays both({"user", "price"});
  ASSERT_TRUE(both.Flat(R"({"user":"u","price":1})"));
  for (const std::string text : {"",
                                 "{",
                                 "{}",
                                 "[]",
                                 "1",
                                 "{\"user\"",
                                 "{\"user\":",
                                 "{\"user\":\"",
                                 "{\"user\":\"u",
                                 R"({"user":"u","price":1)",
                                 R"({"user":"u","price":1}x)",
                                 R"({"user":"u","price":1},)",
                                 R"({"user":"u","user":"v"})",
                                 R"({"user":null,"user":"v"})",
                                 R"({"user":"a\nb"})",
                                 R"({"us\u0065r":"u"})",
                                 R"({"user":["u"]})",
                                 R"({"user":{"id":1}})",
                                 R"({"price":1e3})",
                                 R"({"price":01})",
                                 R"({"price":1.})",
                                 R"({"price":-})",
                                 R"({"price":+1})",
                                 R"({"price":.5})",
                                 R"({"price":NaN})",
                                 R"({"price":tru})",
                                 R"({"price":nul})",
                                 R"({"user":"u" "price":1})",
                                 R"({"user":"u",,"price":1})",
                                 R"({"user":"u","price":1,})",
                                 "{\"user\":\"a\tb\"}",
                                 "{\"user\":\"\xE9\"}",
                                 "{\"user\":\"\xED\xA0\x80\"}",
                                 R"({user:1})"}) {
    EXPECT_FALSE(both.Flat(text).has_value()) << text;
  }
  EXPECT_FALSE(both.Flat(std::string("{\"user\":\"a\0b\"}", 14)));
  EXPECT_FALSE(both.Flat("{\"user\":\"" + std::string(limits::kMaxFieldBytes + 1, 'x') + "\"}"));
  EXPECT_TRUE(both.Flat(R"({"user":"u","price":1})"));
}

TEST(FlatJsonTest, PlansItFits) {
  EXPECT_TRUE(FlatJson::Fits(*JsonPlan::Make({"a", "b.c", "d{e}"}, "", {})));
  EXPECT_FALSE(FlatJson::Fits(*JsonPlan::Make({"a|b"}, "", {})));
  EXPECT_FALSE(FlatJson::Fits(*JsonPlan::Make({"a", "a#"}, "", {})));
  EXPECT_FALSE(FlatJson::Fits(*JsonPlan::Make({"a", "#row"}, "", {})));
  EXPECT_FALSE(FlatJson::Fits(*JsonPlan::Make({"a.b"}, "a", {})));
  EXPECT_FALSE(FlatJson::Fits(*JsonPlan::Make({"a"}, "", {ExtraRows{.row = "r", .each = "t"}})));
}

// Random objects, good and broken: what is taken is what the general way gives, and every plain
// object is taken whatever came before it.
TEST(FlatJsonTest, AgreesWithTheGeneralWayOnRandomObjects) {
  const char* seed_text = std::getenv("BURGEON_TEST_SEED");
  const unsigned seed =
      seed_text != nullptr ? static_cast<unsigned>(std::atoi(seed_text)) : std::random_device{}();
  std::printf("BURGEON_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const auto pick = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  const std::vector<std::string> keys = {"user", "item", "a.b", "a", "b", "some_rather_long_key",
                                         ""};
  const std::vector<std::string> blanks = {"", "", "", " ", "\t", "\n ", "   "};
  const std::vector<std::string> plain = {"1",
                                          "-1.25",
                                          "0",
                                          "0.0",
                                          "true",
                                          "false",
                                          "null",
                                          "\"\"",
                                          "\"x\"",
                                          "\"1\"",
                                          "99999999999999999999"};
  const std::vector<std::string> odd = {"{}",        "[1]", "1e5", "01",       "\"\\u0041\"",
                                        "\"\\\"",    "tru", "",    "\"\x01\"", "\"\xC3\"",
                                        "{\"b\":2}", "-",   "1.",  "\"",       "}"};
  BothWays both({"user", "a.b", "item"});
  int taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = pick(blanks) + "{";
    bool is_plain = true;
    std::vector<std::string> used;
    for (size_t i = 0, n = 1 + random() % 5; i < n; ++i) {
      const std::string key = pick(keys);
      is_plain = is_plain && std::find(used.begin(), used.end(), key) == used.end();
      used.push_back(key);
      const bool is_odd = random() % 12 == 0;
      is_plain = is_plain && !is_odd;
      std::string value = is_odd ? pick(odd) : pick(plain);
      if (!is_odd && random() % 4 == 0)
        value = "\"" + std::string(random() % 70, 'z') + "\xC3\xA9\"";
      text += (i > 0 ? pick(blanks) + "," : "") + pick(blanks) + "\"" + key + "\"" + pick(blanks) +
              ":" + pick(blanks) + value;
    }
    text += pick(blanks) + "}" + pick(blanks);
    if (random() % 20 == 0) {
      text.resize(random() % (text.size() + 1));
      is_plain = false;
    }
    const auto flat = both.Flat(text);
    EXPECT_TRUE(flat.has_value() || !is_plain) << text;
    if (!flat) continue;
    ++taken;
    EXPECT_EQ(flat, both.General(text)) << text;
  }
  EXPECT_GT(taken, 5'000);
}

}  // namespace
}  // namespace burgeon
