#include "serving/session.h"

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/clock.h"
#include "serving/http_error.h"
#include "serving/limits.h"

namespace burgeon {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// A header must fit, with room for what a client has sent behind it.
constexpr size_t kBufferBytes = 2 * limits::kMaxHeaderBytes;
constexpr auto kLinger = std::chrono::seconds(1);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

template <class Text>
std::string Copy(const Text& text) {
  return std::string(text.data(), text.size());
}

// Whether a request line names a version of HTTP that is none of ours; the parser calls everything
// that is not 1.0 or 1.1 a bad version.
bool AnotherVersion(std::string_view text) {
  const std::string_view line = text.substr(0, text.find("\r\n"));
  const size_t blank = line.rfind(' ');
  if (blank == std::string_view::npos) return false;
  const std::string_view version = line.substr(blank + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.substr(0, 5) == "HTTP/" && digit(version[5]) &&
         version[6] == '.' && digit(version[7]) && version != "HTTP/1.0" && version != "HTTP/1.1";
}

class HttpSession final : public Session, public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(tcp::socket socket, const SessionParts& parts)
      : parts_(parts), stream_(std::move(socket)), buffer_(kBufferBytes) {
    parts_.metrics->ConnectionOpened();
  }
  ~HttpSession() override {
    parts_.metrics->ConnectionClosed();
    parts_.sessions->Remove(this);
  }

  void Start() {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      self->WaitForRequest(self->parts_.options->header_timeout_ms);
    });
  }

  void FinishSoon() override {
    asio::post(stream_.get_executor(), [self = shared_from_this()] {
      // Bytes that are there already are a request under way.
      error_code ignored;
      if (self->waiting_ && self->stream_.socket().available(ignored) == 0) self->stream_.close();
    });
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  void SetTimeout(int milliseconds) {
    stream_.expires_after(std::chrono::milliseconds(milliseconds));
  }

  // For the first byte of a request: only here is it polite to close.
  void WaitForRequest(int timeout_ms) {
    if (buffer_.size() > 0) return ReadHead();
    if (parts_.sessions->finishing()) return Linger();
    waiting_ = true;
    SetTimeout(timeout_ms);
    stream_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](error_code error, size_t bytes) {
                              self->waiting_ = false;
                              if (error) return self->Gone(error);
                              self->buffer_.commit(bytes);
                              self->ReadHead();
                            });
  }

  void ReadHead() {
    parser_.emplace();
    parser_->header_limit(limits::kMaxHeaderBytes);
    parser_->body_limit(limits::kMaxRequestBytes);
    SetTimeout(parts_.options->header_timeout_ms);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, size_t) { self->OnHead(error); });
  }

  void OnHead(error_code error) {
    if (error) return OnUnreadable(error);
    const auto& message = parser_->get();
    RequestHead head;
    head.method = Copy(message.method_string());
    head.target = Copy(message.target());
    head.version = static_cast<int>(message.version());
    for (const auto& field : message) {
      head.fields.push_back({Copy(field.name_string()), Copy(field.value())});
    }
    head_only_ = head.method == "HEAD";
    HttpService::Decision decision = parts_.service->Decide(head);
    if (HttpResponse* refusal = std::get_if<HttpResponse>(&decision)) {
      // A body may follow that nobody will read as one: the connection cannot go on.
      return Send(std::move(*refusal), KeepAlive::kNo);
    }
    request_ = std::get<AcceptedRequest>(std::move(decision));
    PrepareBody();
  }

  void PrepareBody() {
    const HeadFacts& facts = request_->facts;
    const int64_t most =
        facts.framing == BodyFraming::kChunked ? limits::kMaxRequestBytes : facts.content_length;
    if (most > limits::kSmallMessageBytes && !body_hold_.Take(*parts_.budget, most)) {
      return RefuseBody(Overloaded());
    }
    // Only when the client has not sent the body anyway.
    if (!facts.expects_continue || parser_->is_done() || buffer_.size() > 0) return ReadBody();
    SetTimeout(parts_.options->send_timeout_ms);
    asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = shared_from_this()](error_code error, size_t) {
                        if (error) return self->Gone(error);
                        self->ReadBody();
                      });
  }

  void ReadBody() {
    if (parser_->is_done()) return Dispatch();
    SetTimeout(parts_.options->body_timeout_ms);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) {
                       if (error) return self->OnUnreadable(error);
                       self->Dispatch();
                     });
  }

  void Dispatch() {
    stream_.expires_never();
    const KeepAlive keep_alive = request_->facts.keep_alive ? KeepAlive::kYes : KeepAlive::kNo;
    std::string body = std::move(parser_->get().body());
    parts_.service->Answer(*std::exchange(request_, std::nullopt), std::move(body),
                           [self = shared_from_this(), keep_alive](HttpResponse response) {
                             auto shared = std::make_shared<HttpResponse>(std::move(response));
                             asio::post(self->stream_.get_executor(), [self, shared, keep_alive] {
                               self->Send(std::move(*shared), keep_alive);
                             });
                           });
  }

  // What the parser, or the connection, could not give us.
  void OnUnreadable(error_code error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      return RefuseHeader();
    }
    if (error == http::error::body_limit) {
      return RefuseBody(
          HttpError{413,
                    "body_too_large",
                    Concat("body: at most ", limits::kMaxRequestBytes, " bytes are taken"),
                    {}});
    }
    if (error == http::error::bad_version && AnotherVersion(Buffered())) {
      return RefuseBody(HttpError{505, "http_version_not_supported", "", {}});
    }
    const bool ours = error.category() == http::make_error_code(http::error::bad_method).category();
    if (!ours || error == http::error::end_of_stream || error == http::error::partial_message) {
      return Gone(error);
    }
    RefuseBody(BadRequest(Concat("request: not well-formed HTTP/1.1, ", error.message())));
  }

  std::string_view Buffered() const {
    const auto data = buffer_.cdata();
    return {static_cast<const char*>(data.data()), data.size()};
  }

  void RefuseHeader() {
    const bool line_ended = !parser_->get().target().empty();
    RefuseBody(line_ended ? HttpError{431,
                                      "header_too_large",
                                      Concat("header: at most ", limits::kMaxHeaderBytes,
                                             " bytes are taken"),
                                      {}}
                          : HttpError{414,
                                      "uri_too_long",
                                      Concat("request line: at most ", limits::kMaxRequestLineBytes,
                                             " bytes are taken"),
                                      {}});
  }

  void RefuseBody(const HttpError& error) {
    const std::string id = request_ ? request_->request_id : std::string();
    request_.reset();
    Send(parts_.service->Refuse(error, id), KeepAlive::kNo);
  }

  enum class KeepAlive { kNo, kYes };

  void Send(HttpResponse response, KeepAlive keep_alive) {
    body_hold_.Release();
    parser_.reset();
    const auto bytes = static_cast<int64_t>(response.body.size());
    if (bytes > limits::kSmallMessageBytes && !answer_hold_.Take(*parts_.budget, bytes)) {
      response = parts_.service->Refuse(Overloaded(), "");
    }
    const bool stay = keep_alive == KeepAlive::kYes && !parts_.sessions->finishing();
    out_ = SerializeResponse(
        response, {.keep_alive = stay, .head_only = head_only_, .date = HttpDate(clock_.Now())});
    SetTimeout(parts_.options->send_timeout_ms);
    asio::async_write(stream_, asio::buffer(out_),
                      [self = shared_from_this(), stay](error_code error, size_t) {
                        self->OnSent(error, stay ? KeepAlive::kYes : KeepAlive::kNo);
                      });
  }

  void OnSent(error_code error, KeepAlive keep_alive) {
    answer_hold_.Release();
    out_ = std::string();
    if (error) return Gone(error);
    head_only_ = false;
    if (keep_alive == KeepAlive::kYes) return WaitForRequest(parts_.options->idle_timeout_ms);
    Linger();
  }

  // Closing while the client still sends would reset the connection, and with it the answer that
  // is on its way (RFC 9112, 9.6): say that nothing more comes, and read on for a while.
  void Linger() {
    error_code error;
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    if (error) return;
    buffer_.clear();
    stream_.expires_after(kLinger);
    Discard();
  }

  void Discard() {
    stream_.async_read_some(asio::buffer(discard_),
                            [self = shared_from_this()](error_code error, size_t bytes) {
                              self->discarded_ += static_cast<int64_t>(bytes);
                              if (!error && self->discarded_ < limits::kMaxDiscardedBytes)
                                self->Discard();
                            });
  }

  // The connection ends when nobody waits for it any more.
  void Gone(error_code error) {
    if (error == beast::error::timeout) parts_.metrics->ConnectionTimedOut();
  }

  const SessionParts parts_;
  const SystemClock clock_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<AcceptedRequest> request_;
  bool waiting_ = false;    // for the first byte of a request
  bool head_only_ = false;  // the request was HEAD
  ByteHold body_hold_;
  ByteHold answer_hold_;
  std::string out_;
  std::array<char, 4096> discard_;
  int64_t discarded_ = 0;
};

}  // namespace

void StartSession(asio::io_context& io, int socket, SocketFamily family,
                  const SessionParts& parts) {
  tcp::socket adopted(asio::make_strand(io));
  error_code error;
  adopted.assign(family == SocketFamily::kV6 ? tcp::v6() : tcp::v4(), socket, error);
  if (error) {
    ::close(socket);
    return;
  }
  adopted.set_option(tcp::no_delay(true), error);  // an answer is one write; nothing to gather
  const auto session = std::make_shared<HttpSession>(std::move(adopted), parts);
  parts.sessions->Add(session);
  session->Start();
}

}  // namespace burgeon
