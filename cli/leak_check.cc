// burgeon leak-check: has a data set seen what could not be known at its time?
#include <algorithm>

#include "cli/job_config.h"
#include "cli/pipeline.h"
#include "cli/verb.h"
#include "engine/dataset/as_of.h"
#include "engine/dataset/event_source.h"
#include "engine/features/feature_table_check.h"
#include "engine/features/leak_check.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

struct LeakCheckFlags {
  std::vector<std::string> as_of;
  std::string dataset;
};

// What the check reads and with which options data sets are made.
struct CheckInput {
  JobConfig job;
  EventStore store;
  Overlay overlay;
  SnapshotOptions options;  // points to the overlay
};

absl::StatusOr<std::unique_ptr<CheckInput>> Open(Session& session) {
  auto input = std::make_unique<CheckInput>();
  BURGEON_ASSIGN_OR_RETURN(input->job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(input->store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(input->overlay, LoadOverlay(session.files(), session.workspace()));
  input->options = input->job.snapshot_options(std::nullopt);
  input->options.overrides = &input->overlay.customers;
  return input;
}

nlohmann::json ToJson(const DataDifference& difference) {
  return {{"field", difference.field},
          {"customer", difference.customer},
          {"found", difference.first},
          {"known_then", difference.second}};
}

std::string LineOf(std::string_view part, const DataDifference& difference) {
  return Concat(part, ": ", difference.field,
                difference.customer.empty() ? "" : Concat(" of ", Printable(difference.customer)),
                " is ", Printable(difference.first),
                "; as known then: ", Printable(difference.second));
}

// Without --as-of: the middle of the events, and the last time whose churn labels are there.
absl::StatusOr<std::vector<TimeMicros>> TimesOf(Session& session, const LeakCheckFlags& flags,
                                                const CheckInput& input) {
  std::vector<TimeMicros> times;
  for (const std::string& text : flags.as_of) {
    BURGEON_ASSIGN_OR_RETURN(const AsOf as_of, AsOf::FromText(text));
    if (as_of.kind == AsOf::Kind::kLatest) {
      return InvalidArgument("--as-of: latest leaves no future to look for; a time is wanted");
    }
    BURGEON_ASSIGN_OR_RETURN(const TimeMicros time, as_of.In(input.store.manifest()));
    times.push_back(time);
  }
  if (!times.empty()) return times;
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(session.pool(), input.store));
  if (log.rows() == 0) return FailedPrecondition("the store has no events of customers");
  const TimeMicros first = log.first_event_time;
  const TimeMicros last = log.last_event_time;
  times.push_back(first + (last - first) / 2);
  const TimeMicros before = last - input.job.churn.prediction_window_days * kMicrosPerDay;
  if (before > first) times.push_back(before);
  return times;
}

absl::Status CheckJob(Session& session, const LeakCheckFlags& flags, const CheckInput& input) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<TimeMicros> times, TimesOf(session, flags, input));
  const StoreEventSource source(input.store);
  const LeakCheckBuilders build = JobBuilders(session.pool(), input.options, input.job.churn,
                                              AttributeSources::Of(input.store.manifest()));
  BURGEON_ASSIGN_OR_RETURN(const LeakReport report,
                           CheckLeaks(session.pool(), source, times, build));
  nlohmann::json list = nlohmann::json::array();
  std::string first_leak;
  for (const LeakCheckTime& time : report.times) {
    session.Say(Concat("leak-check at ", FormatTime(time.as_of), ": ", time.events,
                       " events known, ", time.late_events, " came late, ", time.later_events,
                       " happened later", time.leaks.empty() ? "; no leak" : ""));
    if (!time.churn_skipped.empty()) {
      session.Say(Concat("  churn examples not checked: ", time.churn_skipped));
    }
    nlohmann::json leaks = nlohmann::json::array();
    for (const Leak& leak : time.leaks) {
      const std::string line = LineOf(leak.part, leak.difference);
      session.Say(Concat("  leak in ", line));
      if (first_leak.empty()) first_leak = Concat("at ", FormatTime(time.as_of), ", ", line);
      leaks.push_back(ToJson(leak.difference));
      leaks.back()["part"] = leak.part;
    }
    list.push_back({{"as_of", FormatTime(time.as_of)},
                    {"events", time.events},
                    {"late_events", time.late_events},
                    {"later_events", time.later_events},
                    {"churn_skipped", time.churn_skipped},
                    {"leaks", leaks}});
  }
  session.Result({{"clean", report.clean()}, {"times", list}});
  if (report.clean()) return absl::OkStatus();
  return MakeStatus(absl::StatusCode::kAborted, "leak-check: ", first_leak);
}

