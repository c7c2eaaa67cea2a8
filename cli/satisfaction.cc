// burgeon satisfaction: NPS, CSAT and what stands out, from feedback as known at a time.
#include <algorithm>
#include <set>

#include "cli/pipeline.h"
#include "cli/verb.h"
#include "engine/dataset/event_log.h"
#include "engine/dataset/persons.h"
#include "engine/events/time_format.h"
#include "engine/governance/attributes.h"
#include "engine/insight/satisfaction.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

struct SatisfactionFlags {
  std::string as_of;
  std::vector<std::string> by = {"channel", "month"};
  int64_t min_group = 10;
};

// The category of each item as known at T.
absl::StatusOr<std::map<std::string, std::string>> ItemCategories(const EventSource& source,
                                                                  TimeMicros as_of) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<AttributeValue> values, source.ReadItemAttributes());
  std::map<std::string, std::string> categories;
  for (const AttributeValue& value : values) {  // the last known at T stands last
    if (value.name != "category" || value.event_time > as_of || value.known_at > as_of) continue;
    categories[value.id] = value.value;
  }
  if (categories.empty()) {
    return NotFound("--by item_category: no item has an attribute 'category' known at ",
                    FormatTime(as_of));
  }
  return categories;
}

absl::StatusOr<std::vector<std::string>> CustomerValues(const EventStore& store,
                                                        const IdentityMap& identity,
                                                        const Snapshot& snapshot,
                                                        const std::string& name) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> values, store.ReadCustomerAttributes());
  BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> aggregates, store.ReadAggregates());
  const ResolvedAttributes resolved =
      ResolveAttributes(std::move(values), std::move(aggregates),
                        AttributeSources::Of(store.manifest()), identity, snapshot.as_of);
  std::vector<std::string> by_customer(snapshot.customers.size());
  std::set<std::string> names;
  bool found = false;
  for (const ResolvedAttribute& attribute : resolved.values) {
    names.insert(attribute.name);
    if (attribute.name != name) continue;
    found = true;
    const std::optional<uint32_t> row = snapshot.customers.Find(attribute.customer);
    if (row) by_customer[*row] = attribute.believed.value;
  }
  if (!found) {
    return NotFound("--by '", Printable(name), "': wanted channel, month, item_category or an ",
                    "attribute of customers (", JoinComma({names.begin(), names.end()}), ")");
  }
  return by_customer;
}

nlohmann::json ToJson(const Interval& interval) { return {interval.low, interval.high}; }

nlohmann::json ToJson(const ScoreSummary& scores) {
  if (scores.answers == 0) return {{"answers", 0}};
  return {{"answers", scores.answers},
          {"top_two_share", scores.top_two_share()},
          {"top_two_interval", ToJson(scores.top_two_interval())},
          {"mean", scores.mean()},
          {"mean_interval", ToJson(scores.mean_interval())}};
}

nlohmann::json ToJson(const SatisfactionFigures& figures) {
  nlohmann::json json = {{"group", figures.group}, {"suppressed", figures.suppressed}};
  if (figures.suppressed) return json;
  json["customers"] = figures.customers;
  json["nps"] = {{"answers", figures.nps.answers()}};
  if (figures.nps.answers() > 0) {
    json["nps"]["score"] = figures.nps.score();
    json["nps"]["interval"] = ToJson(figures.nps.interval());
    json["nps"]["promoters"] = figures.nps.promoters;
    json["nps"]["passives"] = figures.nps.passives;
    json["nps"]["detractors"] = figures.nps.detractors;
  }
  json["csat"] = ToJson(figures.csat);
  json["effort"] = ToJson(figures.effort);
  json["review"] = ToJson(figures.review);
  return json;
}

nlohmann::json ToJson(const SatisfactionReport& report) {
  nlohmann::json breakdowns = nlohmann::json::array();
  for (const SatisfactionBreakdown& breakdown : report.breakdowns) {
    nlohmann::json groups = nlohmann::json::array();
    for (const SatisfactionFigures& group : breakdown.groups) groups.push_back(ToJson(group));
    breakdowns.push_back({{"dimension", breakdown.dimension}, {"groups", groups}});
  }
  nlohmann::json drivers = nlohmann::json::array();
  for (const SatisfactionDriver& driver : report.drivers) {
    drivers.push_back({{"dimension", driver.dimension},
                       {"group", driver.group},
                       {"measure", driver.measure},
                       {"difference", driver.difference},
                       {"interval", ToJson(driver.interval)},
                       {"p_value", driver.p_value},
                       {"adjusted_p_value", driver.adjusted_p_value},
                       {"stands_out", driver.stands_out}});
  }
  return {{"as_of", FormatTime(report.as_of)},
          {"min_group", report.min_group},
          {"responses_by_kind", report.responses_by_kind},
          {"without_consent", report.without_consent},
          {"unreadable", report.unreadable},
          {"total", ToJson(report.total)},
          {"breakdowns", breakdowns},
          {"drivers", drivers}};
}

