#include "engine/expression/standard_email.h"

#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

std::string Standard(std::string_view text) {
  std::string out;
  std::string wanted;
  return StandardEmail(text, &out, &wanted) ? out : "bad: " + wanted;
}

std::string Canonical(std::string_view text) {
  std::string out;
  std::string wanted;
  return CanonicalEmail(text, &out, &wanted) ? out : "bad: " + wanted;
}

TEST(StandardEmail, TheDomainIsLowerCaseAndAscii) {
  EXPECT_EQ(Standard(" Ann.Lee+x@Example.COM "), "Ann.Lee+x@example.com");
  // RFC 3492 has bücher as its example of the encoding.
  EXPECT_EQ(Standard("info@bücher.example"), "info@xn--bcher-kva.example");
  EXPECT_EQ(Standard("info@BÜCHER.example"), "info@xn--bcher-kva.example");
  EXPECT_EQ(Standard("info@xn--bcher-kva.example"), "info@xn--bcher-kva.example");
  // UTS 46, section 4: faß stays itself, non-transitionally.
  EXPECT_EQ(Standard("a@faß.de"), "a@xn--fa-hia.de");
  EXPECT_EQ(Standard("用户@例子.中国"), "用户@xn--fsqu00a.xn--fiqs8s");
  EXPECT_EQ(Standard("a@例子。中国"), "a@xn--fsqu00a.xn--fiqs8s") << "an ideographic full stop";
  EXPECT_EQ(Standard("o'neil!#$%&*/=?^_`{|}~-@a.io"), "o'neil!#$%&*/=?^_`{|}~-@a.io");
}

TEST(StandardEmail, WhatIsNoAddressIsRefused) {
  for (const char* text : {"",          "a",           "@b.c",
                           "a@",        "a@b",         "a@@b.c",
                           "a b@c.de",  ".a@b.cd",     "a.@b.cd",
                           "a..b@c.de", "a@b..cd",     "a@.b.cd",
                           "a@-b.cd",   "a@b-.cd",     "a@b_c.de",
                           "a@b.12",    "a@[1.2.3.4]", "\"a b\"@c.de",
                           "a@b.cd.",   "a,b@c.de",    "a@xn--a.example",
                           "<a@b.cd>",  "a\xff@b.cd"}) {
    EXPECT_EQ(Standard(text), "bad: an e-mail address") << text;
  }
}

TEST(StandardEmail, LengthsAreBounded) {
  const std::string label(63, 'b');
  EXPECT_EQ(Standard(std::string(64, 'a') + "@b.cd"), std::string(64, 'a') + "@b.cd");
  EXPECT_EQ(Standard(std::string(65, 'a') + "@b.cd"), "bad: an e-mail address");
  EXPECT_EQ(Standard("a@" + label + ".cd"), "a@" + label + ".cd");
  EXPECT_EQ(Standard("a@" + label + "b.cd"), "bad: an e-mail address");
  const std::string three = label + "." + label + "." + label + ".";  // 192
  EXPECT_EQ(Standard("a@" + three + std::string(60, 'c')).size(), 254U);
  EXPECT_EQ(Standard("a@" + three + std::string(61, 'c')), "bad: an e-mail address");
}

TEST(StandardEmail, OneMailboxHasOneCanonicalAddress) {
  for (const char* text : {"a.lee@gmail.com", "ALEE@Gmail.com", "a.l.e.e+shop@googlemail.com"}) {
    EXPECT_EQ(Canonical(text), "alee@gmail.com") << text;
  }
  EXPECT_EQ(Canonical("A.Lee+shop@outlook.com"), "a.lee@outlook.com") << "dots count there";
  EXPECT_EQ(Canonical("A.Lee+shop@example.com"), "A.Lee+shop@example.com");
  EXPECT_EQ(Canonical("+x@gmail.com"), "bad: an e-mail address");
  EXPECT_EQ(Canonical("nobody"), "bad: an e-mail address");
}

TEST(StandardEmail, BothAreIdempotent) {
  for (const char* text : {"Ann.Lee+x@Example.COM", "info@bücher.example", "用户@例子.中国",
                           "A.Lee+y@gmail.com", "A.Lee+y@pm.me"}) {
    EXPECT_EQ(Standard(Standard(text)), Standard(text));
    EXPECT_EQ(Canonical(Canonical(text)), Canonical(text));
  }
}

}  // namespace
}  // namespace burgeon
