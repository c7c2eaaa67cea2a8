// Takes rows out of an event store for good: what erasure, retention and the replacement of an
// ingest have in common. Every part that holds such a row is written anew, a new manifest is
// committed, and the old files are removed. A crash leaves the store as before or as after; left
// files are removed by the next writer.
//
//   RewriteRules rules;
//   rules.customers = &erased;
//   BURGEON_ASSIGN_OR_RETURN(const RewriteReport report, RewriteStore(files, pool, folder, rules));
//
// The caller holds the workspace's lock.
#ifndef BURGEON_ENGINE_EVENTS_STORE_REWRITE_H_
#define BURGEON_ENGINE_EVENTS_STORE_REWRITE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/events/event_store.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct RewriteRules {
  // Stored ids: their events, their attribute values, and id links of others that name them.
  const StringSet* customers = nullptr;
  // An event it answers true for goes. Empty: none. Called from several threads.
  std::function<bool(const Event&)> drop;
  // Attribute values it answers true for go (of customers, items, aggregates). Empty: none.
  std::function<bool(const AttributeValue&)> drop_attribute;
};

struct RewriteReport {
  int64_t events_removed = 0;
  int64_t attribute_values_removed = 0;
  std::vector<std::string> files_removed;  // relative to the store: those written anew or emptied
  int64_t manifest_version = 0;            // of the store now; unchanged when nothing was removed
};

// kNotFound when there is no store; kDataLoss for a damaged part; nothing was changed then.
absl::StatusOr<RewriteReport> RewriteStore(FileSystem& files, ThreadPool& pool,
                                           const std::string& folder, const RewriteRules& rules);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_STORE_REWRITE_H_
