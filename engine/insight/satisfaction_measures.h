// Figures of satisfaction from counts and scores, with 95 % intervals.
//
// Net promoter score (Reichheld, "The One Number You Need to Grow", Harvard Business Review 2003):
// promoters (9, 10) less detractors (0 to 6), as a share of all answers, times 100. Every answer
// is +1, 0 or -1; with D = p - d and q = p + d the variance of the mean is (q - D^2) / n, that of a
// multinomial. The interval is the score interval that inverts
//   (D^ - D)^2 <= z^2 (q^ - D^2) / n
// for D: Wilson's (JASA 22, 1927), of which it is the form with passives. Without passives it is
// Wilson's interval of p, as 2 p - 1; it never leaves -100 .. 100, and does not shrink to a point
// when all are promoters.
#ifndef BURGEON_ENGINE_INSIGHT_SATISFACTION_MEASURES_H_
#define BURGEON_ENGINE_INSIGHT_SATISFACTION_MEASURES_H_

#include <cstdint>
#include <vector>

namespace burgeon {

inline constexpr double kNormal95 = 1.959963984540054;

struct Interval {
  double low = 0;
  double high = 0;
};

struct NetPromoter {
  int64_t promoters = 0;
  int64_t passives = 0;
  int64_t detractors = 0;

  void Add(double score);  // 0 to 10
  int64_t answers() const { return promoters + passives + detractors; }
  double score() const;           // -100 to 100; 0 without answers
  Interval interval() const;      // 95 %; of no answers -100 to 100
  double standard_error() const;  // of score(): 100 sqrt((q - D^2) / n)
};

// Scores of one scale, 1 to scale_max: CSAT (scale_max 5), effort (7), reviews (5).
struct ScoreSummary {
  int64_t answers = 0;
  int64_t top_two = 0;  // scores above scale_max - 2
  double sum = 0;       // on the scale of the summary
  double sum_of_squares = 0;

  // `score` of a scale to `scale_max` counts in the top two boxes of its own scale, and is carried
  // linearly, 1 to 1 and scale_max to `to`.
  void Add(double score, double scale_max, double to);
  double top_two_share() const;
  Interval top_two_interval() const;  // Wilson (JASA 22, 1927), 95 %
  double mean() const;
  // mean +- z s / sqrt(n), s the sample's standard deviation; the mean alone below two answers.
  Interval mean_interval() const;
};

Interval WilsonInterval(int64_t successes, int64_t trials);

// Two-sided p-value of a standard normal statistic.
double NormalPValue(double z);
// Of the difference of two means with these variances of the means; 1 when both are 0.
double DifferencePValue(double difference, double variance_a, double variance_b);

// Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
// Statistics 6 (1979): adjusted p-values, in the order of the input. Rejecting those at or below
// alpha keeps the chance of any false rejection below alpha, whatever their dependence.
std::vector<double> HolmAdjusted(const std::vector<double>& p_values);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INSIGHT_SATISFACTION_MEASURES_H_
