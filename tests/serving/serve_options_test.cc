#include "serving/serve_options.h"

#include <gmock/gmock.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(ServeOptions, TheDefaultsAreGoodAndLocal) {
  const ServeOptions options;
  EXPECT_TRUE(CheckServeOptions(options).ok());
  EXPECT_TRUE(IsLoopback(options.address));
}

TEST(ServeOptions, KnowsLoopbackAddresses) {
  for (const char* address : {"127.0.0.1", "127.8.9.1", "::1"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
  for (const char* address : {"0.0.0.0", "128.0.0.1", "::", "10.0.0.1", "::2", "1.0.0.127", ""}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
  EXPECT_EQ(*NumericAddress("localhost"), "127.0.0.1");
}

TEST(ServeOptions, AnAddressIsANumber) {
  for (const char* address : {"", "example.org", "127.1", "127.0.0.1:80", "127.0.0.256", "[::1]"}) {
    EXPECT_EQ(NumericAddress(address).status().code(), absl::StatusCode::kInvalidArgument)
        << address;
  }
}

TEST(ServeOptions, ANetworkIsRefusedWithoutTokenAndProxy) {
  ServeOptions options;
  for (const char* address : {"0.0.0.0", "::", "192.168.1.5"}) {
    options = ServeOptions();
    options.address = address;
    EXPECT_THAT(MessageOf(CheckServeOptions(options)), HasSubstr("a token file is needed"));
    options.behind_proxy = true;
    EXPECT_THAT(MessageOf(CheckServeOptions(options)), HasSubstr("a token file is needed"));
    options.token_file = "/etc/burgeon/token";
    EXPECT_TRUE(CheckServeOptions(options).ok());
    options.behind_proxy = false;
    EXPECT_THAT(MessageOf(CheckServeOptions(options)), HasSubstr("does not speak TLS"));
  }
}

TEST(ServeOptions, NumbersHaveRangesAndTheMessageNamesThem) {
  const struct {
    const char* name;
    int ServeOptions::*field;
    int bad;
  } cases[] = {
      {"port", &ServeOptions::port, 65'536},
      {"port", &ServeOptions::port, -1},
      {"threads", &ServeOptions::threads, -1},
      {"io_threads", &ServeOptions::io_threads, 0},
      {"max_connections", &ServeOptions::max_connections, 4097},
      {"max_in_flight", &ServeOptions::max_in_flight, 0},
      {"max_heavy_in_flight", &ServeOptions::max_heavy_in_flight, 257},
      {"header_timeout_ms", &ServeOptions::header_timeout_ms, 0},
      {"body_timeout_ms", &ServeOptions::body_timeout_ms, -5},
      {"idle_timeout_ms", &ServeOptions::idle_timeout_ms, 86'400'001},
      {"send_timeout_ms", &ServeOptions::send_timeout_ms, 0},
      {"grace_ms", &ServeOptions::grace_ms, 0},
      {"poll_ms", &ServeOptions::poll_ms, 0},
      {"reload_retry_ms", &ServeOptions::reload_retry_ms, 0},
  };
  for (const auto& c : cases) {
    ServeOptions options;
    options.*c.field = c.bad;
    const absl::Status status = CheckServeOptions(options);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.name;
    EXPECT_THAT(MessageOf(status), HasSubstr(Concat(c.name, ": ", c.bad)));
  }
}

}  // namespace
}  // namespace burgeon
