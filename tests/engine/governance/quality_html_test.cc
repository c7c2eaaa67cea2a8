#include "engine/governance/quality_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

// A report in which every text is hostile.
QualityReport Hostile() {
  const std::string evil = "</td><script>alert(1)</script><img src=x onerror='x'>\"&";
  QualityReport report;
  report.source = report.input = evil;
  report.rows = 1'234'567;
  report.columns = {evil};
  report.notes = {evil};
  RuleResult rule;
  rule.name = rule.field = rule.wanted = rule.unit = rule.note = evil;
  rule.severity = Severity::kError;
  rule.checked = 10;
  rule.failing = 3;
  rule.groups = 2;
  report.rules = {rule};
  FieldSummary text;
  text.name = evil;
  text.rows = 10;
  text.distinct = 1;
  text.frequent = {{evil, 10}};
  FieldSummary number;
  number.name = evil + "2";
  number.type = ExpressionType::kNumber;
  number.rows = 10;
  number.quantiles = {-1, 0, 1, 2, 3};
  number.histogram = {{evil, 4}, {"b", 2}};
  FieldSummary personal;
  personal.name = "who";
  personal.personal = true;
  report.fields = {text, number, personal};
  report.worst_rows = {
      {.row = 1, .ingest = 0, .line = 2, .weight = 1, .values = {evil}, .rules = {evil}}};
  report.events_by_day = {{0, 5}, {3 * kMicrosPerDay, 7}};
  report.lag_quantiles = {{0, 0}, {1, 60}};
  Judge({}, &report);
  return report;
}

TEST(ReportHtmlTest, HostileValuesStayText) {
  const std::string html = ReportHtml(Hostile());
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  // Nothing but the elements and attributes of the page itself.
  const std::set<std::string> known = {"!doctype", "html", "head",    "meta",    "title", "style",
                                       "body",     "h1",   "h2",      "p",       "b",     "table",
                                       "tr",       "th",   "td",      "svg",     "rect",  "span",
                                       "br",       "div",  "details", "summary", "ul",    "li"};
  const std::regex tag("</?(!?[a-z0-9]+)");
  for (auto at = std::sregex_iterator(html.begin(), html.end(), tag); at != std::sregex_iterator();
       ++at) {
    EXPECT_TRUE(known.contains((*at)[1])) << (*at)[0];
  }
  EXPECT_THAT(html, Not(testing::ContainsRegex("<[a-z]+[^>]* on[a-z]+=")));
}

TEST(ReportHtmlTest, NeedsNothingFromElsewhere) {
  const std::string html = ReportHtml(Hostile());
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr(" src=\"")));
  EXPECT_THAT(html, Not(HasSubstr(" href=")));
}

TEST(ReportHtmlTest, EveryElementIsClosed) {
  const std::string html = ReportHtml(Hostile());
  for (const std::string element :
       {"html", "head", "body", "table", "tr", "td", "th", "svg", "p", "ul", "li", "details",
        "summary", "span", "div", "title", "h2"}) {
    const auto count = [&](const std::string& what) {
      const std::regex pattern(what);
      return std::distance(std::sregex_iterator(html.begin(), html.end(), pattern),
                           std::sregex_iterator());
    };
    EXPECT_EQ(count("<" + element + "[ >]"), count("</" + element + ">")) << element;
  }
}

TEST(ReportHtmlTest, SaysWhatMatters) {
  const std::string html = ReportHtml(Hostile());
  EXPECT_THAT(html, HasSubstr("1,234,567 rows"));
  EXPECT_THAT(html, HasSubstr("<b class=\"fail\">fail</b>"));
  EXPECT_THAT(html, HasSubstr("30 %"));
  EXPECT_THAT(html, HasSubstr("not shown: personal"));
  EXPECT_THAT(html, HasSubstr("1970-01-01 to 1970-01-04"));
}

TEST(ReportHtmlTest, AnEmptyReport) {
  QualityReport report;
  Judge({}, &report);
  EXPECT_THAT(ReportHtml(report), HasSubstr("<b class=\"pass\">pass</b>"));
}

}  // namespace
}  // namespace burgeon
