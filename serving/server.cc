#include "serving/server.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "serving/http_error.h"
#include "serving/limits.h"
#include "serving/session.h"

namespace burgeon {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAcceptPause = std::chrono::milliseconds(100);
constexpr int kAcceptsATurn = 64;

// The connections this process has file descriptors for, at most the wanted. Asks the system for
// more descriptors first, within what it allows.
int ConnectionLimit(int wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = static_cast<rlim_t>(wanted + limits::kReservedDescriptors);
  if (limit.rlim_cur < needed) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(needed, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur >= needed) return wanted;
  return std::max(
      1, static_cast<int>(static_cast<int64_t>(limit.rlim_cur) - limits::kReservedDescriptors));
}

// Listens, and gives what it accepts to sessions. Runs on a strand of its own.
class Listener {
 public:
  Listener(asio::io_context& io, int max_connections, const SessionParts& parts)
      : io_(io),
        acceptor_(asio::make_strand(io)),
        pause_(acceptor_.get_executor()),
        max_connections_(max_connections),
        parts_(parts) {}

  absl::StatusOr<int> Open(const std::string& address, int port) {
    const tcp::endpoint endpoint(asio::ip::make_address(address),
                                 static_cast<asio::ip::port_type>(port));
    family_ = endpoint.address().is_v6() ? SocketFamily::kV6 : SocketFamily::kV4;
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    // A server started again must not wait for the old connections' last packets.
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) acceptor_.non_blocking(true, error);
    if (error) {
      return Unavailable("address ", address, ", port ", port,
                         ": cannot listen there: ", error.message());
    }
    return static_cast<int>(acceptor_.local_endpoint(error).port());
  }

  void Start() {
    asio::post(acceptor_.get_executor(), [this] { Wait(); });
  }

  // Returns when no more connections are taken. Not from a thread of the io_context.
  void Stop() {
    std::promise<void> stopped;
    asio::post(acceptor_.get_executor(), [this, &stopped] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      stopped.set_value();
    });
    stopped.get_future().wait();
  }

 private:
  void Wait() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_wait(tcp::acceptor::wait_read, [this](error_code error) {
      if (!error) AcceptSome();
    });
  }

  void AcceptSome() {
    for (int i = 0; i < kAcceptsATurn && acceptor_.is_open(); ++i) {
      const int socket =
          ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket >= 0) {
        Take(socket);
        continue;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // Nothing to give to a client until others are gone; without a pause this would spin.
        pause_.expires_after(kAcceptPause);
        pause_.async_wait([this](error_code error) {
          if (!error) Wait();
        });
        return;
      }
    }
    Wait();
  }

  void Take(int socket) {
    if (parts_.sessions->size() < max_connections_) {
      return StartSession(io_, socket, family_, parts_);
    }
    parts_.metrics->ConnectionTurnedAway();
    const std::string text =
        SerializeResponse(ErrorResponse(Overloaded(), ""), {.date = HttpDate(clock_.Now())});
    // As much as fits into the socket's buffer: nobody waits for a client that is not wanted.
    [[maybe_unused]] const ssize_t sent =
        ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::close(socket);
  }

  asio::io_context& io_;
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  SocketFamily family_ = SocketFamily::kV4;
  const int max_connections_;
  const SessionParts parts_;
  const SystemClock clock_;
};

// Turns signals and the stop token into one wish to stop; a second signal makes it urgent.
class StopWish {
 public:
  StopWish(asio::io_context& io, SessionList& sessions, const ServeOptions& options,
           const std::stop_token& stop)
      : sessions_(sessions), signals_(io), callback_(stop, [this] { Wish(); }) {
    if (!options.handle_signals) return;
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    WaitForSignal();
  }

  void Wait() { wish_.acquire(); }

 private:
  void Wish() { wish_.release(); }

  void WaitForSignal() {
    signals_.async_wait([this](error_code error, int) {
      if (error) return;
      if (++signals_seen_ > 1) sessions_.CutWaitShort();
      Wish();
      WaitForSignal();
    });
  }

  SessionList& sessions_;
  std::counting_semaphore<> wish_{0};
  asio::signal_set signals_;
  int signals_seen_ = 0;
  std::stop_callback<std::function<void()>> callback_;
};

