// Rules that make sense without any configuration, from what the mapping of a source says.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_BUILTIN_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_BUILTIN_H_

#include <string>
#include <vector>

#include "engine/events/event_store.h"
#include "engine/events/mapping.h"
#include "engine/governance/quality_checks.h"

namespace burgeon {

// Of the rows of a source's file. `mapped`: rows carry events or problems (a source of events).
std::vector<BuiltinRule> BuiltinFileRules(const SourceConfig& source, const QualityOptions& options,
                                          const TestContext& context);
// Of stored events.
std::vector<BuiltinRule> BuiltinStoreRules(const QualityOptions& options,
                                           const TestContext& context);

// What was found about the whole rather than about rows, as results of rules:
// hours without events, and how long ago the last event was.
void AddRhythmResults(const QualityOptions& options, TimeMicros now, QualityReport* report);
// Rows that could not be taken apart.
void AddUnreadableResult(int64_t bad_rows, const std::string& note, QualityReport* report);
// Drift; `prefix` and `what` tell one comparison from another ("ingest_2_", "ingest 2 after 1").
void AddDriftResults(const std::vector<Drift>& drift, const std::string& prefix,
                     const std::string& what, QualityReport* report);
// The counters of the ingests.
void AddManifestResults(const EventManifest& manifest, QualityReport* report);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_BUILTIN_H_
