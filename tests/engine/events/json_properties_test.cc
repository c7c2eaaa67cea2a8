#include "engine/events/json_properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/text.h"

namespace burgeon {
namespace {

// "a=1; b=2; ", or "bad: what was wanted".
std::string Read(std::string_view json, std::map<std::string, std::string> properties = {}) {
  std::string wanted;
  if (!AddJsonProperties(json, &properties, &wanted)) return "bad: " + wanted;
  std::string out;
  for (const auto& [name, value] : properties) out += Concat(name, "=", value, "; ");
  return out;
}

TEST(JsonProperties, FieldsBecomeProperties) {
  EXPECT_EQ(
      Read(R"({"plan": "pro", "seats": 5, "price": 1.10, "new": true, "old": null, "e": ""})"),
      "new=true; plan=pro; price=1.10; seats=5; ");
  EXPECT_EQ(Read(R"({"a": {"b": {"c": "x"}, "d": -7}, "e": 1e3})"), "a.b.c=x; a.d=-7; e=1e3; ");
  EXPECT_EQ(Read(R"({"t": "\u00e9\n\"q\""})"), "t=é\n\"q\"; ");
  EXPECT_EQ(Read("{}"), "");
  EXPECT_EQ(Read(R"({"a": {}})"), "");
  EXPECT_EQ(Read(""), "");
}

TEST(JsonProperties, AnArrayIsItsText) {
  EXPECT_EQ(Read(R"({"tags": [ "a", "b\"" , 1.50, null, true ], "n": 2})"),
            R"(n=2; tags=["a","b\"",1.50,null,true]; )");
  EXPECT_EQ(
      Read(R"({"a": [[], {}, [1, [2]], {"x": {"y": [3, {"z": 4, "w": 5}]}, "v": 6}], "b": []})"),
      R"(a=[[],{},[1,[2]],{"x":{"y":[3,{"z":4,"w":5}]},"v":6}]; b=[]; )");
  EXPECT_EQ(Read(R"({"o": {"a": [1], "b": [2]}, "c": 3})"), "c=3; o.a=[1]; o.b=[2]; ");
}

TEST(JsonProperties, WhatIsThereStays) {
  EXPECT_EQ(Read(R"({"type": "x", "a": 1, "a": 2})", {{"type", "refund"}}), "a=1; type=refund; ");
}

TEST(JsonProperties, AnythingElseIsRefused) {
  for (const char* text : {"[1]", "1", "\"a\"", "null", "true", "{", "{\"a\" 1}", "{} x",
                           "{\"a\":", "{\"a\": [1}", "{\"a\": \"\xff\"}", "[]"}) {
    EXPECT_EQ(Read(text), "bad: a JSON object") << text;
  }
  EXPECT_EQ(Read("{\"" + std::string(513, 'n') + "\": 1}"),
            "bad: a JSON object whose names have at most 512 bytes");
}

TEST(JsonProperties, ItsDepthIsBounded) {
  const auto objects = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "{\"a\":";
    return text + "1" + std::string(static_cast<size_t>(depth), '}');
  };
  EXPECT_NE(Read(objects(32)).substr(0, 3), "bad");
  EXPECT_EQ(Read(objects(33)), "bad: a JSON object at most 32 deep");
  const std::string brackets(31, '[');
  EXPECT_NE(Read("{\"a\":" + brackets + std::string(31, ']') + "}").substr(0, 3), "bad");
  EXPECT_EQ(Read("{\"a\":" + std::string(100'000, '[')), "bad: a JSON object at most 32 deep");
}

}  // namespace
}  // namespace burgeon