// "12.3", one digit after the point.
std::string Tenths(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

std::string LineOf(const SatisfactionFigures& figures, int64_t min_group) {
  if (figures.suppressed) {
    return Concat("not shown: fewer than ", min_group, " customers, or hides such a group");
  }
  std::string line = Concat(figures.customers, " customers");
  if (figures.nps.answers() > 0) {
    const Interval interval = figures.nps.interval();
    line += Concat("; NPS ", Tenths(figures.nps.score()), " (", Tenths(interval.low), " to ",
                   Tenths(interval.high), ") of ", figures.nps.answers());
  }
  if (figures.csat.answers > 0) {
    const Interval interval = figures.csat.top_two_interval();
    line += Concat("; CSAT ", Tenths(100 * figures.csat.top_two_share()), " % (",
                   Tenths(100 * interval.low), " to ", Tenths(100 * interval.high), "), mean ",
                   Tenths(figures.csat.mean()), " of ", figures.csat.answers);
  }
  if (figures.effort.answers > 0) {
    line += Concat("; effort ", Tenths(figures.effort.mean()), " of ", figures.effort.answers);
  }
  if (figures.review.answers > 0) {
    line += Concat("; reviews ", Tenths(figures.review.mean()), " of ", figures.review.answers);
  }
  return line;
}

void SayReport(Session& session, const SatisfactionReport& report) {
  session.Say(Concat("satisfaction as known at ", FormatTime(report.as_of),
                     ", intervals of 95 %: ", LineOf(report.total, report.min_group)));
  if (report.without_consent + report.unreadable > 0) {
    session.Say(Concat("  left out: ", report.without_consent, " responses without consent to ",
                       "`score`, ", report.unreadable, " with a score off its scale"));
  }
  for (const SatisfactionBreakdown& breakdown : report.breakdowns) {
    session.Say(Concat("by ", breakdown.dimension, ":"));
    for (const SatisfactionFigures& group : breakdown.groups) {
      session.Say(Concat("  ", group.group.empty() ? "(none)" : Printable(group.group), ": ",
                         LineOf(group, report.min_group)));
    }
  }
  int shown = 0;
  for (const SatisfactionDriver& driver : report.drivers) {
    if (!driver.stands_out) continue;
    if (shown++ == 0) {
      session.Say(Concat("stand out of ", report.drivers.size(),
                         " comparisons (Holm, 5 %; a difference is not a cause):"));
    }
    session.Say(Concat("  ", driver.dimension, " ", Printable(driver.group), ": ", driver.measure,
                       " ", Tenths(driver.difference), " points against the rest (",
                       Tenths(driver.interval.low), " to ", Tenths(driver.interval.high), ")"));
  }
  if (shown == 0 && !report.drivers.empty()) {
    session.Say(Concat("none of ", report.drivers.size(), " comparisons stands out"));
  }
}

absl::StatusOr<TimeMicros> ParseAsOf(const std::string& text) {
  if (text.empty()) return INT64_MAX;
  const std::optional<TimeMicros> time = TimeFormat().Parse(text);
  if (time) return *time;
  return InvalidArgument("--as-of: '", Printable(text), "' is not ", TimeFormat().Wanted());
}

absl::Status RunSatisfaction(Session& session, const SatisfactionFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(session.pool(), store));
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(session.files(), session.workspace()));
  ResolveTombstones(log.customers, &overlay);
  SnapshotOptions options = job.snapshot_options(Purpose::kScore);
  BURGEON_ASSIGN_OR_RETURN(options.as_of, ParseAsOf(flags.as_of));
  options.overrides = &overlay.customers;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, BuildSnapshot(session.pool(), log, options));
  const StoreEventSource source(store);
  BURGEON_ASSIGN_OR_RETURN(const AnswerLog answers,
                           CollectAnswers(session.pool(), source, snapshot));
  std::vector<SatisfactionDimension> dimensions;
  for (const std::string& by : flags.by) {
    if (by == "channel") {
      dimensions.push_back(ByChannel());
    } else if (by == "month") {
      dimensions.push_back(ByMonth());
    } else if (by == "item_category") {
      BURGEON_ASSIGN_OR_RETURN(auto categories, ItemCategories(source, snapshot.as_of));
      dimensions.push_back(ByItemValue(by, std::move(categories)));
    } else {
      const Persons persons = Persons::Of(log, options.identity, snapshot.as_of);
      BURGEON_ASSIGN_OR_RETURN(auto values,
                               CustomerValues(store, persons.identity(), snapshot, by));
      dimensions.push_back(ByCustomerValue(by, std::move(values)));
    }
  }
  const SatisfactionReport report =
      ReportSatisfaction(answers, snapshot.as_of, dimensions, {.min_group = flags.min_group});
  SayReport(session, report);
  session.Result(ToJson(report));
  return absl::OkStatus();
}

}  // namespace

void AddSatisfactionVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("satisfaction", "NPS, CSAT and what stands out");
  auto flags = std::make_shared<SatisfactionFlags>();
  verb->add_option("--as-of", flags->as_of, "As known at this time; now, without it");
  verb->add_option("--by", flags->by,
                   "channel, month, item_category, or an attribute of customers; repeatable")
      ->take_all()
      ->capture_default_str();
  verb->add_option("--min-group", flags->min_group, "Groups of fewer customers are not shown")
      ->check(CLI::Range(2, 1'000'000))
      ->capture_default_str();
  verb->footer(
      "Feedback of customers who consent to `score`, from events of type feedback with the\n"
      "properties kind (nps, csat, review, or survey with survey = ces), score and scale_max.\n"
      "Example:\n  burgeon satisfaction --config world/job.yaml --workspace W --by channel --by "
      "region");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunSatisfaction(s, *flags); }; });
}

}  // namespace burgeon
