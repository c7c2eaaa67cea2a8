// burgeon quality: how good the data of a source, or of the event store, are.
#include <algorithm>

#include "cli/job_config.h"
#include "cli/quality_step.h"
#include "cli/verb.h"
#include "engine/governance/quality_html.h"

namespace burgeon {
namespace {

struct QualityFlags {
  std::string source;
  std::string input;
  bool store = false;
  std::string rules;
  std::string html;
  std::string reference;
  std::string save_profile;
  std::optional<double> fail_under;
};

absl::Status ReadRules(const std::string& path, QualityOptions* options) {
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Load(path));
  ParseQualityRules(config.root(), options);
  return config.Finish();
}

absl::StatusOr<std::vector<SourceConfig>> ChooseSources(const JobConfig& job,
                                                        const QualityFlags& flags) {
  std::vector<std::string> names;
  std::vector<SourceConfig> chosen;
  for (const SourceConfig& source : job.sources) {
    names.push_back(source.name);
    if (flags.source.empty() ? !source.input.empty() || !flags.input.empty()
                             : source.name == flags.source) {
      chosen.push_back(source);
    }
  }
  if (chosen.empty()) {
    return InvalidArgument(flags.source.empty() ? "no source of the config has an `input`"
                                                : Concat("--source ", Printable(flags.source),
                                                         ": the config has no such source"),
                           "; it has ", Printable(JoinComma(names), 500));
  }
  const bool one = !flags.input.empty() || !flags.html.empty() || !flags.save_profile.empty() ||
                   !flags.reference.empty();
  if (one && chosen.size() > 1) {
    return InvalidArgument("--input, --html, --reference and --save-profile are for one source; ",
                           "--source must say which of ", Printable(JoinComma(names), 500));
  }
  return chosen;
}

absl::Status CheckFlags(const QualityFlags& flags) {
  if (!flags.store) return absl::OkStatus();
  if (!flags.input.empty() || !flags.source.empty() || !flags.reference.empty() ||
      !flags.save_profile.empty()) {
    return InvalidArgument("--store looks at the events of the workspace; --source, --input, ",
                           "--reference and --save-profile do not go with it");
  }
  return absl::OkStatus();
}

absl::Status RunQuality(Session& session, const QualityFlags& flags) {
  BURGEON_RETURN_IF_ERROR(CheckFlags(flags));
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  QualityRequest request;
  request.options = job.quality;
  request.pseudonym_key_file = job.pseudonym_key_file;
  request.reference = flags.reference;
  if (!flags.rules.empty()) BURGEON_RETURN_IF_ERROR(ReadRules(flags.rules, &request.options));
  if (flags.fail_under) request.options.min_score = *flags.fail_under;
  std::vector<QualityReport> reports;
  if (flags.store) {
    BURGEON_ASSIGN_OR_RETURN(QualityReport report, CheckStoreStep(session, request));
    reports.push_back(std::move(report));
  } else {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<SourceConfig> sources, ChooseSources(job, flags));
    for (const SourceConfig& source : sources) {
      BURGEON_ASSIGN_OR_RETURN(QualityReport report,
                               CheckSourceStep(session, source, flags.input, request));
      reports.push_back(std::move(report));
    }
  }
  nlohmann::json result = {{"reports", nlohmann::json::array()}};
  absl::Status verdict;
  for (const QualityReport& report : reports) {
    result["reports"].push_back(ReportJson(report));
    if (verdict.ok()) verdict = VerdictStatus(report);
  }
  session.Result(std::move(result));
  if (!flags.html.empty()) {
    BURGEON_RETURN_IF_ERROR(
        WriteFileAtomically(session.files(), flags.html, ReportHtml(reports[0])));
    session.Say(Concat("report: ", flags.html));
  }
  if (!flags.save_profile.empty()) {
    BURGEON_RETURN_IF_ERROR(WriteFileAtomically(session.files(), flags.save_profile,
                                                EncodeProfile(reports[0].profile)));
  }
  return verdict;
}

}  // namespace

void AddQualityVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb =
      app.add_subcommand("quality", "Measure how good data are, before or after ingest");
  auto flags = std::make_shared<QualityFlags>();
  verb->add_option("--source", flags->source, "Only this source of the config");
  verb->add_option("--input", flags->input, "File to look at instead of the one the config names");
  verb->add_flag("--store", flags->store, "Look at the events of the workspace instead of a file");
  verb->add_option("--rules", flags->rules,
                   "YAML file with more rules (rules, store_rules, columns)");
  verb->add_option("--html", flags->html, "Write the report as one HTML file");
  verb->add_option("--reference", flags->reference, "Profile to measure drift against");
  verb->add_option("--save-profile", flags->save_profile, "Write the profile, a later reference");
  verb->add_option("--fail-under", flags->fail_under, "Lowest score of the whole that passes")
      ->check(CLI::Range(0.0, 1.0));
  verb->footer(
      "Exit code 8 when a score is below its minimum or a rule of severity error is broken.\n"
      "Rules, formulas and the report: docs/quality.md.\n"
      "Examples:\n  burgeon quality --config configs/online_retail.yaml --html quality.html\n"
      "  burgeon quality --config configs/online_retail.yaml --input day2.csv.gz --fail-under "
      "0.95\n"
      "  burgeon quality --config configs/online_retail.yaml --workspace W --store --json");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunQuality(s, *flags); }; });
}

}  // namespace burgeon
