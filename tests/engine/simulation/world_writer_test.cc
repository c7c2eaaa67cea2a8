#include "engine/simulation/world_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/events/time_format.h"
#include "engine/simulation/event_row.h"
#include "engine/simulation/history.h"
#include "engine/table/table.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

WorldConfig Small() {
  WorldConfig config;
  config.customers = 600;  // more than two blocks
  config.items = 80;
  config.days = 90;
  config.events_per_customer = 30;
  config.seed = 3;
  return config;
}

std::vector<Defect> AllDefects() {
  std::vector<Defect> defects;
  for (int k = 0; k < kDefectKinds; ++k) {
    Defect defect{.kind = static_cast<DefectKind>(k), .rate = 0.02};
    if (defect.kind == DefectKind::kGap) {
      defect.rate = 1;
      defect.from_day = 20;
      defect.to_day = 22;
    }
    if (defect.kind == DefectKind::kDrift) {
      defect.rate = 1;
      defect.from_day = 80;
      defect.factor = 3;
    }
    defects.push_back(defect);
  }
  return defects;
}

WorldReport Write(MemoryFileSystem& files, int threads, const WorldConfig& config,
                  const std::vector<Defect>& defects) {
  ThreadPool pool(threads);
  auto report = WriteWorld(files, pool, config, defects, "world", ProgressStyle::kSilent);
  EXPECT_TRUE(report.ok()) << MessageOf(report.status());
  return *report;
}

std::string Content(FileSystem& files, const std::string& path) {
  const auto content = ReadWholeFile(files, path, 1 << 30);
  EXPECT_TRUE(content.ok()) << MessageOf(content.status());
  return *content;
}

std::map<std::string, std::string> AllFiles(FileSystem& files) {
  std::map<std::string, std::string> all;
  for (const std::string folder : {"world", "world/truth"}) {
    const auto names = files.List(folder);
    EXPECT_TRUE(names.ok()) << MessageOf(names.status());
    for (const std::string& name : *names) {
      const std::string path = JoinPath(folder, name);
      if (path != "world/truth") all[path] = Content(files, path);
    }
  }
  return all;
}

// Rows of a table by column name; "" for a null.
std::vector<std::map<std::string, std::string>> Rows(FileSystem& files, const std::string& path) {
  std::vector<std::map<std::string, std::string>> rows;
  auto reader = OpenTable(files, path, {});
  EXPECT_TRUE(reader.ok()) << MessageOf(reader.status());
  for (;;) {
    const auto batch = (*reader)->Next();
    EXPECT_TRUE(batch.ok()) << MessageOf(batch.status());
    if (!batch.ok() || !*batch) return rows;
    EXPECT_TRUE((*batch)->bad_rows.empty());
    for (int64_t r = 0; r < (*batch)->rows(); ++r) {
      auto& row = rows.emplace_back();
      for (size_t c = 0; c < (*reader)->column_names().size(); ++c) {
        const TextColumn& column = (*batch)->columns[c];
        if (!column.is_null(r)) row[(*reader)->column_names()[c]] = column.value(r);
      }
    }
  }
}

TEST(WorldWriter, BytesAreTheSameForAnyNumberOfThreads) {
  for (const WorldFormat format :
       {WorldFormat::kCsv, WorldFormat::kJsonLines, WorldFormat::kParquet}) {
    WorldConfig config = Small();
    config.format = format;
    MemoryFileSystem one;
    Write(one, 1, config, AllDefects());
    const auto expected = AllFiles(one);
    EXPECT_GE(expected.size(), 13U);
    for (const int threads : {2, 8}) {
      MemoryFileSystem many;
      Write(many, threads, config, AllDefects());
      EXPECT_EQ(AllFiles(many), expected) << threads << " threads";
    }
  }
}

TEST(WorldWriter, AnotherSeedIsAnotherWorld) {
  MemoryFileSystem a;
  MemoryFileSystem b;
  WorldConfig config = Small();
  Write(a, 2, config, {});
  config.seed = 4;
  Write(b, 2, config, {});
  EXPECT_NE(Content(a, "world/events.csv"), Content(b, "world/events.csv"));
}

