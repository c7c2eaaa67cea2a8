// A server on a free port in a thread of its own, over releases and answers of a test's making.
#ifndef BURGEON_TESTS_SERVING_TEST_SERVER_H_
#define BURGEON_TESTS_SERVING_TEST_SERVER_H_

#include <gtest/gtest.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "serving/server.h"
#include "tests/serving/fake_source.h"

namespace burgeon {

// "release id body" of whatever is asked, and the Status that a customer's id names.
inline absl::StatusOr<std::string> EchoQuery(ExecutionContext&, const ServingState& state,
                                             const RouteMatch& match, std::string_view body) {
  if (match.id == "nobody") return NotFound("customer 'nobody' is not known");
  if (match.id == "broken") return Internal("/srv/secret/tensor is broken");
  return Concat(state.release_id, " ", match.id, " ", body);
}

// Holds queries until it is opened, and knows how many wait.
class QueryGate {
 public:
  QueryFunction Query() {
    return [this](ExecutionContext& context, const ServingState& state, const RouteMatch& match,
                  std::string_view body) {
      {
        std::unique_lock lock(mutex_);
        ++entered_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
      }
      return EchoQuery(context, state, match, body);
    };
  }
  void WaitForEntered(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return entered_ >= count; });
  }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int entered_ = 0;
  bool open_ = false;
};

inline ServeOptions TestOptions() {
  ServeOptions options;
  options.port = 0;
  options.threads = 2;
  options.io_threads = 2;
  options.handle_signals = false;
  options.poll_ms = 5;
  return options;
}

class TestServer {
 public:
  explicit TestServer(ServeOptions options = TestOptions(), QueryFunction query = EchoQuery,
                      const std::string& release = "r1")
      : source_(release), pool_(2) {
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(log_mutex_);
      log_.emplace_back(line);
    };
    std::promise<int> port;
    std::future<int> listening = port.get_future();
    thread_ = std::thread([this, options, query = std::move(query), &port] {
      bool told = false;
      status_ = ServeQueries(
          options, source_, pool_, query,
          [&](int bound) {
            told = true;
            port.set_value(bound);
          },
          stop_.get_token());
      if (!told) port.set_value(0);
    });
    port_ = listening.get();
    EXPECT_GT(port_, 0) << status_;
  }
  ~TestServer() { EXPECT_TRUE(Stop().ok()); }

  int port() const { return port_; }
  FakeSource& source() { return source_; }
  void RequestStop() { stop_.request_stop(); }
  // Waits for the end.
  absl::Status Stop() {
    stop_.request_stop();
    if (thread_.joinable()) thread_.join();
    return status_;
  }
  std::vector<std::string> log() {
    const std::lock_guard lock(log_mutex_);
    return log_;
  }

 private:
  FakeSource source_;
  ThreadPool pool_;
  std::stop_source stop_;
  absl::Status status_;
  int port_ = 0;
  std::mutex log_mutex_;
  std::vector<std::string> log_;
  std::thread thread_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SERVING_TEST_SERVER_H_
