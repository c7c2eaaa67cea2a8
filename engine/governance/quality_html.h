// A quality report as one HTML file that needs nothing else: no network, no script; bars and
// histograms are drawn as SVG within it. Every text of the data is escaped.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_HTML_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_HTML_H_

#include <string>

#include "engine/governance/quality_report.h"

namespace burgeon {

std::string ReportHtml(const QualityReport& report);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_HTML_H_
