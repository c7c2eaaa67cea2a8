#include "engine/governance/quality_builtin.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/governance/quality_text.h"

namespace burgeon {
namespace {

constexpr TimeMicros kEarliestTime = 631'152'000 * kMicrosPerSecond;  // 1990-01-01

RowVerdict VerdictOf(bool holds) { return holds ? RowVerdict::kHolds : RowVerdict::kFails; }

BuiltinRule Make(std::string name, QualityDimension dimension, std::string field,
                 std::string wanted) {
  BuiltinRule out;
  out.rule.name = std::move(name);
  out.rule.dimension = dimension;
  out.rule.field = std::move(field);
  out.rule.builtin = true;
  out.wanted = std::move(wanted);
  return out;
}

// Of rows that are events.
template <class Test>
RowTest OfEvents(Test test) {
  return [test](const QualityRow& row) {
    return row.event() == nullptr ? RowVerdict::kNotConcerned : test(*row.event());
  };
}

// Event types that are about an item.
bool IsAboutItem(EventType type) {
  switch (type) {
    case EventType::kFavourite:
    case EventType::kAddToCart:
    case EventType::kRemoveFromCart:
    case EventType::kPurchase:
    case EventType::kReturn:
    case EventType::kCancel:
      return true;
    default:
      return false;
  }
}

// What both files and the store are held to.
std::vector<BuiltinRule> EventRules(const QualityOptions& options, const TestContext& context,
                                    bool has_item) {
  std::vector<BuiltinRule> rules;
  rules.push_back(Make("customer_missing", QualityDimension::kCompleteness, "customer",
                       "every event has a customer"));
  rules.back().test =
      OfEvents([](const EventFacts& event) { return VerdictOf(!event.customer_id.empty()); });
  if (has_item) {
    rules.push_back(Make("item_missing", QualityDimension::kCompleteness, "item",
                         "every event about an item has one"));
    rules.back().test = OfEvents([](const EventFacts& event) {
      if (!IsAboutItem(event.type)) return RowVerdict::kNotConcerned;
      return VerdictOf(!event.item_id.empty());
    });
    rules.push_back(Make("item_full_width", QualityDimension::kConsistency, "item",
                         "item ids have no letters and digits of full width"));
    rules.back().test = OfEvents([](const EventFacts& event) {
      if (event.item_id.empty()) return RowVerdict::kNotConcerned;
      return VerdictOf(!HasFullWidth(event.item_id));
    });
  }
  rules.push_back(Make("time_in_future", QualityDimension::kAccuracy, "time",
                       "no event happens after the check"));
  rules.back().test = OfEvents([now = context.now](const EventFacts& event) {
    return VerdictOf(event.event_time <= now + kMicrosPerDay);  // clocks may differ
  });
  rules.push_back(Make("time_before_1990", QualityDimension::kAccuracy, "time",
                       "no event happened before 1990"));
  rules.back().test = OfEvents(
      [](const EventFacts& event) { return VerdictOf(event.event_time >= kEarliestTime); });
  rules.push_back(Make("known_before_event", QualityDimension::kTimeliness, "known_at",
                       "nothing is known before it happens"));
  rules.back().test = OfEvents(
      [](const EventFacts& event) { return VerdictOf(event.known_at >= event.event_time); });
  if (options.near_duplicate_seconds > 0) {
    rules.push_back(Make("repeated_purchase", QualityDimension::kUniqueness, "",
                         Concat("no two different purchases of one customer and item within ",
                                options.near_duplicate_seconds, " s")));
    rules.back().group = MakeRepeatedPurchases(
        context,
        std::llround(options.near_duplicate_seconds * static_cast<double>(kMicrosPerSecond)));
  }
  return rules;
}

void AddMappingRules(const SourceConfig& source, std::vector<BuiltinRule>* rules) {
  const EventMapping& map = source.events;
  std::vector<std::string> names = {"time", "type"};
  const std::vector<std::pair<std::string, bool>> optional = {
      {"customer", map.customer.has_value()}, {"item", map.item.has_value()},
      {"session", map.session.has_value()},   {"channel", map.channel.has_value()},
      {"event_id", map.event_id.has_value()}, {"quantity", map.quantity.has_value()},
      {"value", map.value.has_value()},       {"unit_price", map.unit_price.has_value()},
      {"currency", map.currency.has_value()}, {"known_at", map.known_at.has_value()}};
  for (const auto& [name, mapped] : optional) {
    if (mapped) names.push_back(name);
  }
  for (const std::string& name : names) {
    rules->push_back(Make(Concat(name, "_valid"), QualityDimension::kAccuracy, name,
                          Concat("the mapping can read ", name)));
    rules->back().test = [name](const QualityRow& row) {
      const FieldProblem* const problem = row.problem();
      if (problem == nullptr && row.event() == nullptr) return RowVerdict::kNotConcerned;
      return VerdictOf(problem == nullptr || problem->field != name || problem->value.empty());
    };
    rules->push_back(Make(Concat(name, "_required"), QualityDimension::kCompleteness, name,
                          Concat(name, " is there where the mapping needs it")));
    rules->back().test = [name](const QualityRow& row) {
      const FieldProblem* const problem = row.problem();
      if (problem == nullptr && row.event() == nullptr) return RowVerdict::kNotConcerned;
      return VerdictOf(problem == nullptr || problem->field != name || !problem->value.empty());
    };
  }
  rules->push_back(Make("event_valid", QualityDimension::kAccuracy, "",
                        "the mapping can read properties, attributes, and what a type wants"));
  rules->back().test = [names](const QualityRow& row) {
    const FieldProblem* const problem = row.problem();
    if (problem == nullptr && row.event() == nullptr) return RowVerdict::kNotConcerned;
    return VerdictOf(problem == nullptr ||
                     std::find(names.begin(), names.end(), problem->field) != names.end());
  };
}

void AddColumnRules(const QualityOptions& options, const TestContext& context,
                    std::vector<BuiltinRule>* rules) {
  for (size_t i = 0; i < context.columns.size(); ++i) {
    const ExpressionColumn& column = context.columns[i];
    auto buffer = std::make_shared<std::string>();
    if (column.type == ExpressionType::kText) {
      rules->push_back(Make(Concat("text_encoding_", column.name), QualityDimension::kAccuracy,
                            column.name,
                            Concat(column.name, " was not damaged by a wrong encoding")));
      rules->back().test = [i, buffer](const QualityRow& row) {
        const auto text = row.Text(i, buffer.get());
        return text ? VerdictOf(!LooksMisread(*text)) : RowVerdict::kNotConcerned;
      };
    } else if (options.columns.contains(column.name)) {
      rules->push_back(Make(Concat("type_", column.name), QualityDimension::kAccuracy, column.name,
                            Concat(column.name, " is a ", ExpressionTypeName(column.type))));
      rules->back().test = [i, buffer](const QualityRow& row) {
        if (!row.Text(i, buffer.get())) return RowVerdict::kNotConcerned;
        return VerdictOf(!row.Column(i).is_null());
      };
    }
  }
}

// A table of customers or items: an id, and one value of each attribute for it.
void AddTableRules(const SourceConfig& source, const TestContext& context,
                   std::vector<BuiltinRule>* rules) {
  const AttributeMapping& table = source.attributes;
  QualityRule rule;
  rule.builtin = true;
  rule.name = "id_missing";
  rule.dimension = QualityDimension::kCompleteness;
  rule.kind = RuleKind::kRequired;
  rule.field = table.id.column;
  if (absl::StatusOr<RowTest> test = MakeRowTest(rule, context); test.ok()) {
    rules->push_back({rule, DescribeRule(rule), *std::move(test), nullptr});
  }
  if (table.time) return;  // values may change with time
  for (const auto& [name, field] : table.attributes) {
    if (field.column.empty()) continue;
    rule.name = Concat("contradicting_", name);
    rule.dimension = QualityDimension::kConsistency;
    rule.kind = RuleKind::kOneValuePer;
    rule.field = field.column;
    rule.columns = {table.id.column};
    TestContext own = context;
    own.spill_folder = JoinPath(context.spill_folder, Concat("attribute-", rules->size()));
    auto test = MakeGroupTest(rule, own);
    if (test.ok()) rules->push_back({rule, DescribeRule(rule), RowTest(), *std::move(test)});
  }
}

RuleResult WholeResult(std::string name, QualityDimension dimension, std::string wanted,
                       std::string unit) {
  RuleResult result;
  result.name = std::move(name);
  result.dimension = dimension;
  result.wanted = std::move(wanted);
  result.unit = std::move(unit);
  result.builtin = true;
  return result;
}

}  // namespace

std::vector<BuiltinRule> BuiltinFileRules(const SourceConfig& source, const QualityOptions& options,
                                          const TestContext& context) {
  std::vector<BuiltinRule> rules;
  if (source.kind == SourceKind::kEvents) {
    rules = EventRules(options, context, source.events.item.has_value());
    if (!source.events.customer) rules.erase(rules.begin());
    AddMappingRules(source, &rules);
    if (source.lateness_seconds > 0) {
      rules.push_back(
          Make("late", QualityDimension::kTimeliness, "known_at",
               Concat("known within ", source.lateness_seconds, " s, the lateness of the source")));
      rules.back().test =
          OfEvents([limit = source.lateness_seconds * kMicrosPerSecond](const EventFacts& event) {
            return VerdictOf(event.known_at - event.event_time <= limit);
          });
    }
    if (source.events.event_id) {
      rules.push_back(Make("event_id_conflict", QualityDimension::kConsistency, "event_id",
                           "rows with one event id say the same"));
      rules.back().group = MakeEventIdConflicts(context);
    }
  } else {
    AddTableRules(source, context, &rules);
  }
  AddColumnRules(options, context, &rules);
  rules.push_back(
      Make("exact_duplicate", QualityDimension::kUniqueness, "", "no row is there twice"));
  rules.back().group = MakeExactDuplicates(context);
  return rules;
}

std::vector<BuiltinRule> BuiltinStoreRules(const QualityOptions& options,
                                           const TestContext& context) {
  return EventRules(options, context, true);
}

void AddRhythmResults(const QualityOptions& options, TimeMicros now, QualityReport* report) {
  const Rhythm& rhythm = report->rhythm;
  RuleResult gaps = WholeResult("silence", QualityDimension::kTimeliness,
                                "no hours without events against the usual rhythm", "hours");
  gaps.checked = rhythm.hours;
  gaps.failing = rhythm.silent_hours;
  gaps.groups = static_cast<int64_t>(rhythm.silences.size());
  for (size_t i = 0; i < rhythm.silences.size() && i < 5; ++i) {
    const SilentSpan& span = rhythm.silences[i];
    gaps.note += Concat(i == 0 ? "" : "; ", "nothing from ", FormatTime(span.begin), " to ",
                        FormatTime(span.end), ", where about ", std::llround(span.expected),
                        " events were to be expected");
  }
  report->rules.push_back(std::move(gaps));
  if (options.max_staleness_days <= 0 || report->profile.last_event == 0) return;
  RuleResult stale = WholeResult(
      "stale", QualityDimension::kTimeliness,
      Concat("the last event is at most ", options.max_staleness_days, " days ago"), "data");
  const double days =
      static_cast<double>(now - report->profile.last_event) / static_cast<double>(kMicrosPerDay);
  stale.checked = 1;
  stale.failing = days > options.max_staleness_days ? 1 : 0;
  stale.note = Concat("the last event was ", std::round(days * 10) / 10, " days ago");
  report->rules.push_back(std::move(stale));
}

void AddUnreadableResult(int64_t bad_rows, const std::string& note, QualityReport* report) {
  RuleResult result = WholeResult("row_readable", QualityDimension::kAccuracy,
                                  "every row can be taken apart into its fields", "rows");
  result.checked = report->rows + bad_rows;
  result.failing = bad_rows;
  result.note = note;
  report->rules.push_back(std::move(result));
}

void AddDriftResults(const std::vector<Drift>& drift, const std::string& prefix,
                     const std::string& what, QualityReport* report) {
  for (const Drift& one : drift) {
    RuleResult result =
        WholeResult(Concat("drift_", prefix, one.measure, one.field.empty() ? "" : "_", one.field),
                    QualityDimension::kDrift,
                    one.measure == "column" ? std::string("the same columns")
                                            : Concat(one.measure, " at most ", one.limit),
                    "comparisons");
    result.field = one.field;
    result.checked = 1;
    result.failing = one.drifted ? 1 : 0;
    result.note = Concat(what, ": ", one.text);
    report->rules.push_back(std::move(result));
  }
}

void AddManifestResults(const EventManifest& manifest, QualityReport* report) {
  RuleResult quarantine = WholeResult("quarantined", QualityDimension::kAccuracy,
                                      "rows that the ingests could take", "rows");
  RuleResult conflicts = WholeResult("event_id_conflict", QualityDimension::kConsistency,
                                     "rows with one event id say the same", "rows");
  RuleResult duplicates = WholeResult("duplicates_in_files", QualityDimension::kUniqueness,
                                      "no row is in a file twice", "rows");
  std::map<std::string, int64_t> reasons;
  for (const IngestRecord& ingest : manifest.ingests) {
    const IngestCounters& counters = ingest.counters;
    for (RuleResult* rule : {&quarantine, &conflicts, &duplicates}) {
      rule->checked += counters.rows_read;
    }
    quarantine.failing += counters.rows_quarantined;
    conflicts.failing += counters.event_id_conflicts;
    // Conflicts are among those dropped, and counted above.
    duplicates.failing += counters.duplicates_in_file -
                          std::min(counters.duplicates_in_file, counters.event_id_conflicts) +
                          counters.duplicates_kept;
    for (const auto& [reason, count] : counters.quarantine_by_reason) reasons[reason] += count;
  }
  for (const auto& [reason, count] : reasons) {
    quarantine.note += Concat(quarantine.note.empty() ? "" : "; ", count, " ", Printable(reason));
  }
  report->rules.push_back(std::move(quarantine));
  report->rules.push_back(std::move(conflicts));
  report->rules.push_back(std::move(duplicates));
}

}  // namespace burgeon
