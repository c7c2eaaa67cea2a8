// What the HTTP server is told at its start.
#ifndef BURGEON_SERVING_SERVE_OPTIONS_H_
#define BURGEON_SERVING_SERVE_OPTIONS_H_

#include <functional>
#include <string>
#include <string_view>

#include "engine/audience/lookalike.h"
#include "engine/base/device.h"
#include "engine/base/limits.h"
#include "engine/base/status.h"
#include "engine/recommend/item_rules.h"
#include "engine/release/contact.h"
#include "serving/changes.h"

namespace burgeon {

struct ServeOptions {
  std::string address = "127.0.0.1";  // an IP address, or "localhost"
  int port = 8080;                    // 0: any free one, told by on_listening
  int threads = 0;                    // that answer queries; 0: as many as the pool has
  int io_threads = 1;                 // that read and write
  Device device;

  std::string token_file;         // "": no token
  bool behind_proxy = false;      // a proxy before this server speaks TLS
  bool handle_signals = true;     // SIGTERM and SIGINT stop the server; a second one at once
  bool wait_for_release = false;  // start although nothing was published yet; answers 503

  int max_connections = limits::kMaxConnections;
  int max_in_flight = 256;      // queries queued or running; more are answered 503
  int max_heavy_in_flight = 8;  // of these, lookalikes

  int header_timeout_ms = 10'000;  // from the first byte of a request to the end of its header
  int body_timeout_ms = 30'000;
  int idle_timeout_ms = 60'000;  // between two requests
  int send_timeout_ms = 30'000;  // for a whole answer
  int grace_ms = 10'000;         // to finish requests after a stop

  int poll_ms = 100;             // looking for a new release or overlay
  int reload_retry_ms = 30'000;  // before a version that failed to load is tried again

  LookalikeOptions lookalike;  // of every lookalike; `size` is the request's

  ContactPolicy contact;  // for requests that ask whether to contact
  ItemRules rules;        // of every list of recommendations, beside those of the request

  // Turns a customer id of a request into its stored form (engine/governance/pseudonym.h), for
  // releases with pseudonyms. Empty: such a release wants the stored form in requests. Thread-safe.
  std::function<std::string(std::string_view)> pseudonym;

  // What POST /v1/consent and POST /v1/erase write to.
  ChangeRecorder changes;

  // Lines for people: start, stop, reloads, failures. Never called by two threads at once; may be
  // empty.
  std::function<void(std::string_view)> log;
};

// Checks ranges, and that the server is not open to a network: an address other than loopback is
// refused (kInvalidArgument) unless there are a token file and a proxy, as it does not speak TLS.
absl::Status CheckServeOptions(const ServeOptions& options);

// An IP address in numbers: "localhost" is "127.0.0.1". kInvalidArgument when it is not one.
absl::StatusOr<std::string> NumericAddress(std::string_view address);
bool IsLoopback(const std::string& numeric_address);

}  // namespace burgeon

#endif  // BURGEON_SERVING_SERVE_OPTIONS_H_
