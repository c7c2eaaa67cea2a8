// Removes the events that are older than privacy.retention allows, with a receipt. What was built
// from them (snapshots, candidates, releases) stays until the next training and the end of its own
// life; the receipt names it.
#ifndef BURGEON_ENGINE_ERASURE_RETENTION_SWEEP_H_
#define BURGEON_ENGINE_ERASURE_RETENTION_SWEEP_H_

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/erasure/receipt.h"
#include "engine/governance/retention.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

// Events that are over at `now`, by type; reads the whole store and changes nothing.
absl::StatusOr<std::map<std::string, int64_t>> CountOverdue(FileSystem& files, ThreadPool& pool,
                                                            const Workspace& workspace,
                                                            const RetentionPolicy& policy,
                                                            TimeMicros now);

// Removes them. The receipt; without an id when there was nothing to remove. The caller holds the
// workspace's lock. After a crash the store is as before or as after; doing it again completes it.
absl::StatusOr<Receipt> SweepRetention(FileSystem& files, ThreadPool& pool,
                                       const Workspace& workspace, const Clock& clock,
                                       const RetentionPolicy& policy, TimeMicros now);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_RETENTION_SWEEP_H_
