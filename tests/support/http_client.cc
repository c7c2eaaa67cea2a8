#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr int kTimeoutSeconds = 20;

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Status and fields of a head that ends with an empty line.
std::optional<ClientResponse> ParseHead(std::string_view head) {
  ClientResponse response;
  const size_t line_end = head.find("\r\n");
  if (head.substr(0, 9) != "HTTP/1.1 " || line_end < 12) return std::nullopt;
  const std::optional<int64_t> status = ParseInt64(head.substr(9, 3));
  if (!status) return std::nullopt;
  response.status = static_cast<int>(*status);
  head.remove_prefix(line_end + 2);
  while (true) {
    const size_t end = head.find("\r\n");
    if (end == 0) return response;
    const size_t colon = head.find(':');
    if (end == std::string_view::npos || colon > end) return std::nullopt;
    response.fields[LowerAscii(head.substr(0, colon))] =
        std::string(TrimAscii(head.substr(colon + 1, end - colon - 1)));
    head.remove_prefix(end + 2);
  }
}

}  // namespace

HttpClient::HttpClient(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const timeval timeout{kTimeoutSeconds, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(descriptor);
    return;
  }
  socket_ = descriptor;
}

HttpClient::~HttpClient() {
  if (socket_ >= 0) close(socket_);
}

bool HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool HttpClient::ReadMore() {
  std::array<char, 65536> chunk;
  const ssize_t got = recv(socket_, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  buffer_.append(chunk.data(), static_cast<size_t>(got));
  return true;
}

std::optional<ClientResponse> HttpClient::Receive(ResponseBody body) {
  size_t head_end = 0;
  while ((head_end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadMore()) return std::nullopt;
  }
  head_end += 4;
  std::optional<ClientResponse> response = ParseHead(std::string_view(buffer_).substr(0, head_end));
  if (!response) return std::nullopt;
  size_t length = 0;
  const auto declared = response->fields.find("content-length");
  if (body == ResponseBody::kAsDeclared && declared != response->fields.end()) {
    length = static_cast<size_t>(ParseInt64(declared->second).value_or(0));
  }
  while (buffer_.size() < head_end + length) {
    if (!ReadMore()) return std::nullopt;
  }
  response->body = buffer_.substr(head_end, length);
  buffer_.erase(0, head_end + length);
  return response;
}

bool HttpClient::ServerCloses() {
  if (!buffer_.empty()) return false;
  char byte = 0;
  const ssize_t got = recv(socket_, &byte, 1, 0);
  return got == 0 || (got < 0 && errno == ECONNRESET);
}

void HttpClient::CloseForWriting() { shutdown(socket_, SHUT_WR); }

std::string GetRequest(std::string_view target, std::string_view fields) {
  return Concat("GET ", target, " HTTP/1.1\r\nHost: test\r\n", fields, "\r\n");
}

std::string PostRequest(std::string_view target, std::string_view body, std::string_view fields) {
  return Concat("POST ", target, " HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n",
                "Content-Length: ", body.size(), "\r\n", fields, "\r\n", body);
}

std::optional<ClientResponse> Ask(int port, std::string_view request) {
  HttpClient client(port);
  if (!client.connected() || !client.Send(request)) return std::nullopt;
  return client.Receive();
}

}  // namespace burgeon
