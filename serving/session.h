// One connection: reads a request, has it answered, writes the answer, and again while it is kept
// alive. Pipelined requests are answered in order, one at a time. Every wait for the client has a
// time-out; a client that is too slow is cut off.
#ifndef BURGEON_SERVING_SESSION_H_
#define BURGEON_SERVING_SESSION_H_

#include "serving/byte_budget.h"
#include "serving/http_service.h"
#include "serving/metrics.h"
#include "serving/serve_options.h"
#include "serving/session_list.h"

namespace boost::asio {
class io_context;
}

namespace burgeon {

// All outlive every session.
struct SessionParts {
  const ServeOptions* options = nullptr;
  HttpService* service = nullptr;
  Metrics* metrics = nullptr;
  SessionList* sessions = nullptr;
  ByteBudget* budget = nullptr;
};

enum class SocketFamily { kV4, kV6 };

// Takes over a connected socket. The session is owned by what it waits for.
void StartSession(boost::asio::io_context& io, int socket, SocketFamily family,
                  const SessionParts& parts);

}  // namespace burgeon

#endif  // BURGEON_SERVING_SESSION_H_
