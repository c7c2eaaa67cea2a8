// From a matched route and its body to the JSON of the answer: parse, call one function of
// engine/release/query.h, write.
#ifndef BURGEON_SERVING_HANDLERS_H_
#define BURGEON_SERVING_HANDLERS_H_

#include <functional>
#include <string>
#include <string_view>

#include "engine/audience/lookalike.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/recommend/item_rules.h"
#include "engine/release/contact.h"
#include "serving/changes.h"
#include "serving/release_source.h"
#include "serving/router.h"
#include "serving/workers.h"

namespace burgeon {

// Called by several threads at once, each with its own context.
using QueryFunction =
    std::function<absl::StatusOr<std::string>(ExecutionContext& context, const ServingState& state,
                                              const RouteMatch& match, std::string_view body)>;

struct AnswerOptions {
  LookalikeOptions lookalike;  // `size` is the request's
  // As ServeOptions::pseudonym. Ids in answers are always in stored form.
  std::function<std::string(std::string_view)> pseudonym;
  ChangeRecorder changes;
  ItemRules rules = {};        // of every list, beside those of the request
  ContactPolicy contact = {};  // for requests that ask whether to contact
};

// For every route but healthz and metrics.
absl::StatusOr<std::string> AnswerQuery(ExecutionContext& context, const ServingState& state,
                                        const RouteMatch& match, std::string_view body,
                                        const AnswerOptions& options);

WorkClass WorkClassOf(Route route);

// Whether an answered request changed the overlay, so that it must be looked at before the answer
// goes out.
bool ChangesOverlay(Route route);

}  // namespace burgeon

#endif  // BURGEON_SERVING_HANDLERS_H_
