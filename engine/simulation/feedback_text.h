// What a person writes: sentences put together so that sentiment and topic are known.
#ifndef BURGEON_ENGINE_SIMULATION_FEEDBACK_TEXT_H_
#define BURGEON_ENGINE_SIMULATION_FEEDBACK_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/simulation/sim_event.h"

namespace burgeon {

enum class TextLanguage : uint8_t { kEnglish, kChinese };

std::string_view SimFeedbackName(SimFeedback kind);         // "nps", "csat", "review", ...
std::string_view SimTopicName(SimTopic topic);              // "delivery", ...
std::string_view SimSentimentName(SimSentiment sentiment);  // "negative", "neutral", "positive"

// `variant` chooses among wordings; `thing` is what it is about ("Cups"), "" for nothing. One
// line, without quotes or line ends. A support conversation has several turns.
std::string FeedbackText(SimFeedback kind, SimTopic topic, SimSentiment sentiment,
                         TextLanguage language, uint64_t variant, std::string_view thing);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_FEEDBACK_TEXT_H_
