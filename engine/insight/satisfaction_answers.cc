#include "engine/insight/satisfaction_answers.h"

#include <optional>
#include <utility>

namespace burgeon {
namespace {

std::string PropertyOf(const Event& event, const std::string& name) {
  const auto found = event.properties.find(name);
  return found == event.properties.end() ? "" : found->second;
}

struct Scale {
  AnswerKind kind;
  double min;
  double max;  // when the event names none
};

std::optional<Scale> ScaleOf(const std::string& kind, const Event& event) {
  if (kind == "nps") return Scale{AnswerKind::kNps, 0, 10};
  if (kind == "csat") return Scale{AnswerKind::kCsat, 1, 5};
  if (kind == "review") return Scale{AnswerKind::kReview, 0, 5};
  if (kind == "survey" && PropertyOf(event, "survey") == "ces") {
    return Scale{AnswerKind::kEffort, 1, 7};
  }
  return std::nullopt;
}

void AddEvent(const Event& event, uint32_t customer, AnswerLog* log) {
  const std::string kind = PropertyOf(event, "kind");
  ++log->by_kind[kind];
  const std::optional<Scale> scale = ScaleOf(kind, event);
  const std::string text = PropertyOf(event, "score");
  if (!scale || text.empty()) return;  // a comment without a number is counted by its kind
  const std::string max_text = PropertyOf(event, "scale_max");
  const std::optional<double> score = ParseDouble(text);
  const std::optional<double> max = max_text.empty() ? scale->max : ParseDouble(max_text);
  const bool nps = scale->kind == AnswerKind::kNps;
  if (!score || !max || *max <= scale->min || *score < scale->min || *score > *max ||
      (nps && *max != 10)) {
    ++log->unreadable;
    return;
  }
  log->answers.push_back(
      {scale->kind, *score, *max, event.event_time, customer, event.channel, event.item_id});
}

AnswerLog ReadOne(const EventSource& source, int bucket, const Snapshot& snapshot,
                  absl::Status* status) {
  AnswerLog log;
  *status = source.ReadBucket(bucket, [&](const Event& event) {
    if (event.type != EventType::kFeedback || event.event_time > snapshot.as_of ||
        event.known_at > snapshot.as_of) {
      return;
    }
    const std::optional<uint32_t> customer = snapshot.customers.Find(event.customer_id);
    if (customer) {
      AddEvent(event, *customer, &log);
    } else {
      ++log.without_consent;
    }
  });
  return log;
}

}  // namespace

absl::StatusOr<AnswerLog> CollectAnswers(ThreadPool& pool, const EventSource& source,
                                         const Snapshot& snapshot) {
  std::vector<AnswerLog> buckets(kEventBuckets);
  BURGEON_RETURN_IF_ERROR(
      pool.ParallelForStatus(kEventBuckets, 1, [&](int64_t begin, int64_t) -> absl::Status {
        absl::Status status;
        buckets[static_cast<size_t>(begin)] =
            ReadOne(source, static_cast<int>(begin), snapshot, &status);
        return Annotate(status, Concat("feedback of bucket ", begin));
      }));
  AnswerLog all;
  for (AnswerLog& log : buckets) {
    all.answers.insert(all.answers.end(), std::make_move_iterator(log.answers.begin()),
                       std::make_move_iterator(log.answers.end()));
    for (const auto& [kind, count] : log.by_kind) all.by_kind[kind] += count;
    all.without_consent += log.without_consent;
    all.unreadable += log.unreadable;
  }
  return all;
}

}  // namespace burgeon
