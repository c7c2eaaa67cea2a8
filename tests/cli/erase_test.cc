// Consent, erasure, access, retention and lineage through the command line, on a copy of the
// published sample. 17850-like ids are the sample's own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "cli/customer_lookup.h"
#include "tests/cli/child_process.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::Not;

// Somebody the release answers, and whom nothing in the sample but a customer column names.
std::string SomeCustomer(const std::string& workspace, size_t place) {
  const std::string out = workspace + "/../" + "list.csv";
  EXPECT_EQ(Burgeon({"recommend", "--workspace", workspace, "--customers", "all", "--k", "1",
                     "--out", out})
                .exit_code,
            0);
  const std::string line = Lines(ReadText(out)).at(1 + place);
  return line.substr(0, line.find(','));
}

int Recommended(const std::string& workspace, const std::string& customer) {
  const std::string ids = workspace + "/../ids.txt";
  WriteText(ids, customer + "\n");
  const Outcome outcome = Burgeon({"recommend", "--workspace", workspace, "--customers", ids,
                                   "--out", workspace + "/../one.csv", "--json"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.json()["customers"];
}

std::string FreshCopy(const std::string& name) {
  const std::string folder = FreshFolder(name) + "/w";
  std::filesystem::copy(PublishedWorkspace(), folder, std::filesystem::copy_options::recursive);
  return folder;
}

TEST(ConsentTest, WhatIsSetIsInForceAndShown) {
  const std::string workspace = FreshCopy("consent");
  const std::string customer = SomeCustomer(workspace, 0);
  ASSERT_EQ(Recommended(workspace, customer), 1);
  const Outcome set = Burgeon(
      {"consent", "set", customer, "recommend", "false", "--workspace", workspace, "--json"});
  ASSERT_EQ(set.exit_code, 0) << set.err;
  EXPECT_EQ(Recommended(workspace, customer), 0);
  // Said before the refusal: it was overtaken.
  ASSERT_EQ(Burgeon({"consent", "set", customer, "recommend", "true", "--time", "2011-01-01",
                     "--workspace", workspace})
                .exit_code,
            0);
  EXPECT_EQ(Recommended(workspace, customer), 0);
  const Outcome show = Burgeon({"consent", "show", customer, "--workspace", workspace, "--json"});
  ASSERT_EQ(show.exit_code, 0) << show.err;
  EXPECT_EQ(show.json()["history"].size(), 2U);
  EXPECT_EQ(show.json()["now"]["recommend"], false);
  EXPECT_TRUE(show.json()["now"]["export"].is_null());
  EXPECT_EQ(
      Burgeon({"consent", "set", customer, "ads", "true", "--workspace", workspace}).exit_code, 2);
  EXPECT_EQ(Burgeon({"consent", "set", customer, "all", "true", "--time", "2190-01-01",
                     "--workspace", workspace})
                .exit_code,
            2);
}

TEST(ConsentTest, AFileIsTakenAsAWholeOrNotAtAll) {
  const std::string workspace = FreshCopy("consent_import");
  const std::string customer = SomeCustomer(workspace, 1);
  const std::string file = workspace + "/../c.csv";
  WriteText(file, "customer_id,purpose,granted\n" + customer + ",all,false\nx,all,perhaps\n");
  const Outcome bad = Burgeon({"consent", "import", file, "--workspace", workspace});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("c.csv:3: granted 'perhaps'"));
  EXPECT_EQ(Recommended(workspace, customer), 1);
  WriteText(file, "customer_id,purpose,granted\n" + customer + ",all,false\n");
  ASSERT_EQ(Burgeon({"consent", "import", file, "--workspace", workspace}).exit_code, 0);
  EXPECT_EQ(Recommended(workspace, customer), 0);
}

TEST(EraseTest, OutOfAnswersAtOnceOutOfDataByTheSweepAndNeverBack) {
  const std::string workspace = FreshCopy("erase");
  const std::string customer = SomeCustomer(workspace, 2);
  const Outcome held = Burgeon({"erase", "--verify", customer, "--workspace", workspace});
  EXPECT_EQ(held.exit_code, 5);
  {
    // A training holds the workspace: the request does not wait for it, the sweep does.
    Workspace held_by_another{workspace};
    const auto lock = FileLock::Acquire(held_by_another.lock());
    ASSERT_TRUE(lock.ok()) << lock.status();
    const Outcome busy = Burgeon({"erase", customer, "--workspace", workspace});
    EXPECT_EQ(busy.exit_code, 5);
    EXPECT_THAT(busy.err, HasSubstr("the erasure is in force"));
  }
  EXPECT_EQ(Recommended(workspace, customer), 0);
  const Outcome swept = Burgeon({"erase", "--sweep", "--workspace", workspace, "--json"});
  ASSERT_EQ(swept.exit_code, 0) << swept.err;
  EXPECT_EQ(swept.json()["sweep"]["verified"], true);
  EXPECT_GT(swept.json()["sweep"]["events_removed"].get<int>(), 0);
  const Outcome none = Burgeon({"erase", "--verify", customer, "--workspace", workspace});
  EXPECT_EQ(none.exit_code, 0) << none.err;
  EXPECT_EQ(Recommended(workspace, customer), 0);
  const std::string receipt = ReadText(
      workspace + "/receipts/" + swept.json()["sweep"]["receipt"].get<std::string>() + ".json");
  EXPECT_THAT(receipt, Not(HasSubstr("\"" + customer + "\"")));
  // The old file again: the person stays away, nobody else is doubled.
  const Outcome again = Burgeon({"ingest", "--config", SampleConfig(), "--workspace", workspace});
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(Burgeon({"erase", "--verify", customer, "--workspace", workspace}).exit_code, 0);
  EXPECT_EQ(Burgeon({"erase", "--workspace", workspace, "--no-sweep"}).exit_code, 2);
}

TEST(ExportCustomerTest, GivesWhatIsHeldAndSaysWhenNothingIs) {
  const std::string workspace = FreshCopy("export_customer");
  const std::string customer = SomeCustomer(workspace, 3);
  const std::string out = workspace + "/../person.json";
  const Outcome outcome =
      Burgeon({"export-customer", customer, "--out", out, "--workspace", workspace, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = nlohmann::json::parse(ReadText(out), nullptr, false);
  EXPECT_EQ(json["events"]["entries"].size(), outcome.json()["events"].get<size_t>());
  EXPECT_EQ(json["ids"]["entries"], nlohmann::json({customer}));
  for (const auto& event : json["events"]["entries"]) EXPECT_EQ(event["customer"], customer);
  EXPECT_EQ(
      Burgeon({"export-customer", "nobody", "--out", out, "--workspace", workspace}).exit_code, 3);
}

TEST(LineageTest, OfTheCurrentReleaseIsWholeAndEndsAtTheFile) {
  const Outcome outcome = Burgeon({"lineage", "--workspace", PublishedWorkspace(), "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["kind"], "release");
  EXPECT_EQ(outcome.json()["whole"], true) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("sample.csv"));
  const Outcome metric = Burgeon(
      {"lineage", "--metric", "recommender.items", "--workspace", PublishedWorkspace(), "--json"});
  EXPECT_EQ(metric.exit_code, 0) << metric.err;
  EXPECT_EQ(
      Burgeon({"lineage", "--metric", "no-such", "--workspace", PublishedWorkspace()}).exit_code,
      3);
  EXPECT_EQ(Burgeon({"lineage", "--item", "x", "--workspace", PublishedWorkspace()}).exit_code, 2);
}

TEST(RetentionTest, ADryRunChangesNothing) {
  const std::string workspace = FreshCopy("retention");
  const std::vector<std::string> base = {
      "--config", SampleConfig(), "--workspace",
      workspace,  "--set",        "privacy.retention.purchase=1d",
      "--now",    "2011-06-01",   "--json"};
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"retention"};
    arguments.insert(arguments.end(), base.begin(), base.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Burgeon(arguments);
  };
  const Outcome dry = run({"--dry-run"});
  ASSERT_EQ(dry.exit_code, 0) << dry.err;
  const int64_t count = dry.json()["events"];
  EXPECT_GT(count, 0);
  EXPECT_EQ(run({"--dry-run"}).json()["events"], count);
  const Outcome done = run({});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.json()["events"], count);
  EXPECT_EQ(run({"--dry-run"}).json()["events"], 0);
  EXPECT_EQ(Burgeon({"retention", "--config", SampleConfig(), "--workspace", workspace}).exit_code,
            2);
}

// kill -9 in the middle of request and sweep, at another moment each time.
TEST(EraseTest, KilledAtAnyMomentAnAcknowledgedErasureHolds) {
  if (BurgeonBinary().empty()) GTEST_SKIP() << "BURGEON_BINARY is not set";
  const std::string workspace = FreshCopy("erase_kill");
  const std::string customer = SomeCustomer(workspace, 4);
  ASSERT_EQ(Burgeon({"erase", customer, "--no-sweep", "--workspace", workspace}).exit_code, 0);
  for (int i = 0; i < 20; ++i) {
    ChildProcess sweep({"erase", "--sweep", "--workspace", workspace});
    std::this_thread::sleep_for(std::chrono::milliseconds(40 * i));
    sweep.Signal(SIGKILL);
    sweep.Wait();
    ASSERT_EQ(Recommended(workspace, customer), 0) << "round " << i;
  }
  const Outcome end = Burgeon({"erase", "--sweep", "--workspace", workspace});
  ASSERT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(Burgeon({"erase", "--verify", customer, "--workspace", workspace}).exit_code, 0);
  EXPECT_EQ(Recommended(workspace, customer), 0);
}

}  // namespace
}  // namespace burgeon
