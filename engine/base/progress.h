// Progress of a long step. On a terminal: one line, redrawn, with rate and time left; elsewhere
// plain lines, at most one every ten seconds and one at the end. Written to standard error.
//
//   Progress progress("ingest", total_bytes, "B", ProgressStyle::kAutomatic);
//   progress.Add(bytes);        // from any thread
//   progress.Finish();
#ifndef BURGEON_ENGINE_BASE_PROGRESS_H_
#define BURGEON_ENGINE_BASE_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace burgeon {

enum class ProgressStyle { kAutomatic, kTerminal, kLines, kSilent };

class Progress {
 public:
  // `total` 0: not known, so no time left is shown.
  Progress(std::string name, int64_t total, std::string unit, ProgressStyle style);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Add(int64_t amount);
  // Text behind the line from the next drawing on: "loss 1.25".
  void Note(std::string note);
  void Finish();

 private:
  using Steady = std::chrono::steady_clock;
  void Draw(Steady::time_point now);  // with mutex_ held

  const std::string name_;
  const int64_t total_;
  const std::string unit_;
  ProgressStyle style_;
  const Steady::time_point start_;
  std::mutex mutex_;
  Steady::time_point last_;
  int64_t done_ = 0;
  std::string note_;
  bool finished_ = false;
};

// "ingest: 45% 12345 rows, 301234 rows/s, 4 s left" (no total: no percentage, no time left). A rate
// below 10 that is no whole number has two digits behind the point.
std::string FormatProgress(const std::string& name, const std::string& unit, int64_t done,
                           int64_t total, double elapsed_seconds);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_PROGRESS_H_
