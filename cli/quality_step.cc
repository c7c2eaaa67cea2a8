#include "cli/quality_step.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/base/hash.h"
#include "engine/governance/pseudonym.h"
#include "engine/governance/quality.h"

namespace burgeon {
namespace {

constexpr size_t kRulesSaid = 12;

std::string QualityFolder(const Session& session) {
  return JoinPath(session.workspace().root, "quality");
}

// By the hash of the source's name, which may have any characters.
std::string KeptProfile(const Session& session, const std::string& source) {
  return JoinPath(QualityFolder(session),
                  Concat("profile-", Sha256Hex(source).substr(0, 16), ".json"));
}

absl::StatusOr<QualityProfile> ReadProfile(Session& session, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(session.files(), path, int64_t{64} << 20));
  return DecodeProfile(text, path);
}

absl::StatusOr<std::optional<QualityProfile>> FindReference(Session& session,
                                                            const std::string& source,
                                                            const QualityRequest& request) {
  std::string path =
      request.reference.empty() ? request.options.drift_reference : request.reference;
  if (path.empty()) {
    path = KeptProfile(session, source);
    if (!session.files().Exists(path)) return std::optional<QualityProfile>();
  }
  BURGEON_ASSIGN_OR_RETURN(QualityProfile profile, ReadProfile(session, path));
  return std::optional<QualityProfile>(std::move(profile));
}

double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

void SayReport(Session& session, const QualityReport& report) {
  session.Say(Concat("quality ", report.source, " ", report.input, ": ", report.rows,
                     " rows, score ", Rounded(report.score), ", verdict ", report.verdict));
  std::string scores;
  for (int i = 0; i < kQualityDimensions; ++i) {
    const Score& score = report.dimensions[static_cast<size_t>(i)];
    if (score.weight <= 0) continue;
    scores += Concat(scores.empty() ? "  " : ", ", DimensionName(static_cast<QualityDimension>(i)),
                     " ", Rounded(score.score));
  }
  session.Say(scores);
  std::vector<const RuleResult*> broken;
  for (const RuleResult& rule : report.rules) {
    if (rule.failing > 0) broken.push_back(&rule);
  }
  std::stable_sort(broken.begin(), broken.end(), [](const RuleResult* a, const RuleResult* b) {
    return a->failing > b->failing;
  });
  for (size_t i = 0; i < broken.size() && i < kRulesSaid; ++i) {
    const RuleResult& rule = *broken[i];
    session.Say(Concat("  ", rule.failing, " of ", rule.checked, " ", rule.unit, " break ",
                       Printable(rule.name), " (", Printable(rule.wanted), ")",
                       rule.note.empty() ? "" : ": ", Printable(rule.note, 200)));
  }
  if (broken.size() > kRulesSaid) {
    session.Say(Concat("  and ", broken.size() - kRulesSaid, " more rules are broken"));
  }
  for (const std::string& failure : report.failures) session.Say(Concat("  FAIL: ", failure));
}

absl::StatusOr<QualityJob> MakeJob(Session& session, const QualityRequest& request) {
  QualityJob job;
  job.options = request.options;
  job.now = session.clock().Now();
  job.spill_folder = JoinPath(QualityFolder(session), Concat(kTemporaryPrefix, getpid()));
  job.progress = session.progress();
  if (!request.pseudonym_key_file.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key,
                             PseudonymKey::Load(request.pseudonym_key_file));
    job.pseudonym = [key](std::string_view id) { return key.Pseudonym(id); };
  }
  return job;
}

bool RefersToStore(const QualityOptions& options) {
  return std::any_of(options.rules.begin(), options.rules.end(),
                     [](const QualityRule& rule) { return !rule.reference.store.empty(); });
}

}  // namespace

absl::StatusOr<QualityReport> CheckSourceStep(Session& session, const SourceConfig& source,
                                              const std::string& input,
                                              const QualityRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(QualityJob job, MakeJob(session, request));
  job.input = input.empty() ? source.input : input;
  if (job.input.empty()) {
    return InvalidArgument("source ", Printable(source.name),
                           ": `input` is missing in the config and --input was not given");
  }
  BURGEON_ASSIGN_OR_RETURN(job.reference, FindReference(session, source.name, request));
  std::optional<EventStore> store;
  if (RefersToStore(request.options)) {
    BURGEON_ASSIGN_OR_RETURN(EventStore opened,
                             EventStore::Open(session.files(), session.workspace().events()));
    store.emplace(std::move(opened));
    job.store = &*store;
  }
  absl::StatusOr<QualityReport> report = CheckFile(session.files(), source, job);
  session.files().RemoveTree(job.spill_folder).IgnoreError();  // after a failure
  if (!report.ok()) return report.status();
  SayReport(session, *report);
  return report;
}

absl::StatusOr<QualityReport> CheckStoreStep(Session& session, const QualityRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(const QualityJob job, MakeJob(session, request));
  BURGEON_ASSIGN_OR_RETURN(const EventStore store,
                           EventStore::Open(session.files(), session.workspace().events()));
  absl::StatusOr<QualityReport> report = CheckStore(session.files(), store, job);
  session.files().RemoveTree(job.spill_folder).IgnoreError();  // after a failure
  if (!report.ok()) return report.status();
  SayReport(session, *report);
  return report;
}

absl::Status QualityGate(Session& session, const SourceConfig& source, const std::string& input,
                         const QualityRequest& request) {
  if (!request.options.gate) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const QualityReport report,
                           CheckSourceStep(session, source, input, request));
  BURGEON_RETURN_IF_ERROR(VerdictStatus(report));
  BURGEON_RETURN_IF_ERROR(session.files().MakeDirectories(QualityFolder(session)));
  return WriteFileAtomically(session.files(), KeptProfile(session, source.name),
                             EncodeProfile(report.profile));
}

absl::Status VerdictStatus(const QualityReport& report) {
  if (report.verdict != "fail") return absl::OkStatus();
  return MakeStatus(absl::StatusCode::kAborted, "quality of ", Printable(report.source), ", ",
                    Printable(report.input), ": ", report.failures.front(),
                    report.failures.size() > 1
                        ? Concat(", and ", report.failures.size() - 1, " more")
                        : std::string());
}

}  // namespace burgeon
