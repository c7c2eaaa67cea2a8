// A small HTTP client on a plain socket, for tests that must also send what no client would.
//
//   HttpClient client(port);
//   client.Send(GetRequest("/healthz"));
//   const std::optional<ClientResponse> response = client.Receive();
#ifndef BURGEON_TESTS_SUPPORT_HTTP_CLIENT_H_
#define BURGEON_TESTS_SUPPORT_HTTP_CLIENT_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace burgeon {

struct ClientResponse {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

enum class ResponseBody { kAsDeclared, kNone };  // kNone: the answer to HEAD

// To 127.0.0.1. No call waits longer than 20 s, so that a broken server fails a test and does not
// hang it.
class HttpClient {
 public:
  explicit HttpClient(int port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return socket_ >= 0; }
  // False when the other side is gone.
  bool Send(std::string_view bytes);
  // The next response, also one sent ahead of the request's end. Nothing when the connection ended
  // or was reset before it was whole.
  std::optional<ClientResponse> Receive(ResponseBody body = ResponseBody::kAsDeclared);
  // True when the server closes the connection without sending anything more.
  bool ServerCloses();
  void CloseForWriting();

 private:
  bool ReadMore();

  int socket_ = -1;
  std::string buffer_;
};

std::string GetRequest(std::string_view target, std::string_view fields = "");
std::string PostRequest(std::string_view target, std::string_view body,
                        std::string_view fields = "");

// One request on a connection of its own.
std::optional<ClientResponse> Ask(int port, std::string_view request);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_HTTP_CLIENT_H_
