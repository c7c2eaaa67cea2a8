// The quality of recommenders as one HTML file that needs nothing else: no network, no script; the
// plots are SVG within it. Every text of the data (names of models, lines on the split) is escaped.
#ifndef BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_HTML_H_
#define BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_HTML_H_

#include <string>
#include <vector>

#include "engine/experiment/recommender_quality.h"

namespace burgeon {

// title: what was split, and how; about: lines on it.
std::string RecommenderHtml(const std::string& title, const std::vector<std::string>& about,
                            const RecommenderQuality& quality);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_HTML_H_
