// RunBurgeon with every verb: what burgeon-models and the tests run.
#include "cli/app.h"
#include "cli/run_app.h"
#include "cli/verb.h"
#include "engine/base/check.h"

namespace burgeon {

int RunBurgeon(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  static constexpr std::pair<std::string_view, decltype(ModelVerb::add)> kAdders[] = {
      {"run", AddRunVerb},
      {"train", AddTrainVerb},
      {"tune", AddTuneVerb},
      {"plan", AddPlanVerb},
      {"evaluate", AddEvaluateVerb},
      {"publish", AddPublishVerb},
      {"releases", AddReleasesVerb},
      {"rollback", AddRollbackVerb},
      {"recommend", AddRecommendVerb},
      {"score", AddScoreVerb},
      {"lookalike", AddLookalikeVerb},
      {"similar", AddSimilarVerb},
      {"serve", AddServeVerb},
      {"erase", AddEraseVerb},
      {"export-customer", AddExportCustomerVerb},
      {"retention", AddRetentionVerb},
      {"lineage", AddLineageVerb},
      {"doctor", AddDoctorVerb}};
  std::vector<ModelVerb> verbs = ModelVerbNames();
  for (ModelVerb& verb : verbs) {
    for (const auto& [name, add] : kAdders) {
      if (name == verb.name) verb.add = add;
    }
    BURGEON_CHECK(verb.add != nullptr);
  }
  return RunApp(verbs, arguments, out, err);
}

}  // namespace burgeon
