#include "serving/target.h"

#include <gmock/gmock.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST(Target, DecodesWhatStandsForAByte) {
  EXPECT_EQ(*PercentDecode("a%2Fb%2fc%25"), "a/b/c%");
  EXPECT_EQ(*PercentDecode("%C3%A9"), "\xC3\xA9");
  EXPECT_EQ(*PercentDecode("1+1"), "1+1");
  EXPECT_EQ(*PercentDecode("-._~!$&'()*+,;=:@"), "-._~!$&'()*+,;=:@");
  EXPECT_EQ(*PercentDecode(""), "");
  // Decoded once only.
  EXPECT_EQ(*PercentDecode("%252F"), "%2F");
}

TEST(Target, RefusesEscapesThatAreNone) {
  for (const char* text : {"%", "%2", "a%", "a%2", "%G0", "%0G", "%%41", "% 41", "%+1"}) {
    EXPECT_EQ(PercentDecode(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Target, RefusesControlBytesAndWhatIsNotUtf8) {
  for (const char* text :
       {"%00", "%0A", "%0d", "%1F", "%7f", "%FF", "%C3", "%C0%AF", "%ED%A0%80", "%F4%90%80%80"}) {
    EXPECT_EQ(PercentDecode(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Target, RefusesBytesThatMustBeEscaped) {
  for (const char* text : {" ", "\"", "<", ">", "\\", "^", "`", "{", "|", "}", "#", "[", "]",
                           "\x80", "\xC3\xA9", "\t"}) {
    EXPECT_EQ(PercentDecode(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(PercentDecode(std::string_view("\0", 1)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Target, TakesSegmentsAndParametersApart) {
  const absl::StatusOr<RequestTarget> target =
      ParseTarget("/v1/customers/a%2Fb/similar?k=5&name=%3D%26");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_THAT(target->segments, ElementsAre("v1", "customers", "a/b", "similar"));
  EXPECT_THAT(target->parameters, ElementsAre(Pair("k", "5"), Pair("name", "=&")));
}

TEST(Target, EmptySegmentsStay) {
  EXPECT_THAT(ParseTarget("/")->segments, ElementsAre(""));
  EXPECT_THAT(ParseTarget("//a/")->segments, ElementsAre("", "a", ""));
  EXPECT_THAT(ParseTarget("/a?")->parameters, IsEmpty());
  // Dots are a name like any other: nothing is resolved.
  EXPECT_THAT(ParseTarget("/a/../b")->segments, ElementsAre("a", "..", "b"));
}

TEST(Target, RefusesOtherFormsOfTargets) {
  for (const char* text : {"", "*", "a", "http://host/healthz", "?k=1", "host:80", "/a#b"}) {
    EXPECT_EQ(ParseTarget(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Target, RefusesParametersThatCannotBeRead) {
  for (const char* text : {"/a?k", "/a?=1", "/a?k=1&k=2", "/a?k=1&", "/a?&k=1", "/a?k=%",
                           "/a?k=1?2", "/a?k=1&%6B=2"}) {
    EXPECT_EQ(ParseTarget(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(MessageOf(ParseTarget("/a?k=1&k=2").status()), HasSubstr("k is given twice"));
}

TEST(Target, NumberOfPartsIsBounded) {
  std::string path;
  for (int i = 0; i < 16; ++i) path += "/a";
  EXPECT_TRUE(ParseTarget(path).ok());
  EXPECT_FALSE(ParseTarget(path + "/a").ok());
  std::string query = "/a?p0=1";
  for (char name = 'a'; name < 'a' + 15; ++name) query.append({'&', name, '=', '1'});
  EXPECT_TRUE(ParseTarget(query).ok());
  EXPECT_FALSE(ParseTarget(query + "&q=1").ok());
}

}  // namespace
}  // namespace burgeon
