// The answers a report on satisfaction stands on: feedback events as known at T, of customers who
// consent to `score` at T. Reads through the rules of a snapshot: BuildSnapshot decides who is
// there (consent, identity, erasures), and an event counts when event_time and known_at are at or
// before T.
#ifndef BURGEON_ENGINE_INSIGHT_SATISFACTION_ANSWERS_H_
#define BURGEON_ENGINE_INSIGHT_SATISFACTION_ANSWERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/event_source.h"
#include "engine/dataset/snapshot.h"

namespace burgeon {

enum class AnswerKind : uint8_t { kNps, kCsat, kEffort, kReview };

struct Answer {
  AnswerKind kind = AnswerKind::kNps;
  double score = 0;
  double scale_max = 10;
  TimeMicros time = 0;
  uint32_t customer = 0;  // row in the snapshot
  std::string channel;
  std::string item;
};

struct AnswerLog {
  // NPS, CSAT, effort (a survey whose property `survey` is "ces"; scale to 7 unless it says) and
  // scored reviews; by (customer id as stored, event_time).
  std::vector<Answer> answers;
  std::map<std::string, int64_t> by_kind;  // all feedback of who consents, by property `kind`
  int64_t without_consent = 0;             // feedback of who does not, looked at no further
  int64_t unreadable = 0;  // a score that is no number, or not on its scale: left out
};

// `snapshot` built for Purpose::kScore.
absl::StatusOr<AnswerLog> CollectAnswers(ThreadPool& pool, const EventSource& source,
                                         const Snapshot& snapshot);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INSIGHT_SATISFACTION_ANSWERS_H_
