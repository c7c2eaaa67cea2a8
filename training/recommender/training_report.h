// What a training run says of itself, to be printed.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_

#include <string>
#include <vector>

namespace burgeon {

// What to print of a training run: name and value, in order ("iteration 3: largest relative change
// of a singular value").
struct TrainingReport {
  std::vector<std::string> lines;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_
