// The published sample with a sequence model in place of its recommender, small and hardly trained.
#ifndef BURGEON_TESTS_CLI_SEQUENCE_WORKSPACE_H_
#define BURGEON_TESTS_CLI_SEQUENCE_WORKSPACE_H_

#include <string>
#include <vector>

#include "tests/cli/run_burgeon.h"

namespace burgeon {

// The verb on a workspace of the sample, with the options of the small model.
inline std::vector<std::string> SequenceVerb(std::vector<std::string> verb,
                                             const std::string& workspace) {
  const std::vector<std::string> common = {
      "--config",
      SampleConfig(),
      "--workspace",
      workspace,
      "--set",
      "recommender.model=sequence",
      "--set",
      "recommender.sequence={dim: 8, length: 12, batch_size: 64, epochs: 2, patience: 0, "
      "learning_rate: 0.01}"};
  verb.insert(verb.end(), common.begin(), common.end());
  return verb;
}

inline const std::string& SequenceWorkspace() {
  static const std::string workspace = [] {
    const std::string folder = CopyOfPublishedWorkspace("sequence");
    for (const std::vector<std::string>& verb :
         {std::vector<std::string>{"train", "recommender"}, {"publish"}}) {
      const Outcome outcome = Burgeon(SequenceVerb(verb, folder));
      EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    }
    return folder;
  }();
  return workspace;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_CLI_SEQUENCE_WORKSPACE_H_