// Lets one thread at a time into the log.
std::function<void(std::string_view)> Serialised(std::function<void(std::string_view)> log) {
  if (!log) return [](std::string_view) {};
  auto mutex = std::make_shared<std::mutex>();
  return [mutex, log = std::move(log)](std::string_view line) {
    const std::lock_guard lock(*mutex);
    log(line);
  };
}

// The threads of an io_context, until they are told to stop.
class IoThreads {
 public:
  IoThreads(asio::io_context& io, int threads) : io_(io), guard_(io.get_executor()) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([&io] { io.run(); });
  }
  ~IoThreads() {
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  asio::io_context& io_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::vector<std::thread> threads_;
};

absl::StatusOr<Authenticator> MakeAuthenticator(const ServeOptions& options) {
  if (options.token_file.empty()) return Authenticator();
  BURGEON_ASSIGN_OR_RETURN(const std::string token, ReadTokenFile(options.token_file));
  return Authenticator(token);
}

absl::Status LoadFirstRelease(const ServeOptions& options, ReleaseHolder& holder) {
  absl::Status status = holder.LoadFirst();
  return options.wait_for_release && absl::IsNotFound(status) ? absl::OkStatus() : status;
}

}  // namespace

absl::Status ServeQueries(const ServeOptions& options, ReleaseSource& source, ThreadPool& pool,
                          QueryFunction query, const std::function<void(int port)>& on_listening,
                          const std::stop_token& stop) {
  BURGEON_RETURN_IF_ERROR(CheckServeOptions(options));
  BURGEON_ASSIGN_OR_RETURN(const std::string address, NumericAddress(options.address));
  BURGEON_ASSIGN_OR_RETURN(const Authenticator authenticator, MakeAuthenticator(options));
  const auto log = Serialised(options.log);
  ReleaseHolder holder(source, {options.poll_ms, options.reload_retry_ms}, log);
  BURGEON_RETURN_IF_ERROR(LoadFirstRelease(options, holder));
  WorkersOptions worker_options;
  worker_options.threads = options.threads > 0 ? options.threads : pool.threads();
  worker_options.max_in_flight = options.max_in_flight;
  worker_options.max_heavy_in_flight = options.max_heavy_in_flight;

  // In this order: sessions, which live in the io_context and in the workers' queue, use the parts
  // above it to their end.
  Metrics metrics;
  SessionList sessions;
  ByteBudget budget(limits::kMaxBufferedBytes);
  std::unique_ptr<HttpService> service;
  asio::io_context io;
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<Workers> workers,
                           Workers::Create(options.device, &pool, worker_options));
  service = std::make_unique<HttpService>(
      ServiceParts{authenticator, std::move(query), &holder, workers.get(), &metrics, log});
  Listener listener(io, ConnectionLimit(options.max_connections),
                    {&options, service.get(), &metrics, &sessions, &budget});
  BURGEON_ASSIGN_OR_RETURN(const int port, listener.Open(address, options.port));
  StopWish stop_wish(io, sessions, options, stop);
  {
    const IoThreads threads(io, options.io_threads);
    listener.Start();
    holder.StartWatching();
    log(Concat("listening on ", address, ", port ", port));
    if (on_listening) on_listening(port);

    stop_wish.Wait();
    log("stopping: finishing the requests under way");
    listener.Stop();
    sessions.FinishAll();
    const auto deadline =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(options.grace_ms);
    if (sessions.WaitUntilEmpty(deadline) != SessionList::Waited::kEmpty) {
      log(Concat("stopping: ", sessions.size(), " connections were cut off"));
    }
    holder.StopWatching();
    workers->Stop();
  }
  log("stopped");
  return absl::OkStatus();
}

absl::Status Serve(const ServeOptions& options, ReleaseSource& source, ThreadPool& pool,
                   const std::function<void(int port)>& on_listening, const std::stop_token& stop) {
  const AnswerOptions answer_options{options.lookalike, options.pseudonym, options.changes,
                                     options.rules, options.contact};
  const auto query = [answer_options](ExecutionContext& context, const ServingState& state,
                                      const RouteMatch& match, std::string_view body) {
    return AnswerQuery(context, state, match, body, answer_options);
  };
  return ServeQueries(options, source, pool, query, on_listening, stop);
}

}  // namespace burgeon
