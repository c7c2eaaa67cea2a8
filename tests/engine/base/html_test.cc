#include "engine/base/html.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(EscapeHtmlTest, WhatMeansSomethingIsEscaped) {
  EXPECT_EQ(EscapeHtml("a<b>&\"c\"'"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;");
  EXPECT_EQ(EscapeHtml("\x01\xFF"), "\\x01\\xff");
  EXPECT_EQ(EscapeHtml("Caf\xC3\xA9"), "Caf\xC3\xA9");
  EXPECT_EQ(EscapeHtml(std::string(5'000, '<')).size(), 4U * 5'000U);
}

TEST(GroupedDigitsTest, ThreeByThree) {
  EXPECT_EQ(GroupedDigits(0), "0");
  EXPECT_EQ(GroupedDigits(999), "999");
  EXPECT_EQ(GroupedDigits(1'000), "1,000");
  EXPECT_EQ(GroupedDigits(541'909), "541,909");
  EXPECT_EQ(GroupedDigits(-541'909), "-541,909");
  EXPECT_EQ(GroupedDigits(-1'000'000), "-1,000,000");
}

TEST(HtmlPageTest, TextIsEscapedAndMarkupIsNot) {
  HtmlPage page;
  page.Raw("<tr>").Cell("<b>", 1).NumberCell(0.5).Raw("</tr>");
  EXPECT_EQ(page.Take(), "<tr><td>&lt;b&gt;1</td><td class=\"n\">0.5</td></tr>");
}

}  // namespace
}  // namespace burgeon
