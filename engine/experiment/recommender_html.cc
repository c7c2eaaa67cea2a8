#include "engine/experiment/recommender_html.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <utility>

#include "engine/base/html.h"

namespace burgeon {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Recommenders</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222}
h1{font-size:1.6em;margin-bottom:0}h2{font-size:1.2em;margin-top:2em}h3{font-size:1em}
table{border-collapse:collapse}
th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd;vertical-align:top}
th{font-weight:600;background:#f5f5f5}td.n{text-align:right;font-variant-numeric:tabular-nums}
.dim{color:#777}.scroll{overflow-x:auto}.plots{display:flex;flex-wrap:wrap;gap:2em}
svg text{font:12px system-ui,sans-serif;fill:#222}svg .small{font-size:10px;fill:#777}
.axis{stroke:#999}.grid{stroke:#eee}.whisker{stroke:#222;stroke-width:1.5}
.even{stroke:#999;stroke-dasharray:4 3}
</style></head><body>
)";

constexpr std::array kColours = {"#4a7ab5", "#c8553d", "#3f8f5b", "#8a5fa8", "#b98a1c",
                                 "#2f9aa0", "#a34f74", "#6b7a3a", "#555f7a", "#8c6248"};
std::string_view Colour(size_t model) { return kColours[model % kColours.size()]; }

std::string Fixed(double value, int digits) {
  if (std::isnan(value)) return "-";
  char buffer[48];
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
  return buffer;
}
std::string Figure(double value) { return Fixed(value, 4); }
std::string Place(double value) { return Fixed(std::isnan(value) ? 0 : value, 1); }

void OpenSvg(double width, double height, std::string_view title, HtmlPage* page) {
  page->Raw(Concat("<svg width=\"", width, "\" height=\"", height, "\" viewBox=\"0 0 ", width, " ",
                   height, "\" role=\"img\"><title>"))
      .Text(title)
      .Raw("</title>");
}

void Line(double x1, double y1, double x2, double y2, std::string_view css, HtmlPage* page) {
  page->Raw(Concat("<line class=\"", css, "\" x1=\"", Place(x1), "\" y1=\"", Place(y1), "\" x2=\"",
                   Place(x2), "\" y2=\"", Place(y2), "\"/>"));
}

void Label(double x, double y, std::string_view anchor, std::string_view text, HtmlPage* page) {
  page->Raw(Concat("<text x=\"", Place(x), "\" y=\"", Place(y), "\" text-anchor=\"", anchor, "\">"))
      .Text(Printable(text, 40))
      .Raw("</text>");
}

void Bar(double x, double y, double width, double height, size_t model, std::string_view tip,
         HtmlPage* page) {
  page->Raw(Concat("<rect x=\"", Place(x), "\" y=\"", Place(y), "\" width=\"",
                   Place(std::max(width, 0.0)), "\" height=\"", Place(std::max(height, 0.0)),
                   "\" fill=\"", Colour(model), "\"><title>"))
      .Text(tip)
      .Raw("</title></rect>");
}

std::string Tip(std::string_view model, std::string_view metric, const Estimate& estimate) {
  std::string tip = Concat(Printable(model, 60), ", ", metric, ": ", Figure(estimate.value));
  if (!std::isnan(estimate.low)) {
    tip += Concat(" [", Figure(estimate.low), ", ", Figure(estimate.high), "]");
  }
  return tip;
}

// The largest end of an interval, or value; at least a trifle, to divide by.
double Top(std::initializer_list<const Estimate*> estimates) {
  double top = 1e-9;
  for (const Estimate* estimate : estimates) {
    for (const double value : {estimate->value, estimate->high}) {
      if (!std::isnan(value)) top = std::max(top, value);
    }
  }
  return top;
}

void MetricBars(const RecommenderQuality& quality, ListMetric metric, HtmlPage* page) {
  const size_t last = quality.ks.size() - 1;
  double top = 0;
  for (const ModelQuality& m : quality.models) {
    top = std::max(top, Top({&m.cuts[last].of(metric)}));
  }
  const std::string name = Concat(ListMetricName(metric), "@", quality.ks[last]);
  const double left = 220;
  const double width = 260;
  const auto height = static_cast<double>(quality.models.size()) * 26 + 24;
  OpenSvg(left + width + 60, height, name, page);
  Label(left, 14, "start", name, page);
  for (size_t m = 0; m < quality.models.size(); ++m) {
    const Estimate& estimate = quality.models[m].cuts[last].of(metric);
    const double y = 22 + static_cast<double>(m) * 26;
    Label(left - 8, y + 14, "end", quality.models[m].name, page);
    const double value = std::isnan(estimate.value) ? 0 : estimate.value;
    Bar(left, y, width * value / top, 20, m, Tip(quality.models[m].name, name, estimate), page);
    double end = width * value / top;
    if (!std::isnan(estimate.low)) {
      const double low = left + width * estimate.low / top;
      const double high = left + width * estimate.high / top;
      Line(low, y + 10, high, y + 10, "whisker", page);
      Line(low, y + 5, low, y + 15, "whisker", page);
      Line(high, y + 5, high, y + 15, "whisker", page);
      end = std::max(end, high - left);
    }
    Label(left + end + 6, y + 14, "start", Figure(estimate.value), page);
  }
  page->Raw("</svg>");
}

// Axes of a plot of `width` x `height` at (40, 10), y from 0 to top.
struct Frame {
  double left = 48;
  double above = 12;
  double width = 300;
  double height = 220;
  double x_top = 1;
  double y_top = 1;
  double x(double value) const { return left + width * value / x_top; }
  double y(double value) const { return above + height * (1 - value / y_top); }
};

void OpenFrame(const Frame& frame, std::string_view title, std::string_view x_name,
               std::string_view y_name, HtmlPage* page) {
  OpenSvg(frame.left + frame.width + 110, frame.above + frame.height + 44, title, page);
  for (int step = 1; step <= 4; ++step) {
    const double value = frame.y_top * step / 4;
    Line(frame.left, frame.y(value), frame.left + frame.width, frame.y(value), "grid", page);
    Label(frame.left - 5, frame.y(value) + 4, "end", Fixed(value, 3), page);
  }
  Line(frame.left, frame.above, frame.left, frame.above + frame.height, "axis", page);
  Line(frame.left, frame.above + frame.height, frame.left + frame.width, frame.above + frame.height,
       "axis", page);
  Label(frame.left + frame.width / 2, frame.above + frame.height + 38, "middle", x_name, page);
  Label(frame.left + 4, frame.above + 2, "start", y_name, page);
}

void Polyline(const std::vector<std::pair<double, double>>& points, size_t model,
              std::string_view tip, HtmlPage* page) {
  page->Raw(Concat("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"", Colour(model),
                   "\" points=\""));
  for (const auto& [x, y] : points) page->Raw(Concat(Place(x), ",", Place(y), " "));
  page->Raw("\"><title>").Text(Printable(tip, 60)).Raw("</title></polyline>");
}

void ByCut(const RecommenderQuality& quality, ListMetric metric, HtmlPage* page) {
  Frame frame;
  frame.y_top = 1e-9;
  for (const ModelQuality& model : quality.models) {
    for (const CutQuality& cut : model.cuts) {
      frame.y_top = std::max(frame.y_top, Top({&cut.of(metric)}));
    }
  }
  const std::string name(ListMetricName(metric));
  OpenFrame(frame, name + " by k", "k", name, page);
  // Equal steps, whatever the ks.
  const auto steps = static_cast<double>(std::max(quality.ks.size(), size_t{2}) - 1);
  const auto x = [&](size_t k) { return frame.x(static_cast<double>(k) / steps * 0.9 + 0.05); };
  for (size_t k = 0; k < quality.ks.size(); ++k) {
    Label(x(k), frame.above + frame.height + 18, "middle", Concat(quality.ks[k]), page);
  }
  for (size_t m = 0; m < quality.models.size(); ++m) {
    std::vector<std::pair<double, double>> points;
    for (size_t k = 0; k < quality.ks.size(); ++k) {
      const Estimate& estimate = quality.models[m].cuts[k].of(metric);
      if (!std::isnan(estimate.value)) points.emplace_back(x(k), frame.y(estimate.value));
    }
    Polyline(points, m, quality.models[m].name, page);
  }
  page->Raw("</svg>");
}

void ByGroup(const RecommenderQuality& quality, ListMetric metric, HtmlPage* page) {
  const size_t last = quality.ks.size() - 1;
  const auto models = static_cast<double>(quality.models.size());
  const auto groups = static_cast<double>(quality.groups.size());
  Frame frame;
  frame.width = std::max(300.0, groups * (models * 14 + 24));
  frame.y_top = 1e-9;
  for (const ModelQuality& model : quality.models) {
    for (const auto& cuts : model.groups) {
      frame.y_top = std::max(frame.y_top, Top({&cuts[last].of(metric)}));
    }
  }
  const std::string name = Concat(ListMetricName(metric), "@", quality.ks[last]);
  OpenFrame(frame, name + " by group of customers", "customers", name, page);
  const double band = frame.width / std::max(groups, 1.0);
  const double step = (band - 24) / std::max(models, 1.0);
  for (size_t g = 0; g < quality.groups.size(); ++g) {
    const double begin = frame.left + band * static_cast<double>(g) + 12;
    Label(begin + (band - 24) / 2, frame.above + frame.height + 18, "middle",
          Concat(quality.groups[g].name, " (", GroupedDigits(quality.groups[g].customers), ")"),
          page);
    for (size_t m = 0; m < quality.models.size(); ++m) {
      const Estimate& estimate = quality.models[m].groups[g][last].of(metric);
      if (std::isnan(estimate.value)) continue;
      const double x = begin + step * static_cast<double>(m);
      Bar(x, frame.y(estimate.value), step * 0.8,
          frame.above + frame.height - frame.y(estimate.value), m,
          Tip(quality.models[m].name, name, estimate), page);
      if (std::isnan(estimate.low)) continue;
      Line(x + step * 0.4, frame.y(estimate.low), x + step * 0.4, frame.y(estimate.high), "whisker",
           page);
    }
  }
  page->Raw("</svg>");
}

void Lorenz(const RecommenderQuality& quality, HtmlPage* page) {
  const size_t last = quality.ks.size() - 1;
  Frame frame;
  OpenFrame(frame, "Lorenz curve of exposure", "share of the items, the least shown first",
            "share of exposure", page);
  Line(frame.x(0), frame.y(0), frame.x(1), frame.y(1), "even", page);
  for (size_t m = 0; m < quality.models.size(); ++m) {
    const std::vector<double>& lorenz = quality.models[m].exposure[last].lorenz;
    std::vector<std::pair<double, double>> points;
    for (size_t i = 0; i < lorenz.size(); ++i) {
      points.emplace_back(frame.x(static_cast<double>(i) / kLorenzSteps), frame.y(lorenz[i]));
    }
    Polyline(points, m, quality.models[m].name, page);
  }
  page->Raw("</svg>");
}

void CoverageAndAccuracy(const RecommenderQuality& quality, HtmlPage* page) {
  const size_t last = quality.ks.size() - 1;
  Frame frame;
  frame.x_top = frame.y_top = 1e-9;
  for (const ModelQuality& model : quality.models) {
    frame.x_top = std::max(frame.x_top, model.exposure[last].coverage);
    frame.y_top = std::max(frame.y_top, Top({&model.cuts[last].of(ListMetric::kRecall)}));
  }
  const std::string recall = Concat("recall@", quality.ks[last]);
  OpenFrame(frame, "Coverage and accuracy", Concat("coverage@", quality.ks[last]), recall, page);
  for (int step = 0; step <= 4; ++step) {
    const double value = frame.x_top * step / 4;
    Label(frame.x(value), frame.above + frame.height + 18, "middle", Fixed(value, 3), page);
  }
  for (size_t m = 0; m < quality.models.size(); ++m) {
    const ModelQuality& model = quality.models[m];
    const Estimate& estimate = model.cuts[last].of(ListMetric::kRecall);
    if (std::isnan(estimate.value)) continue;
    const double x = frame.x(model.exposure[last].coverage);
    page->Raw(Concat("<circle r=\"5\" cx=\"", Place(x), "\" cy=\"", Place(frame.y(estimate.value)),
                     "\" fill=\"", Colour(m), "\"><title>"))
        .Text(Tip(model.name, recall, estimate))
        .Raw("</title></circle>");
    Label(x + 8, frame.y(estimate.value) + 4, "start", model.name, page);
  }
  page->Raw("</svg>");
}

void Legend(const RecommenderQuality& quality, HtmlPage* page) {
  page->Raw("<p>");
  for (size_t m = 0; m < quality.models.size(); ++m) {
    page->Raw(Concat("<svg width=\"12\" height=\"12\"><rect width=\"12\" height=\"12\" fill=\"",
                     Colour(m), "\"/></svg> "));
    page->Text(Printable(quality.models[m].name, 60)).Raw(" &#160; ");
  }
  page->Raw("</p>");
}

std::string WithInterval(const Estimate& estimate) {
  if (std::isnan(estimate.low)) return Figure(estimate.value);
  return Concat(Figure(estimate.value), " [", Figure(estimate.low), ", ", Figure(estimate.high),
                "]");
}

void Tables(const RecommenderQuality& quality, HtmlPage* page) {
  for (size_t k = 0; k < quality.ks.size(); ++k) {
    page->Raw("<h3>").Text("k = ", quality.ks[k]);
    page->Raw("</h3><div class=\"scroll\"><table><tr><th>model</th>");
    for (const ListMetric metric : kListMetrics) {
      page->Raw("<th>").Text(ListMetricName(metric)).Raw("</th>");
    }
    page->Raw("<th>popularity lift</th><th>coverage</th><th>Gini</th></tr>");
    for (const ModelQuality& model : quality.models) {
      page->Raw("<tr>").Cell(Printable(model.name, 60));
      for (const ListMetric metric : kListMetrics) {
        page->NumberCell(WithInterval(model.cuts[k].of(metric)));
      }
      page->NumberCell(WithInterval(model.cuts[k].popularity_lift));
      page->NumberCell(Figure(model.exposure[k].coverage));
      page->NumberCell(Figure(model.exposure[k].gini)).Raw("</tr>");
    }
    page->Raw("</table></div>");
  }
}

void Differences(const RecommenderQuality& quality, HtmlPage* page) {
  const size_t last = quality.ks.size() - 1;
  page->Raw("<h2>").Text("Minus ", Printable(quality.baseline, 60),
                         ", paired, k = ", quality.ks[last]);
  page->Raw("</h2><div class=\"scroll\"><table><tr><th>model</th>");
  for (const ListMetric metric : kListMetrics) {
    page->Raw("<th>").Text(ListMetricName(metric)).Raw("</th>");
  }
  page->Raw("</tr>");
  for (const ModelQuality& model : quality.models) {
    if (model.difference.empty()) continue;
    page->Raw("<tr>").Cell(Printable(model.name, 60));
    for (const Difference& difference : model.difference[last]) {
      page->NumberCell(WithInterval(difference.estimate));
    }
    page->Raw("</tr>");
  }
  page->Raw("</table></div>");
}

void Notes(const RecommenderQuality& quality, HtmlPage* page) {
  page->Raw("<p>").Text(GroupedDigits(quality.customers), " customers with test items, ",
                        GroupedDigits(quality.items), " items to choose from.");
  if (quality.bootstrap.replicates > 0) {
    page->Text(" Intervals: ", quality.bootstrap.level * 100, " %, percentiles of ",
               GroupedDigits(quality.bootstrap.replicates),
               " bootstrap replicates over customers, seed ", quality.bootstrap.seed, ".");
  }
  if (!quality.diversity_by.empty()) {
    page->Text(" Diversity is measured by the item vectors of ",
               Printable(quality.diversity_by, 60), ".");
  }
  page->Raw("</p><p>Customers: ");
  for (const QualityGroup& group : quality.groups) {
    page->Text(group.name, " ", group.rule, " (", GroupedDigits(group.customers), "). ");
  }
  page->Raw("</p>");
}

}  // namespace

std::string RecommenderHtml(const std::string& title, const std::vector<std::string>& about,
                            const RecommenderQuality& quality) {
  HtmlPage page;
  page.Raw(kHead).Raw("<h1>Recommenders</h1><p class=\"dim\">").Text(title).Raw("</p>");
  for (const std::string& line : about) page.Raw("<p>").Text(line).Raw("</p>");
  Notes(quality, &page);
  if (!quality.ks.empty()) {
    page.Raw("<h2>What the lists find</h2><div class=\"plots\">");
    for (const ListMetric metric :
         {ListMetric::kRecall, ListMetric::kNdcg, ListMetric::kMap, ListMetric::kMrr}) {
      MetricBars(quality, metric, &page);
    }
    page.Raw("</div>");
    Legend(quality, &page);
    page.Raw("<div class=\"plots\">");
    ByCut(quality, ListMetric::kRecall, &page);
    ByCut(quality, ListMetric::kNdcg, &page);
    page.Raw("</div><h2>By group of customers</h2>");
    Legend(quality, &page);
    ByGroup(quality, ListMetric::kRecall, &page);
    page.Raw("<h2>What the lists show</h2>");
    Legend(quality, &page);
    page.Raw("<div class=\"plots\">");
    Lorenz(quality, &page);
    CoverageAndAccuracy(quality, &page);
    page.Raw("</div>");
    Differences(quality, &page);
    page.Raw("<h2>Every metric</h2>");
    Tables(quality, &page);
  }
  return page.Raw("</body></html>\n").Take();
}

}  // namespace burgeon
