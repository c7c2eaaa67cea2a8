// What a verb is to the command line: each verb's file adds its subcommand, and says what to run.
#ifndef BURGEON_CLI_VERB_H_
#define BURGEON_CLI_VERB_H_

#include <functional>
#include <vector>

#include <CLI/CLI.hpp>
#include "cli/session.h"
#include "engine/base/status.h"

namespace burgeon {

using VerbAction = std::function<absl::Status(Session&)>;

// A verb sets *chosen in its callback; app.cc runs it once all flags are read. A new verb is added
// to app.cc, or, when it needs LibTorch or FAISS, to model_verb_names.cc, all_verbs.cc and the list
// in CMakeLists.txt.
void AddIngestVerb(CLI::App& app, VerbAction* chosen);
void AddTrainVerb(CLI::App& app, VerbAction* chosen);
void AddTuneVerb(CLI::App& app, VerbAction* chosen);
void AddPlanVerb(CLI::App& app, VerbAction* chosen);
void AddEvaluateVerb(CLI::App& app, VerbAction* chosen);
void AddPublishVerb(CLI::App& app, VerbAction* chosen);
void AddReleasesVerb(CLI::App& app, VerbAction* chosen);
void AddRollbackVerb(CLI::App& app, VerbAction* chosen);
void AddRecommendVerb(CLI::App& app, VerbAction* chosen);
void AddScoreVerb(CLI::App& app, VerbAction* chosen);
void AddLookalikeVerb(CLI::App& app, VerbAction* chosen);
void AddSimilarVerb(CLI::App& app, VerbAction* chosen);
void AddServeVerb(CLI::App& app, VerbAction* chosen);
void AddRunVerb(CLI::App& app, VerbAction* chosen);
void AddDoctorVerb(CLI::App& app, VerbAction* chosen);
void AddMapVerb(CLI::App& app, VerbAction* chosen);
void AddQualityVerb(CLI::App& app, VerbAction* chosen);
void AddIdentityVerb(CLI::App& app, VerbAction* chosen);
void AddLeakCheckVerb(CLI::App& app, VerbAction* chosen);
void AddConsentVerb(CLI::App& app, VerbAction* chosen);
void AddEraseVerb(CLI::App& app, VerbAction* chosen);
void AddExportCustomerVerb(CLI::App& app, VerbAction* chosen);
void AddRetentionVerb(CLI::App& app, VerbAction* chosen);
void AddLineageVerb(CLI::App& app, VerbAction* chosen);
void AddSimulateVerb(CLI::App& app, VerbAction* chosen);
void AddAttributesVerb(CLI::App& app, VerbAction* chosen);
void AddSatisfactionVerb(CLI::App& app, VerbAction* chosen);

// A verb that needs LibTorch or FAISS, and so lives in the program burgeon-models.
struct ModelVerb {
  const char* name;
  const char* summary;  // as its own file says it: the help of both programs is the same
  void (*add)(CLI::App&, VerbAction*) = nullptr;  // nullptr: burgeon itself, which only names it
};
// In the order of the help; without `add`.
std::vector<ModelVerb> ModelVerbNames();

}  // namespace burgeon

#endif  // BURGEON_CLI_VERB_H_
