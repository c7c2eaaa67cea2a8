// One list a customer: from batch, over HTTP, and after a restart of the server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>

#include "tests/cli/child_process.h"
#include "tests/cli/run_burgeon.h"
#include "tests/cli/sequence_workspace.h"

namespace burgeon {
namespace {

// One request on a connection of its own; the body of the answer.
std::string Ask(int port, const std::string& body) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const std::string request =
      Concat("POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
             "Content-Type: application/json\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
  EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(fd, buffer, sizeof(buffer))) > 0;) {
    answer.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  EXPECT_EQ(answer.substr(0, 15), "HTTP/1.1 200 OK") << answer;
  const size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

int ListeningPort(ChildProcess& server) {
  const std::string line = server.ReadUntil("listening on");
  const auto port = ParseInt64(line.substr(line.rfind(' ') + 1));
  EXPECT_TRUE(port.has_value()) << line;
  return static_cast<int>(port.value_or(0));
}

using Batch = std::map<std::string, std::vector<std::string>>;

// customer -> "item score" lines as batch writes them; labels may hold commas, so fields are taken
// from both ends.
Batch BatchLists(const std::string& workspace) {
  const std::string out = FreshFolder("serve") + "/lists.csv";
  EXPECT_EQ(Burgeon({"recommend", "--workspace", workspace, "--customers", "all", "--k", "7",
                     "--out", out})
                .exit_code,
            0);
  Batch batch;
  const auto lines = Lines(ReadText(out));
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const size_t a = line.find(',');
    const size_t b = line.find(',', a + 1);
    const size_t c = line.find(',', b + 1);
    const size_t e = line.rfind(',', line.rfind(',') - 1);  // before the method and its source
    const size_t d = line.rfind(',', e - 1);
    batch[line.substr(0, a)].push_back(line.substr(b + 1, c - b - 1) + " " +
                                       line.substr(d + 1, e - d - 1));
  }
  return batch;
}

// "item score" lines of an answer.
std::vector<std::string> OnlineList(int port, const nlohmann::json& request) {
  const auto answer = nlohmann::json::parse(Ask(port, request.dump()), nullptr, false);
  EXPECT_FALSE(answer.is_discarded());
  std::vector<std::string> online;
  for (const auto& item : answer["items"]) {
    online.push_back(Concat(item["id"].get<std::string>(), " ", item["score"].get<float>()));
  }
  return online;
}

TEST(ServeTest, TheSameListFromBatchFromHttpAndAfterARestart) {
  ASSERT_NE(BurgeonBinary(), "") << "BURGEON_BINARY is not set; run this through ctest";
  const Batch batch = BatchLists(PublishedWorkspace());
  ASSERT_GT(batch.size(), 10U);
  for (int start = 0; start < 2; ++start) {
    ChildProcess server({"serve", "--workspace", PublishedWorkspace(), "--port", "0", "--json"});
    const int port = ListeningPort(server);
    for (const auto& [customer, items] : batch) {
      EXPECT_EQ(OnlineList(port, {{"customer_id", customer}, {"k", 7}}), items) << customer;
    }
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait(), 0);
  }
}

// A model that reads an order: the list of a customer is that of batch, and so is that of the same
// purchases as a stranger's events; what was done since changes it.
TEST(ServeTest, TheSameListOfASequenceModelAndItsFoldIn) {
  ASSERT_NE(BurgeonBinary(), "") << "BURGEON_BINARY is not set; run this through ctest";
  const Batch batch = BatchLists(SequenceWorkspace());
  ASSERT_GT(batch.size(), 10U);
  ChildProcess server({"serve", "--workspace", SequenceWorkspace(), "--port", "0", "--json"});
  const int port = ListeningPort(server);
  for (const auto& [customer, items] : batch) {
    EXPECT_EQ(OnlineList(port, {{"customer_id", customer}, {"k", 7}}), items) << customer;
  }
  const auto& [customer, items] = *batch.begin();
  const std::string first = items[0].substr(0, items[0].find(' '));
  const std::string second = items[1].substr(0, items[1].find(' '));
  const auto with_events = [&](const nlohmann::json& events) {
    return OnlineList(port, {{"customer_id", customer}, {"k", 7}, {"events", events}});
  };
  const auto event = [](const std::string& item, const char* time) {
    return nlohmann::json{{"item_id", item}, {"time", time}};
  };
  const auto later =
      with_events({event(second, "2011-12-10T10:00:00Z"), event(first, "2011-12-10T09:00:00Z")});
  EXPECT_EQ(later, with_events({event(first, "2011-12-10T09:00:00Z"),
                                event(second, "2011-12-10T10:00:00Z")}));
  EXPECT_NE(later, with_events({event(first, "2011-12-10T10:00:00Z"),
                                event(second, "2011-12-10T09:00:00Z")}));
  for (const std::string& line : later) EXPECT_NE(line.substr(0, line.find(' ')), first);
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0);
}

}  // namespace
}  // namespace burgeon
