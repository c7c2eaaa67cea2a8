#include "serving/serve_options.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace burgeon {
namespace {

constexpr int kDayMs = 86'400'000;

absl::Status CheckRange(const char* name, int value, int low, int high) {
  if (value >= low && value <= high) return absl::OkStatus();
  return InvalidArgument(name, ": ", value, " is not from ", low, " to ", high);
}

}  // namespace

absl::StatusOr<std::string> NumericAddress(std::string_view address) {
  if (address == "localhost") return std::string("127.0.0.1");
  const std::string text(address);
  in6_addr buffer{};  // large enough for either family
  if (inet_pton(AF_INET, text.c_str(), &buffer) == 1) return text;
  if (inet_pton(AF_INET6, text.c_str(), &buffer) == 1) return text;
  return InvalidArgument("address: '", Printable(address),
                         "' is not an IP address such as 127.0.0.1 or ::1");
}

bool IsLoopback(const std::string& numeric_address) {
  in_addr v4{};
  if (inet_pton(AF_INET, numeric_address.c_str(), &v4) == 1) {
    return ntohl(v4.s_addr) >> 24 == 127;
  }
  in6_addr v6{};
  return inet_pton(AF_INET6, numeric_address.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

absl::Status CheckServeOptions(const ServeOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const std::string address, NumericAddress(options.address));
  if (!IsLoopback(address)) {
    if (options.token_file.empty()) {
      return InvalidArgument("address: ", address,
                             " is not a loopback address: a token file is needed as well");
    }
    if (!options.behind_proxy) {
      return InvalidArgument("address: ", address,
                             " is not a loopback address, and this server does not speak TLS: put "
                             "a proxy that does before it, and say so (behind_proxy)");
    }
  }
  BURGEON_RETURN_IF_ERROR(CheckRange("port", options.port, 0, 65'535));
  BURGEON_RETURN_IF_ERROR(CheckRange("threads", options.threads, 0, limits::kMaxThreads));
  BURGEON_RETURN_IF_ERROR(CheckRange("io_threads", options.io_threads, 1, limits::kMaxThreads));
  BURGEON_RETURN_IF_ERROR(
      CheckRange("max_connections", options.max_connections, 1, limits::kMaxConnections));
  BURGEON_RETURN_IF_ERROR(CheckRange("max_in_flight", options.max_in_flight, 1, 1'000'000));
  BURGEON_RETURN_IF_ERROR(
      CheckRange("max_heavy_in_flight", options.max_heavy_in_flight, 1, options.max_in_flight));
  const struct {
    const char* name;
    int value;
  } times[] = {{"header_timeout_ms", options.header_timeout_ms},
               {"body_timeout_ms", options.body_timeout_ms},
               {"idle_timeout_ms", options.idle_timeout_ms},
               {"send_timeout_ms", options.send_timeout_ms},
               {"grace_ms", options.grace_ms},
               {"poll_ms", options.poll_ms},
               {"reload_retry_ms", options.reload_retry_ms}};
  for (const auto& time : times) {
    BURGEON_RETURN_IF_ERROR(CheckRange(time.name, time.value, 1, kDayMs));
  }
  return absl::OkStatus();
}

}  // namespace burgeon
