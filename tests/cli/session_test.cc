#include "cli/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(SessionTest, TextGoesToStandardErrorOnlyWithJson) {
  std::ostringstream out;
  std::ostringstream err;
  GlobalOptions options;
  Session(options, out, err).Say("plain");
  EXPECT_EQ(out.str(), "plain\n");
  options.json = true;
  Session(options, out, err).Say("aside");
  EXPECT_EQ(err.str(), "aside\n");
  options.quiet = true;
  Session(options, out, err).Say("never");
  EXPECT_EQ(err.str(), "aside\n");
}

TEST(SessionTest, SetOverridesTheConfigFile) {
  const std::string path = FreshFolder("session") + "/job.yaml";
  WriteText(path, "a:\n  b: 1\n");
  std::ostringstream out;
  GlobalOptions options;
  options.config = path;
  options.set = {"a.b=2"};
  const Session session(options, out, out);
  auto config = session.LoadConfig();
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->root().Child("a").GetInt("b", 0), 2);
}

TEST(SessionTest, WithoutAConfigTheMessageSaysWhatIsMissing) {
  std::ostringstream out;
  const Session session({}, out, out);
  EXPECT_THAT(MessageOf(session.LoadConfig().status()), HasSubstr("--config is missing"));
}

TEST(SessionTest, OneWriterAWorkspace) {
  std::ostringstream out;
  GlobalOptions options;
  options.workspace = FreshFolder("session_lock") + "/new";
  Session session(options, out, out);
  const auto first = session.LockWorkspace();
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = session.LockWorkspace();
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
