// The HTTP/1.1 server: JSON questions to the current release of a workspace (docs/http-api.md).
//
//   ServeOptions options;
//   options.port = 8080;
//   WorkspaceReleaseSource source(RealFileSystem(), workspace, context);
//   return Serve(options, source, pool, [](int port) { std::cerr << port << "\n"; });
//
// Blocks until SIGTERM, SIGINT (with options.handle_signals) or `stop`. Then it takes no more
// connections, finishes the requests under way within options.grace_ms, and returns OK.
#ifndef BURGEON_SERVING_SERVER_H_
#define BURGEON_SERVING_SERVER_H_

#include <functional>
#include <stop_token>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "serving/handlers.h"
#include "serving/release_source.h"
#include "serving/serve_options.h"

namespace burgeon {

// `on_listening` is told the real port once connections are taken; it may be empty. Errors:
// options as CheckServeOptions says; the token file as ReadTokenFile says; kUnavailable when the
// address and port cannot be had; whatever loading the first release gives (kNotFound for none is
// not an error with options.wait_for_release). Nothing listens before the first release is loaded.
absl::Status Serve(const ServeOptions& options, ReleaseSource& source, ThreadPool& pool,
                   const std::function<void(int port)>& on_listening,
                   const std::stop_token& stop = {});

// The same with other answers than those of AnswerQuery.
absl::Status ServeQueries(const ServeOptions& options, ReleaseSource& source, ThreadPool& pool,
                          QueryFunction query, const std::function<void(int port)>& on_listening,
                          const std::stop_token& stop = {});

}  // namespace burgeon

#endif  // BURGEON_SERVING_SERVER_H_
