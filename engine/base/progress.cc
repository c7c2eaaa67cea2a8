#include "engine/base/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(200);
constexpr auto kLineInterval = std::chrono::seconds(10);

ProgressStyle Resolve(ProgressStyle style) {
  if (style != ProgressStyle::kAutomatic) return style;
  return isatty(STDERR_FILENO) == 1 ? ProgressStyle::kTerminal : ProgressStyle::kLines;
}

std::string FormatRate(double rate) {
  const double rounded = std::round(rate);
  if (rate >= 10 || std::abs(rate - rounded) < 0.005) return Concat(std::llround(rate));
  char text[16];
  std::snprintf(text, sizeof(text), "%.2f", rate);
  return text;
}

}  // namespace

std::string FormatProgress(const std::string& name, const std::string& unit, int64_t done,
                           int64_t total, double elapsed_seconds) {
  const double rate = elapsed_seconds > 0 ? static_cast<double>(done) / elapsed_seconds : 0.0;
  std::string out = Concat(name, ": ");
  if (total > 0) out += Concat(std::min<int64_t>(100, 100 * done / total), "% ");
  out += Concat(done, " ", unit, ", ", FormatRate(rate), " ", unit, "/s");
  if (total > done && rate > 0) {
    const double left = static_cast<double>(total - done) / rate;
    out += Concat(", ", static_cast<int64_t>(std::ceil(left)), " s left");
  }
  return out;
}

Progress::Progress(std::string name, int64_t total, std::string unit, ProgressStyle style)
    : name_(std::move(name)),
      total_(total),
      unit_(std::move(unit)),
      style_(Resolve(style)),
      start_(Steady::now()),
      last_(start_) {}

Progress::~Progress() { Finish(); }

void Progress::Add(int64_t amount) {
  const std::lock_guard lock(mutex_);
  done_ += amount;
  if (style_ == ProgressStyle::kSilent) return;
  const auto now = Steady::now();
  if (style_ == ProgressStyle::kTerminal ? now - last_ >= kTerminalInterval
                                         : now - last_ >= kLineInterval) {
    last_ = now;
    Draw(now);
  }
}

void Progress::Note(std::string note) {
  const std::lock_guard lock(mutex_);
  note_ = std::move(note);
}

void Progress::Finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  if (style_ == ProgressStyle::kSilent) return;
  Draw(Steady::now());
  if (style_ == ProgressStyle::kTerminal) std::fputc('\n', stderr);
}

void Progress::Draw(Steady::time_point now) {
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::string text = FormatProgress(name_, unit_, done_, total_, elapsed);
  if (!note_.empty()) text += Concat("; ", note_);
  if (style_ == ProgressStyle::kTerminal) {
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  std::fflush(stderr);
}

}  // namespace burgeon
