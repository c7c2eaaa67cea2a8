#include "engine/experiment/recommender_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <regex>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kEvil = "</td><script>alert(1)</script><img src=x onerror='x'>\"&";

// Every text hostile, one metric not defined, one model without intervals.
RecommenderQuality Hostile() {
  RecommenderQuality quality;
  quality.ks = {5, 20};
  quality.customers = 12'345;
  quality.items = 3'665;
  quality.baseline = quality.diversity_by = std::string(kEvil);
  quality.groups = {{"new", "at most 2 train items", 1'000}, {"heavy", std::string(kEvil), 0}};
  for (int m = 0; m < 12; ++m) {
    ModelQuality model;
    model.name = m == 0 ? std::string(kEvil) : Concat("model", m);
    model.cuts.resize(2);
    for (CutQuality& cut : model.cuts) {
      cut.metrics.fill(m == 1 ? Estimate{0.3, kNone, kNone} : Estimate{0.25, 0.2, 0.3125});
      cut.metrics[static_cast<size_t>(ListMetric::kDiversity)] = {kNone, kNone, kNone};
    }
    model.exposure.resize(2);
    for (Exposure& exposure : model.exposure) {
      exposure.coverage = 0.5;
      exposure.lorenz.assign(kLorenzSteps + 1, 0.5);
    }
    model.groups = {model.cuts, model.cuts};
    for (CutQuality& cut : model.groups[1]) cut.metrics.fill({kNone, kNone, kNone});
    if (m > 0) model.difference.resize(2);
    quality.models.push_back(model);
  }
  return quality;
}

std::string Page() { return RecommenderHtml(std::string(kEvil), {std::string(kEvil)}, Hostile()); }

TEST(RecommenderHtmlTest, HostileValuesStayText) {
  const std::string html = Page();
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(html, Not(testing::ContainsRegex("<[a-z]+[^>]* on[a-z]+=")));
  EXPECT_THAT(html, Not(HasSubstr("nan")));
}

TEST(RecommenderHtmlTest, NeedsNothingFromElsewhere) {
  const std::string html = Page();
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, Not(HasSubstr("https://")));
  EXPECT_THAT(html, Not(HasSubstr(" src=\"")));
  EXPECT_THAT(html, Not(HasSubstr(" href=")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
}

// Tags as a stack: each is closed by its own, in order.
TEST(RecommenderHtmlTest, IsWellFormed) {
  const std::string html = Page();
  const std::regex tag("<(/?)(!?[a-z0-9]+)([^>]*)>");
  std::vector<std::string> open;
  for (auto at = std::sregex_iterator(html.begin(), html.end(), tag); at != std::sregex_iterator();
       ++at) {
    const std::string name = (*at)[2];
    const std::string rest = (*at)[3];
    if (name == "!doctype" || name == "meta" || (!rest.empty() && rest.back() == '/')) continue;
    if ((*at)[1].length() == 0) {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << (*at)[0];
    EXPECT_EQ(open.back(), name);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  // Attributes are quoted, and quotes are even within every tag.
  for (auto at = std::sregex_iterator(html.begin(), html.end(), tag); at != std::sregex_iterator();
       ++at) {
    const std::string rest = (*at)[3];
    EXPECT_EQ(std::count(rest.begin(), rest.end(), '"') % 2, 0) << (*at)[0];
  }
}

TEST(RecommenderHtmlTest, HasEveryPlotAndFigure) {
  const std::string html = Page();
  for (const char* title :
       {"<title>recall@20</title>", "<title>recall by k</title>",
        "<title>recall@20 by group of customers</title>", "<title>Lorenz curve of exposure</title>",
        "<title>Coverage and accuracy</title>"}) {
    EXPECT_THAT(html, HasSubstr(title));
  }
  EXPECT_THAT(html, HasSubstr("12,345 customers"));
  EXPECT_THAT(html, HasSubstr("0.2500 [0.2000, 0.3125]"));
  EXPECT_THAT(html, HasSubstr("95 %, percentiles of 1,000 bootstrap replicates"));
  EXPECT_THAT(html, HasSubstr("new (1,000)"));
  EXPECT_THAT(html, HasSubstr("model11, recall@20: 0.2500"));
}

TEST(RecommenderHtmlTest, AnEmptyReport) {
  EXPECT_THAT(RecommenderHtml("nothing", {}, {}), HasSubstr("nothing"));
}

}  // namespace
}  // namespace burgeon
