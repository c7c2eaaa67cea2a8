#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(DoctorTest, SaysWhatWillBeUsed) {
  const Outcome outcome = Burgeon({"doctor", "--device", "cpu", "--threads", "2", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json document = outcome.json();
  EXPECT_EQ(document["device"], "cpu");
  EXPECT_EQ(document["threads"], 2);
  EXPECT_THAT(document["blas"].get<std::string>(), HasSubstr("OpenBLAS"));
  EXPECT_THAT(outcome.err, HasSubstr("will use     cpu"));
}

TEST(DoctorTest, ADeviceThatIsNotThereIsSaidAndNeverReplaced) {
  const Outcome outcome = Burgeon({"doctor", "--device", "cuda:77"});
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_THAT(outcome.err, HasSubstr("cuda:77"));
}

}  // namespace
}  // namespace burgeon
