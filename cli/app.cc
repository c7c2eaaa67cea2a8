#include "cli/app.h"

#include <algorithm>
#include <iostream>
#include <string>

#include "cli/exit_code.h"
#include "cli/run_app.h"
#include "cli/session.h"
#include "cli/verb.h"
#include "engine/base/text.h"
#include "engine/base/version.h"

namespace burgeon {
namespace {

void AddGlobalFlags(CLI::App& app, GlobalOptions* options) {
  app.add_option("-w,--workspace", options->workspace, "Folder of everything Burgeon keeps")
      ->capture_default_str();
  app.add_option("-c,--config", options->config, "YAML file of the job");
  app.add_option("--set", options->set, "Override a field of the config: a.b=value; repeatable")
      ->take_all()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--device", options->device, "auto, cpu or cuda:N")->capture_default_str();
  app.add_option("--threads", options->threads, "Worker threads; 0: one a hardware thread")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--random-seed", options->random_seed, "Seed of everything random");
  app.add_flag("--json", options->json,
               "One JSON document on standard output; text for people on standard error");
  app.add_flag("-q,--quiet", options->quiet, "No text for people, no progress");
}

void AddVerbs(CLI::App& app, const std::vector<ModelVerb>& models, VerbAction* chosen) {
  AddMapVerb(app, chosen);
  AddIngestVerb(app, chosen);
  AddQualityVerb(app, chosen);
  AddIdentityVerb(app, chosen);
  AddLeakCheckVerb(app, chosen);
  AddConsentVerb(app, chosen);
  AddSimulateVerb(app, chosen);
  AddAttributesVerb(app, chosen);
  AddSatisfactionVerb(app, chosen);
  for (const ModelVerb& verb : models) {
    if (verb.add != nullptr) {
      verb.add(app, chosen);
    } else {
      // The program has passed it on before this; only its own flags could still lead here.
      app.add_subcommand(verb.name, verb.summary)->callback([chosen, name = verb.name] {
        *chosen = [name](Session&) {
          return InvalidArgument("the verb ", name, " is in burgeon-models; write it first");
        };
      });
    }
  }
}

// `result`: what the verb has to say all the same (a check that did not pass), or null.
int Fail(const absl::Status& status, const nlohmann::json& result, bool json, std::ostream& out,
         std::ostream& err) {
  err << "burgeon: " << MessageOf(status) << std::endl;
  if (json) {
    nlohmann::json document = result.is_object() ? result : nlohmann::json::object();
    document["error"] = {{"code", StatusCodeName(status.code())}, {"message", MessageOf(status)}};
    out << document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }
  return ExitCodeOf(status);
}

}  // namespace

int ReportFailure(const absl::Status& status, const std::vector<std::string>& arguments,
                  std::ostream& out, std::ostream& err) {
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  return Fail(status, {}, json, out, err);
}

int RunDataBurgeon(const std::vector<std::string>& arguments, std::ostream& out,
                   std::ostream& err) {
  return RunApp(ModelVerbNames(), arguments, out, err);
}

int RunApp(const std::vector<ModelVerb>& models, const std::vector<std::string>& arguments,
           std::ostream& out, std::ostream& err) {
  CLI::App app("Burgeon grows a customer base from its behaviour log.", "burgeon");
  GlobalOptions options;
  VerbAction chosen;
  AddGlobalFlags(app, &options);
  app.set_version_flag("--version", Concat("burgeon ", kBurgeonVersion));
  app.fallthrough();
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 a bug, 2 wrong flags, config or input, 3 not found, 4 damaged file,\n"
      "5 wrong state, 6 disk or memory full, 7 device, port or file not available,\n"
      "8 a check (quality, leak-check) did not pass, 9 stopped by a signal.\n"
      "Example: burgeon run --config configs/online_retail.yaml --workspace workspace");
  AddVerbs(app, models, &chosen);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e, out, err);  // --help, --version
    return ReportFailure(InvalidArgument(e.what(), " (see burgeon --help)"), arguments, out, err);
  }
  Session session(options, out, err);
  const absl::Status status = chosen(session);
  if (!status.ok()) {
    const bool checked = status.code() == absl::StatusCode::kAborted;
    return Fail(status, checked ? session.result() : nlohmann::json(), options.json, out, err);
  }
  if (options.json) {
    out << session.result().dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
        << std::endl;
  }
  out.flush();
  if (!out) {
    return Fail(ResourceExhausted("standard output: could not be written"), {}, false, out, err);
  }
  return kExitOk;
}

}  // namespace burgeon
