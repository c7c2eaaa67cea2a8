// Small simulated worlds for property tests: any subset of their persons as files, ingested into a
// store on any file system, and read back for comparison.
//
//   const SimWorld world = TinyWorld(seed, /*customers=*/12);
//   BURGEON_CHECK(IngestWorld(files, pool, world, world.persons(), "w").ok());
//
// How many rounds a property runs: BURGEON_PROPERTY_ROUNDS when it is set (long runs), else the
// test's own number, which takes seconds. Seeds: tests/support/test_seed.h.
#ifndef BURGEON_TESTS_SUPPORT_SIM_WORLD_H_
#define BURGEON_TESTS_SUPPORT_SIM_WORLD_H_

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest.h"
#include "engine/events/mapping.h"
#include "engine/simulation/attribute_rows.h"
#include "engine/simulation/event_row.h"
#include "engine/simulation/history.h"
#include "engine/simulation/job_file.h"
#include "engine/simulation/person_ids.h"
#include "engine/simulation/row_encoder.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

inline int PropertyRounds(int usual) {
  const char* const given = std::getenv("BURGEON_PROPERTY_ROUNDS");
  const auto rounds = given == nullptr ? std::nullopt : ParseInt64(given);
  return rounds && *rounds > 0 ? static_cast<int>(*rounds) : usual;
}

class SimWorld {
 public:
  explicit SimWorld(const WorldConfig& config) : world_(std::make_unique<World>(config)) {
    histories_.resize(static_cast<size_t>(config.customers));
    for (size_t p = 0; p < histories_.size(); ++p) world_->MakeHistory(p, &histories_[p]);
  }

  const World& world() const { return *world_; }
  const WorldConfig& config() const { return world_->config(); }
  const PersonHistory& history(uint64_t person) const { return histories_[person]; }
  std::vector<uint64_t> persons() const {
    std::vector<uint64_t> all(histories_.size());
    std::iota(all.begin(), all.end(), uint64_t{0});
    return all;
  }
  // Every id of a person, and the address and phone that attributes hold.
  std::vector<std::string> NamesOf(uint64_t person) const {
    std::vector<std::string> names = {EmailOf(person),
                                      AttributesOf(config(), histories_[person].person).phone};
    for (const UsedId& used : histories_[person].ids) {
      names.push_back(PersonId(config().seed, person, used.slot));
    }
    return names;
  }

  static std::string EventHeader() {
    std::string header;
    for (size_t c = 0; c < kEventColumns; ++c) {
      header += Concat(c == 0 ? "" : ",", EventColumnName(c));
    }
    return header + "\n";
  }
  // One line a row of events, of these persons; the order is theirs.
  std::vector<std::string> EventLines(const std::vector<uint64_t>& persons) const {
    std::vector<std::string> lines;
    for (const uint64_t person : persons) {
      EventRowMaker maker(*world_);
      maker.Add(histories_[person]);
      EventRow row;
      for (const SimEvent& event : histories_[person].events) {
        maker.Make(event, &row);
        AppendCsvRow(row, &lines.emplace_back());
      }
    }
    return lines;
  }
  std::string CustomerFile(const std::vector<uint64_t>& persons) const {
    std::string text(kCustomerHeader);
    for (const uint64_t person : persons) {
      for (const auto& row : CustomerRows(config(), histories_[person].person)) {
        AppendCsvRow(row, &text);
      }
    }
    return text;
  }
  std::string BrokerFile(const std::vector<uint64_t>& persons) const {
    std::string text(kBrokerHeader);
    for (const uint64_t person : persons) {
      AppendCsvRow(BrokerRow(config(), histories_[person].person), &text);
    }
    return text;
  }
  std::string ItemFile() const {
    std::string text(kItemHeader);
    for (uint32_t i = 0; i < static_cast<uint32_t>(world_->catalogue().size()); ++i) {
      AppendCsvRow(ItemFields(config(), world_->catalogue(), i), &text);
    }
    return text;
  }

 private:
  std::unique_ptr<World> world_;
  std::vector<PersonHistory> histories_;
};