// `difference` in a data set that was handed in.
absl::Status Judge(Session& session, const std::string& dataset, TimeMicros as_of,
                   const std::optional<DataDifference>& difference, nlohmann::json result) {
  result["dataset"] = dataset;
  result["clean"] = !difference.has_value();
  if (difference.has_value()) {
    result["as_of"] = FormatTime(as_of);
    result["difference"] = ToJson(*difference);
  }
  session.Result(std::move(result));
  if (!difference.has_value()) {
    session.Say(Concat("leak-check of ", dataset, ": no leak"));
    return absl::OkStatus();
  }
  return MakeStatus(absl::StatusCode::kAborted, "leak-check: at ", FormatTime(as_of), ", ",
                    LineOf(dataset, *difference));
}

absl::Status CheckSnapshot(Session& session, const std::string& folder, const CheckInput& input) {
  BURGEON_ASSIGN_OR_RETURN(const Snapshot handed, LoadSnapshot(session.files(), folder));
  const StoreEventSource source(input.store);
  BURGEON_ASSIGN_OR_RETURN(const EventLog log,
                           EventLog::Read(session.pool(), KnownAtSource(source, handed.as_of)));
  SnapshotOptions options = input.options;
  options.as_of = handed.as_of;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot known, BuildSnapshot(session.pool(), log, options));
  return Judge(session, folder, handed.as_of, FirstDifference(handed, known),
               {{"snapshot", handed.id}});
}

absl::Status CheckTable(Session& session, const std::string& path, const CheckInput& input) {
  BURGEON_ASSIGN_OR_RETURN(const HandedFeatures table, ReadHandedFeatures(session.files(), path));
  if (!table.unchecked.empty()) {
    session.Say(
        Concat("  not checked, since they are no features of ours: ", JoinComma(table.unchecked)));
  }
  const StoreEventSource source(input.store);
  BURGEON_ASSIGN_OR_RETURN(const FeatureTableCheck check,
                           CheckHandedFeatures(session.pool(), source, table, input.options));
  const std::string place = check.difference ? Concat(path, ":", check.line) : path;
  return Judge(session, place, check.as_of, check.difference,
               {{"rows", check.rows},
                {"times", check.times},
                {"rows_that_differ", check.rows_that_differ},
                {"unchecked", table.unchecked}});
}

absl::Status RunLeakCheck(Session& session, const LeakCheckFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<CheckInput> input, Open(session));
  if (flags.dataset.empty()) return CheckJob(session, flags, *input);
  if (flags.dataset.ends_with(".csv") || flags.dataset.ends_with(".parquet")) {
    return CheckTable(session, flags.dataset, *input);
  }
  return CheckSnapshot(session, flags.dataset, *input);
}

}  // namespace

void AddLeakCheckVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("leak-check", "Has a data set seen what could not be known?");
  auto flags = std::make_shared<LeakCheckFlags>();
  auto* as_of = verb->add_option(
      "--as-of", flags->as_of,
      "A time, or watermark; repeatable. Without it: the middle of the events, and the last time\n"
      "whose churn labels are there");
  verb->add_option(
          "--dataset", flags->dataset,
          "A snapshot's folder, or a table of features (.csv or .parquet with customer_id\n"
          "and as_of), held against the job's instead")
      ->excludes(as_of);
  verb->footer(
      "Builds the snapshot, features, attributes and churn examples twice, from everything and\n"
      "from only what was known at the time, and compares every byte. Exit code 8: they differ.\n"
      "Example:\n  burgeon leak-check --config job.yaml --workspace W --as-of 2011-09-01");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunLeakCheck(s, *flags); }; });
}

}  // namespace burgeon