TEST(WorldWriter, FormatsHoldTheSameRows) {
  std::vector<std::vector<std::map<std::string, std::string>>> rows;
  for (const WorldFormat format :
       {WorldFormat::kCsv, WorldFormat::kJsonLines, WorldFormat::kParquet}) {
    WorldConfig config = Small();
    config.customers = 100;
    config.format = format;
    MemoryFileSystem files;
    const WorldReport report = Write(files, 2, config, {});
    ASSERT_EQ(report.event_files.size(), 1U);
    std::vector<std::map<std::string, std::string>> all;
    if (format == WorldFormat::kJsonLines) {
      // Its first object does not have every key: the columns are named.
      ReadOptions options;
      for (size_t c = 0; c < kEventColumns; ++c) options.columns.emplace_back(EventColumnName(c));
      auto reader = OpenTable(files, "world/events.jsonl", options);
      ASSERT_TRUE(reader.ok()) << MessageOf(reader.status());
      for (;;) {
        const auto batch = (*reader)->Next();
        ASSERT_TRUE(batch.ok()) << MessageOf(batch.status());
        if (!*batch) break;
        for (int64_t r = 0; r < (*batch)->rows(); ++r) {
          auto& row = all.emplace_back();
          for (size_t c = 0; c < kEventColumns; ++c) {
            if (!(*batch)->columns[c].is_null(r)) {
              row[options.columns[c]] = (*batch)->columns[c].value(r);
            }
          }
        }
      }
    } else {
      all = Rows(files, JoinPath("world", report.event_files[0]));
    }
    EXPECT_EQ(static_cast<int64_t>(all.size()), report.events);
    rows.push_back(std::move(all));
  }
  EXPECT_EQ(rows[0], rows[1]);
  EXPECT_EQ(rows[0], rows[2]);
}

TEST(WorldWriter, TruthAndTablesHaveARowForEverybody) {
  MemoryFileSystem files;
  const WorldConfig config = Small();
  const WorldReport report = Write(files, 2, config, {});
  EXPECT_EQ(Rows(files, "world/truth/customers.csv").size(), 600U);
  EXPECT_EQ(Rows(files, "world/truth/items.csv").size(), 80U);
  EXPECT_EQ(Rows(files, "world/items.csv").size(), 80U);
  EXPECT_EQ(Rows(files, "world/partner_customers.csv").size(), 600U);
  EXPECT_EQ(Rows(files, "world/broker_customers.csv").size(), 600U);
  EXPECT_GE(Rows(files, "world/customers.csv").size(), 600U);
  EXPECT_EQ(Rows(files, "world/truth/defects.csv").size(), 0U);
  EXPECT_EQ(Rows(files, "world/region_aggregates.csv").size(), 8U);

  std::set<std::string> ids;
  for (const auto& row : Rows(files, "world/truth/ids.csv")) {
    EXPECT_TRUE(ids.insert(row.at("id")).second) << row.at("id");
  }
  int64_t feedback = 0;
  for (const auto& row : Rows(files, "world/events.csv")) {
    EXPECT_TRUE(ids.contains(row.at("customer")));
    if (row.at("type") == "feedback") ++feedback;
  }
  EXPECT_EQ(static_cast<int64_t>(Rows(files, "world/truth/feedback.csv").size()), feedback);
  EXPECT_EQ(report.events_by_type.at("feedback"), feedback);
  EXPECT_THAT(Content(files, "world/job.yaml"), HasSubstr("events.csv"));
}

