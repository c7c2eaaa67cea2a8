// kill -9 of the real program at random moments. Whatever was acknowledged (exit code 0) is there
// afterwards, nothing is there twice, and the store and the release in use are the old or the new
// ones, never a mix. BURGEON_KILLS sets how many kills a verb gets; 20 without it.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <thread>

#include "engine/dataset/snapshot.h"
#include "engine/erasure/sweep.h"
#include "engine/release/overlay.h"
#include "engine/release/release_store.h"
#include "tests/cli/child_process.h"
#include "tests/cli/run_burgeon.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

namespace fs = std::filesystem;

int Kills() {
  const char* const given = std::getenv("BURGEON_KILLS");
  const auto kills = given == nullptr ? std::nullopt : ParseInt64(given);
  return kills && *kills > 0 ? static_cast<int>(*kills) : 20;
}

// Runs the program and kills it after a share of the time that a whole run takes. Gives its exit
// code: 128 + 9 when the kill came first.
int RunAndKill(const std::vector<std::string>& arguments, double seconds) {
  ChildProcess child(arguments);
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  child.Signal(SIGKILL);
  return child.Wait();
}

double SecondsOf(const std::vector<std::string>& arguments) {
  const auto start = std::chrono::steady_clock::now();
  ChildProcess child(arguments);
  EXPECT_EQ(child.Wait(), 0) << JoinComma(arguments);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void CopyTree(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

std::vector<std::string> StoredEvents(const std::string& workspace) {
  const auto store = EventStore::Open(RealFileSystem(), Workspace{workspace}.events());
  EXPECT_TRUE(store.ok()) << MessageOf(store.status());
  if (!store.ok()) return {};
  const auto events = EventTexts(*store);
  EXPECT_TRUE(events.ok()) << MessageOf(events.status());
  return events.ok() ? *events : std::vector<std::string>();
}

// A simulated world on disk whose events lie in two files, a small configuration beside it, and a
// workspace that has everything but the second half of the events.
class KillTest : public testing::Test {
 protected:
  void SetUp() override {
    if (BurgeonBinary().empty()) GTEST_SKIP() << "BURGEON_BINARY does not name the program";
    seed_ = TestSeed();
    folder_ =
        FreshFolder(Concat("kill_", testing::UnitTest::GetInstance()->current_test_info()->name()));
    ASSERT_EQ(Burgeon({"simulate", "--customers", "300", "--items", "60", "--days", "200", "--seed",
                       "5", "--events-per-customer", "60", "--out", folder_ + "/world", "--quiet"})
                  .exit_code,
              0);
    SplitEvents();
    ASSERT_EQ(Burgeon(Verb("ingest")).exit_code, 0);  // items and attributes; and all events
    fs::remove_all(workspace());
    fs::create_directories(workspace());
    ASSERT_EQ(Burgeon(IngestOf("half1.csv")).exit_code, 0);
  }

  std::string workspace() const { return folder_ + "/work"; }
  std::vector<std::string> Verb(const std::string& name) const {
    return {name, "--config", folder_ + "/world/job.yaml", "--workspace", workspace(), "--quiet"};
  }
  std::vector<std::string> IngestOf(const std::string& file) const {
    std::vector<std::string> arguments = Verb("ingest");
    arguments.insert(arguments.end(), {"--source", "world", "--input", folder_ + "/" + file});
    return arguments;
  }
  // A moment within `seconds`, and a little after.
  double Moment(double seconds) {
    return std::uniform_real_distribution<double>(0, 1.1 * seconds)(random_);
  }

  void SplitEvents() {
    const std::vector<std::string> lines = Lines(ReadText(folder_ + "/world/events.csv"));
    std::string halves[2];
    for (size_t k = 0; k < lines.size(); ++k) {
      if (k == 0) {
        halves[0] = halves[1] = lines[0] + "\n";
      } else {
        halves[k % 2] += lines[k] + "\n";
      }
    }
    WriteText(folder_ + "/half1.csv", halves[0]);
    WriteText(folder_ + "/half2.csv", halves[1]);
  }

  // What `verb` leaves when it is killed at random, Kills() times from the same beginning; then
  // check(acknowledged).
  void KillOften(const std::vector<std::string>& arguments,
                 const std::function<void(bool acknowledged)>& check) {
    const std::string begin = folder_ + "/begin";
    CopyTree(workspace(), begin);
    const double seconds = SecondsOf(arguments);
    int killed = 0;
    for (int k = 0; k < Kills(); ++k) {
      SCOPED_TRACE(Concat("kill ", k));
      CopyTree(begin, workspace());
      const int code = RunAndKill(arguments, Moment(seconds));
      ASSERT_TRUE(code == 0 || code == 128 + SIGKILL) << code;
      killed += code == 0 ? 0 : 1;
      check(code == 0);
      if (HasFailure()) return;
    }
    std::cout << killed << " of " << Kills() << " were killed within " << seconds << " s\n";
    EXPECT_GT(killed, 0);
  }

  uint64_t seed_ = 0;
  std::mt19937_64 random_{0};
  std::string folder_;
};

TEST_F(KillTest, IngestLeavesTheOldStoreOrTheNew) {
  random_.seed(seed_);
  const std::vector<std::string> before = StoredEvents(workspace());
  const std::string begin = folder_ + "/old";
  CopyTree(workspace(), begin);
  ASSERT_EQ(Burgeon(IngestOf("half2.csv")).exit_code, 0);
  const std::vector<std::string> after = StoredEvents(workspace());
  ASSERT_GT(after.size(), before.size());
  CopyTree(begin, workspace());
  KillOften(IngestOf("half2.csv"), [&](bool acknowledged) {
    const std::vector<std::string> found = StoredEvents(workspace());
    EXPECT_TRUE(found == after || (!acknowledged && found == before));
    ASSERT_EQ(Burgeon(IngestOf("half2.csv")).exit_code, 0);
    EXPECT_EQ(StoredEvents(workspace()), after);
  });
}

TEST_F(KillTest, TrainLeavesAWholeCandidateOrNone) {
  random_.seed(seed_);
  std::vector<std::string> train = Verb("train");
  train.insert(train.begin() + 1, "recommender");
  KillOften(train, [&](bool acknowledged) {
    const auto names = RealFileSystem().List(Workspace{workspace()}.candidates());
    int64_t whole = 0;
    if (names.ok()) {
      for (const std::string& name : *names) {
        if (name.starts_with(kTemporaryPrefix)) continue;
        ++whole;
        EXPECT_TRUE(fs::exists(Concat(workspace(), "/candidates/", name, "/manifest.json")));
      }
    }
    if (acknowledged) {
      EXPECT_EQ(whole, 1);
    }
    ASSERT_EQ(Burgeon(train).exit_code, 0);
  });
}

TEST_F(KillTest, PublishLeavesTheOldReleaseOrTheNew) {
  random_.seed(seed_);
  std::vector<std::string> train = Verb("train");
  train.insert(train.begin() + 1, "recommender");
  ASSERT_EQ(Burgeon(train).exit_code, 0);
  ASSERT_EQ(Burgeon(Verb("publish")).exit_code, 0);
  const std::string old_id = ReadText(Workspace{workspace()}.current());
  ASSERT_EQ(Burgeon(train).exit_code, 0);
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  KillOften(Verb("publish"), [&](bool acknowledged) {
    const auto id = CurrentReleaseId(RealFileSystem(), Workspace{workspace()});
    ASSERT_TRUE(id.ok()) << MessageOf(id.status());
    const auto release = LoadRelease(RealFileSystem(), Workspace{workspace()}, context, *id);
    EXPECT_TRUE(release.ok()) << MessageOf(release.status());  // checksums and golden queries
    if (acknowledged) {
      EXPECT_NE(*id + "\n", old_id);
    }
    ASSERT_EQ(Burgeon(Verb("publish")).exit_code, 0);
  });
}

TEST_F(KillTest, AnErasureThatWasAcknowledgedStays) {
  random_.seed(seed_);
  const std::string customer = "acc-7";
  std::vector<std::string> erase = Verb("erase");
  erase.insert(erase.begin() + 1, customer);
  KillOften(erase, [&](bool acknowledged) {
    Workspace here{workspace()};
    auto overlay = LoadOverlay(RealFileSystem(), here);
    ASSERT_TRUE(overlay.ok()) << MessageOf(overlay.status());
    if (acknowledged) {
      EXPECT_TRUE(overlay->IsErased(customer));
    }
    const bool in_force = overlay->IsErased(customer);
    if (in_force) {
      ASSERT_EQ(Burgeon(Verb("erase")).exit_code, 0);  // the sweep goes on where it was killed
      std::vector<std::string> verify = Verb("erase");
      verify.insert(verify.end(), {"--verify", customer});
      EXPECT_EQ(Burgeon(verify).exit_code, 0);
      for (const std::string& event : StoredEvents(workspace())) {
        EXPECT_FALSE(event.starts_with(customer + "|")) << event;
      }
    } else {
      EXPECT_FALSE(StoredEvents(workspace()).empty());
    }
  });
}

}  // namespace
}  // namespace burgeon
