// The two programs: burgeon, which is small, and burgeon-models beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "cli/hand_over.h"
#include "tests/cli/child_process.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Ran {
  std::string out;
  int exit_code = -1;
};

Ran Shell(const std::string& command) {
  Ran ran;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  while (const size_t read = fread(buffer, 1, sizeof(buffer), pipe)) ran.out.append(buffer, read);
  const int status = pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

class ProgramsTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(BurgeonBinary(), "") << "BURGEON_BINARY is not set; run this through ctest";
  }
};

TEST_F(ProgramsTest, TheSmallOneNeedsNeitherLibTorchNorFaiss) {
  const Ran ran = Shell("ldd " + BurgeonBinary());
  ASSERT_EQ(ran.exit_code, 0);
  EXPECT_THAT(ran.out, HasSubstr("libarrow"));
  for (const char* library : {"libtorch", "libc10", "libfaiss", "libgomp"}) {
    EXPECT_THAT(ran.out, Not(HasSubstr(library)));
  }
}

TEST_F(ProgramsTest, TheirHelpIsTheSame) {
  const std::string all = Burgeon({"--help"}).out;
  EXPECT_EQ(Shell(BurgeonBinary() + " --help").out, all);
  EXPECT_THAT(all, HasSubstr("recommend"));
  EXPECT_THAT(all, HasSubstr("simulate"));
}

TEST_F(ProgramsTest, AVerbOfModelsIsHandedOverWithItsArguments) {
  const std::string workspace = FreshFolder("programs");
  const Ran help = Shell(BurgeonBinary() + " recommend --help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.out, Burgeon({"recommend", "--help"}).out);
  const std::string command = " --workspace " + workspace + " recommend --customers all --out " +
                              workspace + "/lists.csv --json";
  const Ran ran = Shell(BurgeonBinary() + command + " 2>/dev/null");
  EXPECT_EQ(ran.exit_code, 3);  // nothing was published
  EXPECT_THAT(ran.out, HasSubstr("not_found"));
  EXPECT_EQ(Shell(BurgeonBinary() + " --bogus recommend 2>/dev/null").exit_code, 2);
}

TEST_F(ProgramsTest, WithoutItsCompanionItSaysSo) {
  const std::string folder = FreshFolder("programs_alone");
  std::filesystem::copy_file(BurgeonBinary(), folder + "/burgeon");
  const Ran ran = Shell(folder + "/burgeon doctor --json 2>&1");
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.out, HasSubstr("/burgeon-models: is not there; the verb 'doctor'"));
  EXPECT_EQ(Shell(folder + "/burgeon --version").exit_code, 0);
}

TEST(HandOverTest, TheVerbIsTheFirstWordThatIsNoFlag) {
  EXPECT_EQ(VerbOf({"serve", "--port", "1"}), "serve");
  EXPECT_EQ(VerbOf({"--workspace", "serve", "--json", "ingest"}), "ingest");
  EXPECT_EQ(VerbOf({"--workspace=w", "-q", "train"}), "train");
  EXPECT_EQ(VerbOf({"--set", "a=b", "--set=c=d", "run"}), "run");
  EXPECT_EQ(VerbOf({"--help"}), "");
  EXPECT_TRUE(IsModelVerb("recommend"));
  EXPECT_FALSE(IsModelVerb("ingest"));
  EXPECT_FALSE(IsModelVerb(""));
}

}  // namespace
}  // namespace burgeon
