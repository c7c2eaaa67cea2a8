// burgeon retention: removes events that are older than the configuration allows.
#include "cli/job_config.h"
#include "cli/verb.h"
#include "engine/erasure/retention_sweep.h"
#include "engine/events/time_format.h"

namespace burgeon {
namespace {

struct RetentionFlags {
  std::string now;
  bool dry_run = false;
};

absl::StatusOr<TimeMicros> NowOf(Session& session, const RetentionFlags& flags) {
  if (flags.now.empty()) return session.clock().Now();
  const TimeFormat format;
  const auto time = format.Parse(flags.now);
  if (!time) return InvalidArgument("--now: '", Printable(flags.now), "' is not ", format.Wanted());
  return *time;
}

absl::Status RunRetention(Session& session, const RetentionFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const TimeMicros now, NowOf(session, flags));
  if (job.retention.empty()) {
    return InvalidArgument(session.options().config,
                           ": privacy.retention is missing; a duration a type of event is wanted");
  }
  if (flags.dry_run) {
    BURGEON_ASSIGN_OR_RETURN(
        const auto overdue,
        CountOverdue(session.files(), session.pool(), session.workspace(), job.retention, now));
    int64_t sum = 0;
    for (const auto& [type, count] : overdue) {
      session.Say(Concat("  ", type, ": ", count));
      sum += count;
    }
    session.Say(Concat("retention: ", sum, " events would go; nothing was changed"));
    session.Result({{"dry_run", true}, {"events", sum}, {"by_type", overdue}});
    return absl::OkStatus();
  }
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(const Receipt receipt,
                           SweepRetention(session.files(), session.pool(), session.workspace(),
                                          session.clock(), job.retention, now));
  session.Say(receipt.id.empty() ? std::string("retention: nothing is too old")
                                 : Concat("retention: ", receipt.events_removed,
                                          " events removed; receipt ", receipt.id));
  session.Result({{"receipt", receipt.id},
                  {"events", receipt.events_removed},
                  {"verified", receipt.id.empty() || receipt.verified}});
  return absl::OkStatus();
}

}  // namespace

void AddRetentionVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("retention", "Remove events older than the config allows");
  auto flags = std::make_shared<RetentionFlags>();
  verb->add_option("--now", flags->now, "The time to count back from (ISO 8601); now");
  verb->add_flag("--dry-run", flags->dry_run, "Only say how many would go");
  verb->footer("Example:\n  burgeon retention --config C --workspace W --dry-run");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunRetention(s, *flags); }; });
}

}  // namespace burgeon
