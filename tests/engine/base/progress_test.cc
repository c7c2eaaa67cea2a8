#include "engine/base/progress.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace burgeon {
namespace {

using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

TEST(FormatProgressTest, WithATotal) {
  EXPECT_EQ(FormatProgress("ingest", "rows", 450, 1000, 9),
            "ingest: 45% 450 rows, 50 rows/s, 11 s left");
  EXPECT_EQ(FormatProgress("ingest", "rows", 1000, 1000, 10), "ingest: 100% 1000 rows, 100 rows/s");
}

TEST(FormatProgressTest, WithoutATotal) {
  EXPECT_EQ(FormatProgress("read", "B", 450, 0, 9), "read: 450 B, 50 B/s");
}

TEST(FormatProgressTest, SlowRatesHaveDigitsBehindThePoint) {
  EXPECT_EQ(FormatProgress("train", "epochs", 3, 16, 4),
            "train: 18% 3 epochs, 0.75 epochs/s, 18 s left");
}

TEST(ProgressTest, ANoteStandsBehindTheLine) {
  CaptureStderr();
  {
    Progress progress("train", 1, "epochs", ProgressStyle::kLines);
    progress.Note("loss 2");
    progress.Note("loss 1.5");
    progress.Add(1);
  }
  const std::string text = GetCapturedStderr();
  EXPECT_EQ(text.substr(text.find(';')), "; loss 1.5\n");
}

TEST(FormatProgressTest, NothingDoneYetAndMoreThanTold) {
  EXPECT_EQ(FormatProgress("x", "rows", 0, 10, 0), "x: 0% 0 rows, 0 rows/s");
  EXPECT_EQ(FormatProgress("x", "rows", 30, 10, 1), "x: 100% 30 rows, 30 rows/s");
}

TEST(ProgressTest, LinesEndWithOneOfTheWhole) {
  CaptureStderr();
  {
    Progress progress("load", 8, "rows", ProgressStyle::kLines);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { progress.Add(2); });
    for (std::thread& thread : threads) thread.join();
    progress.Finish();
  }  // the destructor adds nothing after Finish()
  const std::string text = GetCapturedStderr();
  EXPECT_EQ(text.find("load: 100% 8 rows, "), 0U) << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1) << text;
}

TEST(ProgressTest, ATerminalLineIsRedrawnAndClosed) {
  CaptureStderr();
  { Progress progress("load", 2, "rows", ProgressStyle::kTerminal); }
  const std::string text = GetCapturedStderr();
  EXPECT_EQ(text.find("\r\033[Kload: 0% 0 rows, "), 0U) << text;
  EXPECT_EQ(text.back(), '\n');
}

TEST(ProgressTest, SilentWritesNothing) {
  CaptureStderr();
  {
    Progress progress("load", 2, "rows", ProgressStyle::kSilent);
    progress.Add(2);
  }
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace burgeon
