// What an event has to say, by its type: checked when a row is mapped, so that a bad one lies in
// quarantine with its reason and not in the store.
//
//   if (!CheckEvent(event, &problem)) return RowOutcome::kBad;
//
//   consent     a customer; purpose recommend, score, audience, export or all; granted true or
//   false attribute   a customer; name, and value id_link     a customer; linked_id, an id
//   (field_source.h: ProblemOfId) feedback    kind nps, csat, survey, review, complaint or support;
//   a score or a text;
//               nps: a whole score from 0 to 10, and scale_max, where it is there, 10
//               csat: a score from 1 to scale_max (5 when there is none)
//               review: a score, where it is there, from 0 to scale_max (5)
//               others: a score, where it is there, from 0 to scale_max (any when there is none)
//   rating      a score, where it is there, from 0 to scale_max (any when there is none)
// scale_max is a number above 0 and at most 1000; language, where it is there, is a tag of BCP 47
// ("en", "zh-Hans"). Of any type, dwell_seconds is a number from 0.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_RULES_H_
#define BURGEON_ENGINE_EVENTS_EVENT_RULES_H_

#include "engine/events/event.h"
#include "engine/events/field_source.h"

namespace burgeon {

// `event` as it is mapped, its customer id not yet a pseudonym. False fills *problem, whose field
// is a property's name, as "feedback.score", or "customer".
bool CheckEvent(const Event& event, FieldProblem* problem);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_RULES_H_