// Every planted defect is where truth/defects.csv says, and nothing else differs from the clean
// world.
TEST(WorldWriter, EveryPlantedDefectIsWrittenDownWhereItLies) {
  MemoryFileSystem clean;
  MemoryFileSystem sloppy;
  Write(clean, 2, Small(), {});
  const WorldReport report = Write(sloppy, 2, Small(), AllDefects());
  std::map<std::string, std::map<std::string, std::string>> before;
  for (const auto& row : Rows(clean, "world/events.csv")) before[row.at("event_id")] = row;
  const auto after = Rows(sloppy, "world/events.csv");
  const auto customers = Rows(sloppy, "world/customers.csv");
  std::map<std::string, int64_t> planted;
  std::set<std::string> touched;  // event ids
  size_t gone = 0;
  for (const auto& defect : Rows(sloppy, "world/truth/defects.csv")) {
    const std::string& kind = defect.at("kind");
    ++planted[kind];
    const std::string& id = defect.at("id");
    if (defect.at("file") == "customers.csv") {
      const auto row = static_cast<size_t>(*ParseInt64(defect.at("row")));
      EXPECT_EQ(customers.at(row - 1).at("id"), id);
      continue;
    }
    EXPECT_TRUE(touched.insert(id).second) << "two defects in " << id;
    if (kind == "gap") {
      ++gone;
      EXPECT_FALSE(defect.contains("row"));
      continue;
    }
    const auto& row = after.at(static_cast<size_t>(*ParseInt64(defect.at("row"))) - 1);
    if (kind == "near_duplicate") {
      EXPECT_EQ(row.at("event_id"), defect.at("planted"));
      continue;
    }
    EXPECT_EQ(row.at("event_id"), id);
    if (kind == "exact_duplicate") continue;
    const std::string& field = defect.at("field");
    EXPECT_EQ(before.at(id).at(field), defect.at("truth"));
    EXPECT_EQ(row.contains(field), defect.contains("planted"));
    if (defect.contains("planted")) {
      EXPECT_EQ(row.at(field), defect.at("planted"));
    }
    EXPECT_NE(row, before.at(id));
  }
  EXPECT_EQ(planted, report.defects);
  for (int k = 0; k < kDefectKinds; ++k) {
    const std::string kind(DefectKindName(static_cast<DefectKind>(k)));
    EXPECT_GT(planted[kind], 0) << kind;
  }
  const int64_t again = planted["exact_duplicate"] + planted["near_duplicate"];
  EXPECT_EQ(after.size(), before.size() + static_cast<size_t>(again) - gone);
  for (const auto& row : after) {
    if (touched.contains(row.at("event_id")) || row.at("event_id").ends_with("-again")) continue;
    EXPECT_EQ(row, before.at(row.at("event_id")));
  }
}

TEST(WorldWriter, RowsAndEventsSayTheSame) {
  WorldConfig config = Small();
  config.customers = 40;
  MemoryFileSystem files;
  Write(files, 2, config, {});
  const World world(config);
  EventRowMaker maker(world);
  std::map<std::string, Event> events;
  std::vector<PersonHistory> histories(40);
  for (uint64_t p = 0; p < 40; ++p) {
    world.MakeHistory(p, &histories[p]);
    maker.Add(histories[p]);
  }
  for (const PersonHistory& history : histories) {
    for (const SimEvent& event : history.events) {
      EventRow row;
      maker.Make(event, &row);
      const Event made = EventOfRow(event, row);
      events[made.event_id] = made;
    }
  }
  const auto rows = Rows(files, "world/events.csv");
  EXPECT_EQ(rows.size(), events.size());
  const TimeFormat times;
  for (const auto& row : rows) {
    const Event& event = events.at(row.at("event_id"));
    EXPECT_EQ(times.Parse(row.at("time")), event.event_time);
    EXPECT_EQ(times.Parse(row.at("known_at")), event.known_at);
    EXPECT_EQ(row.at("customer"), event.customer_id);
    EXPECT_EQ(row.at("type"), EventTypeName(event.type));
    EXPECT_EQ(row.contains("unit_price"), event.value_micros.has_value());
    if (event.value_micros) {
      EXPECT_NEAR(*ParseDouble(row.at("unit_price")) * *ParseDouble(row.at("quantity")) * 1e6,
                  static_cast<double>(*event.value_micros), 0.5);
    }
    if (row.contains("text")) {
      EXPECT_EQ(row.at("text"), event.properties.at("text"));
    }
  }
}

TEST(WorldWriter, RefusesAFolderWithFilesAndSizesOutOfRange) {
  MemoryFileSystem files;
  ThreadPool pool(1);
  ASSERT_TRUE(files.MakeDirectories("world").ok());
  ASSERT_TRUE(WriteFileAtomically(files, "world/mine.txt", "x").ok());
  const auto there = WriteWorld(files, pool, Small(), {}, "world", ProgressStyle::kSilent);
  EXPECT_EQ(there.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(MessageOf(there.status()), HasSubstr("mine.txt"));
  WorldConfig config = Small();
  config.customers = 0;
  const auto none = WriteWorld(files, pool, config, {}, "other", ProgressStyle::kSilent);
  EXPECT_EQ(none.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(none.status()), HasSubstr("customers: 0"));
}

}  // namespace
}  // namespace burgeon
