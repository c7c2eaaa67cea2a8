// Snapshots of events in memory, for tests of the data set room.
#ifndef BURGEON_TESTS_SUPPORT_MEMORY_SNAPSHOT_H_
#define BURGEON_TESTS_SUPPORT_MEMORY_SNAPSHOT_H_

#include <gtest/gtest.h>

#include <utility>

#include "engine/dataset/snapshot.h"
#include "tests/support/memory_events.h"

namespace burgeon {

// As known at a time; who said nothing consents.
inline SnapshotOptions At(TimeMicros as_of) {
  SnapshotOptions options;
  options.as_of = as_of;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  return options;
}

// A test that cannot build it fails and ends.
inline Snapshot Build(const MemoryEvents& events, const SnapshotOptions& options, int threads = 1) {
  ThreadPool pool(threads);
  const auto log = EventLog::Read(pool, events);
  EXPECT_TRUE(log.ok()) << log.status();
  auto snapshot = BuildSnapshot(pool, *log, options);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *std::move(snapshot);
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_MEMORY_SNAPSHOT_H_
