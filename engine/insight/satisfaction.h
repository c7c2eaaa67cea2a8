// How content customers are, as known at T: NPS, CSAT, effort and reviews, by month and by any
// dimension, and what stands out.
//
//   SatisfactionInput input{.answers = ..., .dimensions = {...}};
//   const SatisfactionReport report = ReportSatisfaction(input, {.min_group = 10});
//
// Privacy: a group of fewer than min_group customers shows no figures. When just one group of a
// breakdown would be hidden, the smallest of the others is hidden with it, since the hidden one
// could be computed from the total.
//
// What stands out (drivers): every shown group against all the other answers of its breakdown, by
// the difference of NPS and of CSAT's top-two share, with Holm-adjusted p-values over all
// comparisons of the report; not with fewer than 10 answers on either side. A difference is not a
// cause. Answers of one customer are taken as independent, so p-values are somewhat too small where
// customers answer often.
#ifndef BURGEON_ENGINE_INSIGHT_SATISFACTION_H_
#define BURGEON_ENGINE_INSIGHT_SATISFACTION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/insight/satisfaction_answers.h"
#include "engine/insight/satisfaction_measures.h"

namespace burgeon {

// Figures of one group of answers.
struct SatisfactionFigures {
  std::string group;
  int64_t customers = 0;    // distinct
  bool suppressed = false;  // fewer than min_group customers (or hidden with one): figures are 0
  NetPromoter nps;
  ScoreSummary csat;    // on a scale of 1 to 5
  ScoreSummary effort;  // 1 to 7
  ScoreSummary review;  // 1 to 5
};

struct SatisfactionBreakdown {
  std::string dimension;
  std::vector<SatisfactionFigures> groups;  // ascending by name; "" : the answer has no value
};

struct SatisfactionDriver {
  std::string dimension;
  std::string group;
  std::string measure;     // "nps" or "csat"
  double difference = 0;   // of the group to the rest: points of NPS, or of percent
  Interval interval = {};  // 95 %, of this difference alone
  double p_value = 1;
  double adjusted_p_value = 1;  // Holm
  bool stands_out = false;      // adjusted_p_value <= 0.05
};

struct SatisfactionReport {
  TimeMicros as_of = 0;
  int64_t min_group = 0;
  SatisfactionFigures total;
  std::map<std::string, int64_t> responses_by_kind;
  int64_t without_consent = 0;
  int64_t unreadable = 0;
  std::vector<SatisfactionBreakdown> breakdowns;  // in the order asked for
  std::vector<SatisfactionDriver> drivers;        // by adjusted p-value, then size
};

// What an answer is grouped by.
struct SatisfactionDimension {
  std::string name;
  std::function<std::string(const Answer&)> group_of;
  // Months follow each other: they are a trend, not compared against the rest.
  bool is_trend = false;
};

SatisfactionDimension ByChannel();
SatisfactionDimension ByMonth();  // "2024-03", UTC
// By a value that belongs to the item or to the customer; items by id, customers by row.
SatisfactionDimension ByItemValue(std::string name, std::map<std::string, std::string> values);
SatisfactionDimension ByCustomerValue(std::string name, std::vector<std::string> values);

struct SatisfactionOptions {
  int64_t min_group = 10;
};

SatisfactionReport ReportSatisfaction(const AnswerLog& log, TimeMicros as_of,
                                      const std::vector<SatisfactionDimension>& dimensions,
                                      const SatisfactionOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INSIGHT_SATISFACTION_H_