inline SimWorld TinyWorld(uint64_t seed, int64_t customers) {
  WorldConfig config;
  config.customers = customers;
  config.items = 25;
  config.days = 60;
  config.events_per_customer = 25;
  config.consent_change_per_year = 12;
  config.seed = seed;
  return SimWorld(config);
}

// The sources of the world's job.yaml, by name.
inline SourceConfig SimSource(const SimWorld& world, std::string_view name) {
  auto config = Config::Parse(JobFile(world.config(), {"events.csv"}), "world/job.yaml");
  BURGEON_CHECK(config.ok());
  for (const ConfigNode& node : config->root().Children("sources")) {
    SourceConfig source = ParseSourceConfig(node);
    if (source.currency) source.currency->rates = "world/rates.csv";  // a text has no folder
    if (source.name == name) return source;
  }
  BURGEON_CHECK(false);
  return {};
}

inline constexpr TimeMicros kSimIngestTime = TimeMicros{1'735'689'600} * kMicrosPerSecond;  // 2025

// Writes `text` to `path` and ingests it.
inline absl::StatusOr<IngestRecord> IngestText(FileSystem& files, ThreadPool& pool,
                                               const SourceConfig& source, const std::string& path,
                                               const std::string& text,
                                               const std::string& store_folder) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(ParentOf(path)));
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files, path, text));
  IngestOptions options;
  options.input = path;
  options.source = source;
  options.store_folder = store_folder;
  return Ingest(files, pool, FixedClock(kSimIngestTime), options);
}

// The files that every ingest of the world needs.
inline absl::Status WriteRates(FileSystem& files, const SimWorld& world) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories("world"));
  return WriteFileAtomically(files, "world/rates.csv", RatesFile(world.config()));
}

inline std::string Joined(const std::string& header, const std::vector<std::string>& lines) {
  std::string text = header;
  for (const std::string& line : lines) text += line;
  return text;
}

// Items, events, and attributes of the first and the third party, of these persons.
inline absl::Status IngestWorld(FileSystem& files, ThreadPool& pool, const SimWorld& world,
                                const std::vector<uint64_t>& persons, const Workspace& workspace) {
  BURGEON_RETURN_IF_ERROR(WriteRates(files, world));
  const std::pair<const char*, std::string> sources[] = {
      {"items", world.ItemFile()},
      {"world", Joined(SimWorld::EventHeader(), world.EventLines(persons))},
      {"crm", world.CustomerFile(persons)},
      {"broker", world.BrokerFile(persons)}};
  for (const auto& [name, text] : sources) {
    BURGEON_RETURN_IF_ERROR(IngestText(files, pool, SimSource(world, name),
                                       Concat("world/", name, ".csv"), text, workspace.events())
                                .status());
  }
  return absl::OkStatus();
}

// Every event of a store as one comparable text, sorted; without what says how it came in (ingest,
// line, time of reading).
inline absl::StatusOr<std::vector<std::string>> EventTexts(const EventStore& store) {
  std::vector<std::string> texts;
  for (int bucket = 0; bucket <= kNoCustomerBucket; ++bucket) {
    BURGEON_RETURN_IF_ERROR(store.ReadBucket(bucket, [&](const Event& e) {
      std::string text =
          Concat(e.customer_id, "|", e.event_id, "|", EventTypeName(e.type), "|", e.item_id, "|",
                 e.event_time, "|", e.known_at, "|", e.quantity, "|", e.value_micros.value_or(-1),
                 "|", e.currency, "|", e.session_id, "|", e.channel, "|", e.source);
      for (const auto& [name, value] : e.properties) text += Concat("|", name, "=", value);
      texts.push_back(std::move(text));
    }));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

// Attribute values of customers likewise.
inline absl::StatusOr<std::vector<std::string>> AttributeTexts(const EventStore& store) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<AttributeValue> values,
                           store.ReadCustomerAttributes());
  std::vector<std::string> texts;
  for (const AttributeValue& v : values) {
    texts.push_back(Concat(v.id, "|", v.name, "|", v.value, "|", v.event_time, "|", v.source));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_SIM_WORLD_H_
