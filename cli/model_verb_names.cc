// The verbs that burgeon hands to burgeon-models.
#include "cli/verb.h"

namespace burgeon {

std::vector<ModelVerb> ModelVerbNames() {
  return {
      {"run", "Ingest, train, index and publish in one go"},
      {"train", "Train a model on everything known"},
      {"tune", "Search hyper-parameters on a validation split"},
      {"plan", "What a training will need, before it starts"},
      {"evaluate", "Measure quality"},
      {"publish", "Build the indexes, test the newest candidates and make them the release in use"},
      {"releases", "List what was published, oldest first"},
      {"rollback", "Make an earlier release current again"},
      {"recommend", "Write the best items of each customer"},
      {"score", "Write a prediction for each customer"},
      {"lookalike", "Write the customers most like a seed audience"},
      {"similar", "Show what is most like an item or a customer"},
      {"serve", "Answer over HTTP from the current release"},
      {"erase", "Remove persons from answers and from all data"},
      {"export-customer", "Write everything held about one person"},
      {"retention", "Remove events older than the config allows"},
      {"lineage", "Where a number comes from: models, data, rows"},
      {"doctor", "Say what this machine has, what was built in, and what will be used"}};
}

}  // namespace burgeon
