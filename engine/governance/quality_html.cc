#include "engine/governance/quality_html.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/html.h"

namespace burgeon {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Data quality</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222}
h1{font-size:1.6em;margin-bottom:0}h2{font-size:1.2em;margin-top:2em}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd;vertical-align:top}
th{font-weight:600;background:#f5f5f5}td.n{text-align:right;font-variant-numeric:tabular-nums}
.pass{color:#1a7f37}.warn{color:#9a6700}.fail{color:#cf222e}.dim{color:#777}
.scroll{overflow-x:auto}code{font-size:.92em}svg{vertical-align:middle}
.bar{fill:#4a7ab5}.rest{fill:#e6e6e6}
</style></head><body>
)";

std::string Percent(double share) { return Concat(std::round(share * 1e5) / 1e3, " %"); }
std::string Figure(double value) { return Concat(std::round(value * 1e4) / 1e4); }

// A bar of 120 points, filled to `share`.
void Bar(double share, HtmlPage* page) {
  const double width = std::round(std::clamp(share, 0.0, 1.0) * 1200) / 10;
  page->Raw(
      Concat("<svg width=\"120\" height=\"10\" role=\"img\"><rect class=\"rest\" width=\"120\" "
             "height=\"10\"/><rect class=\"bar\" width=\"",
             width, "\" height=\"10\"/></svg>"));
}

// Bars over their labels, which show as tool tips.
void Histogram(const std::vector<std::pair<std::string, int64_t>>& bars, double width,
               double height, HtmlPage* page) {
  int64_t most = 1;
  for (const auto& [label, count] : bars) most = std::max(most, count);
  const double step = width / static_cast<double>(std::max(bars.size(), size_t{1}));
  page->Raw(Concat("<svg width=\"", width, "\" height=\"", height, "\" role=\"img\">"));
  for (size_t i = 0; i < bars.size(); ++i) {
    const double tall =
        std::round(static_cast<double>(bars[i].second) * height * 10 / static_cast<double>(most)) /
        10;
    page->Raw(Concat("<rect class=\"bar\" x=\"",
                     std::round(step * static_cast<double>(i) * 10) / 10, "\" y=\"", height - tall,
                     "\" width=\"", std::max(std::round(step * 8) / 10, 0.5), "\" height=\"", tall,
                     "\"><title>"));
    page->Text(bars[i].first, ": ", GroupedDigits(bars[i].second)).Raw("</title></rect>");
  }
  page->Raw("</svg>");
}

void Scores(const QualityReport& report, HtmlPage* page) {
  page->Raw("<h2>Scores</h2><table><tr><th>dimension</th><th>score</th><th></th></tr>");
  for (int i = 0; i < kQualityDimensions; ++i) {
    const Score& score = report.dimensions[static_cast<size_t>(i)];
    if (score.weight <= 0) continue;
    page->Raw("<tr>").Cell(DimensionName(static_cast<QualityDimension>(i)));
    page->NumberCell(Figure(score.score)).Raw("<td>");
    Bar(score.score, page);
    page->Raw("</td></tr>");
  }
  page->Raw("</table>");
}

std::string_view ClassOf(const RuleResult& rule) {
  if (!rule.passed()) return "fail";
  if (rule.failing == 0) return "pass";
  return rule.weight > 0 ? "warn" : "dim";
}

void RuleTable(const std::vector<const RuleResult*>& rules, HtmlPage* page) {
  page->Raw(
      "<table><tr><th>rule</th><th>dimension</th><th>wanted</th><th>failing</th><th>of</th>"
      "<th>share</th><th></th></tr>");
  for (const RuleResult* rule : rules) {
    page->Raw("<tr><td class=\"").Raw(ClassOf(*rule)).Raw("\">").Text(rule->name).Raw("</td>");
    page->Cell(DimensionName(rule->dimension)).Raw("<td>").Text(rule->wanted);
    if (rule->groups > 0) {
      page->Raw("<br><span class=\"dim\">")
          .Text(GroupedDigits(rule->groups), " groups")
          .Raw("</span>");
    }
    if (!rule->note.empty()) page->Raw("<br><span class=\"dim\">").Text(rule->note).Raw("</span>");
    page->Raw("</td>").NumberCell(GroupedDigits(rule->failing));
    page->NumberCell(GroupedDigits(rule->checked), " ", rule->unit)
        .NumberCell(Percent(rule->share()));
    page->Raw("<td>");
    Bar(rule->share(), page);
    page->Raw("</td></tr>");
  }
  page->Raw("</table>");
}

void Rules(const QualityReport& report, HtmlPage* page) {
  std::vector<const RuleResult*> broken;
  std::vector<const RuleResult*> held;
  for (const RuleResult& rule : report.rules) {
    (rule.failing > 0 ? broken : held).push_back(&rule);
  }
  std::stable_sort(broken.begin(), broken.end(), [](const RuleResult* a, const RuleResult* b) {
    if (a->passed() != b->passed()) return !a->passed();
    return a->weight * a->share() > b->weight * b->share();
  });
  page->Raw("<h2>Rules broken</h2>");
  if (broken.empty()) {
    page->Raw("<p class=\"pass\">None.</p>");
  } else {
    RuleTable(broken, page);
  }
  page->Raw("<details><summary>").Text(held.size(), " rules held").Raw("</summary>");
  RuleTable(held, page);
  page->Raw("</details>");
}

void Fields(const QualityReport& report, HtmlPage* page) {
  page->Raw(
      "<h2>Fields</h2><div class=\"scroll\"><table><tr><th>field</th><th>type</th><th>score</th>"
      "<th>missing</th><th>different</th><th>values</th></tr>");
  for (const FieldSummary& field : report.fields) {
    page->Raw("<tr>").Cell(field.name).Cell(ExpressionTypeName(field.type));
    const auto score = report.field_scores.find(field.name);
    page->NumberCell(score == report.field_scores.end() ? "" : Figure(score->second.score));
    const double rows = static_cast<double>(std::max(field.rows, int64_t{1}));
    page->NumberCell(GroupedDigits(field.missing), " (",
                     Percent(static_cast<double>(field.missing) / rows), ")");
    page->NumberCell(field.distinct > 0 ? GroupedDigits(field.distinct) : "").Raw("<td>");
    if (field.personal) {
      page->Raw("<span class=\"dim\">not shown: personal</span>");
    } else if (!field.quantiles.empty()) {
      Histogram(field.histogram, 240, 40, page);
      page->Raw("<br><span class=\"dim\">");
      page->Text("min ", Figure(field.quantiles[0]), ", median ", Figure(field.quantiles[2]),
                 ", max ", Figure(field.quantiles[4]));
      page->Raw("</span>");
    } else if (!field.frequent.empty()) {
      for (const auto& [value, count] : field.frequent) {
        Bar(static_cast<double>(count) / rows, page);
        page->Raw(" ").Text(Printable(value, 60), " ").Raw("<span class=\"dim\">");
        page->Text(GroupedDigits(count)).Raw("</span><br>");
      }
    } else if (field.type == ExpressionType::kText) {
      page->Raw("<span class=\"dim\">many different values</span>");
    }
    page->Raw("</td></tr>");
  }
  page->Raw("</table></div>");
}

void Timeliness(const QualityReport& report, HtmlPage* page) {
  if (report.events_by_day.empty()) return;
  page->Raw("<h2>Events by day</h2>");
  std::vector<std::pair<std::string, int64_t>> bars;
  // Days without events are days too.
  const TimeMicros first = report.events_by_day.front().first;
  const TimeMicros last = report.events_by_day.back().first;
  const int64_t days = (last - first) / kMicrosPerDay + 1;
  const int64_t step = std::max(int64_t{1}, (days + 899) / 900);  // days a bar
  for (int64_t i = 0; i * step < days; ++i) {
    bars.emplace_back(FormatTime(first + i * step * kMicrosPerDay).substr(0, 10), 0);
  }
  for (const auto& [day, count] : report.events_by_day) {
    bars[static_cast<size_t>((day - first) / kMicrosPerDay / step)].second += count;
  }
  Histogram(bars, 900, 80, page);
  page->Raw("<p>")
      .Text(bars.front().first, " to ", FormatTime(last).substr(0, 10), "; ",
            report.rhythm.silences.size(), " silences against the usual rhythm.")
      .Raw("</p>");
  const bool lag = std::any_of(report.lag_quantiles.begin(), report.lag_quantiles.end(),
                               [](const auto& one) { return one.second != 0; });
  if (!lag) return;
  page->Raw("<p>From event to known, in seconds: ");
  for (const auto& [q, seconds] : report.lag_quantiles) {
    page->Text(q * 100, " % ", Figure(seconds), "; ");
  }
  page->Raw("</p>");
}

void Rows(const QualityReport& report, HtmlPage* page) {
  if (report.worst_rows.empty()) return;
  page->Raw("<h2>The worst rows</h2><div class=\"scroll\"><table><tr><th>line</th><th>rules</th>");
  for (const std::string& column : report.columns) page->Raw("<th>").Text(column).Raw("</th>");
  page->Raw("</tr>");
  for (const ShownRow& row : report.worst_rows) {
    page->Raw("<tr>");
    if (row.ingest > 0) {
      page->NumberCell("ingest ", row.ingest, ", ", row.line);
    } else {
      page->NumberCell(row.line);
    }
    page->Cell(JoinComma(row.rules));
    for (const std::string& value : row.values) page->Cell(value);
    page->Raw("</tr>");
  }
  page->Raw("</table></div>");
}

}  // namespace

std::string ReportHtml(const QualityReport& report) {
  HtmlPage page;
  page.Raw(kHead).Raw("<h1>Data quality: ").Text(report.source).Raw("</h1><p class=\"dim\">");
  page.Text(report.input, ", ", GroupedDigits(report.rows), " rows, checked ",
            FormatTime(report.checked_at));
  page.Raw("</p><p>Score <b>").Text(Figure(report.score)).Raw("</b>, verdict <b class=\"");
  page.Raw(report.verdict).Raw("\">").Text(report.verdict).Raw("</b></p>");
  if (!report.failures.empty()) {
    page.Raw("<ul class=\"fail\">");
    for (const std::string& failure : report.failures) {
      page.Raw("<li>").Text(failure).Raw("</li>");
    }
    page.Raw("</ul>");
  }
  for (const std::string& note : report.notes) page.Raw("<p>").Text(note).Raw("</p>");
  Scores(report, &page);
  Rules(report, &page);
  Rows(report, &page);
  Fields(report, &page);
  Timeliness(report, &page);
  return page.Raw("</body></html>\n").Take();
}

}  // namespace burgeon
