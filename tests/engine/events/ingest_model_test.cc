// Ingest against a model of it in memory: several files of several sources, with duplicates, ids of
// the client's, replacements and events that come late, for any threads and memory.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "engine/events/event_manifest.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

uint64_t TestSeed() {
  const char* text = std::getenv("BURGEON_TEST_SEED");
  return text == nullptr ? 20261122 : std::strtoull(text, nullptr, 10);
}

constexpr char kFields[] = R"(
  fields:
    customer: {column: customer}
    item: {column: item}
    time: {column: time, format: unix_seconds}
    type: {column: type}
    value: {column: price}
    currency: {constant: EUR}
    event_id: {column: id}
)";

struct Row {
  std::string customer, item, type, price, extra, id;
  int64_t seconds = 0;

  // What two rows without an id are compared by.
  auto Content() const { return std::tie(customer, item, type, price, extra, seconds); }
  std::string Csv() const {
    return Concat(customer, ",", item, ",", seconds, ",", type, ",", price, ",", extra, ",", id,
                  "\n");
  }
};

struct Stored {
  Row row;
  std::string source;
  int64_t ingest = 0;
  int64_t line = 0;
};

struct Step {
  std::string source;
  Duplicates duplicates = Duplicates::kDrop;
  int64_t lateness = 0;
  int64_t replace = 0;  // number of an ingest
  std::vector<Row> rows;
};

// What ingest is to do, in the plainest way.
class Model {
 public:
  IngestCounters Take(const Step& step, int64_t number) {
    IngestCounters out;
    out.rows_read = static_cast<int64_t>(step.rows.size());
    if (step.replace != 0) {
      out.events_replaced = static_cast<int64_t>(
          std::erase_if(stored, [&](const Stored& s) { return s.ingest == step.replace; }));
    }
    std::map<std::pair<int, std::string>, std::pair<Row, bool>> ids;  // row, whether of the file
    std::vector<const Row*> before;
    for (const Stored& s : stored) {
      if (s.source != step.source) continue;
      if (!s.row.id.empty()) ids[{BucketOf(s.row.customer), s.row.id}] = {s.row, false};
    }
    std::vector<Stored> added;
    const TimeMicros old_watermark = watermark;
    for (size_t i = 0; i < step.rows.size(); ++i) {
      const Row& row = step.rows[i];
      if (!row.id.empty()) {
        const auto [found, is_new] =
            ids.try_emplace({BucketOf(row.customer), row.id}, std::pair(row, true));
        if (!is_new) {
          auto& [known, of_file] = found->second;
          ++(of_file ? out.duplicates_in_file : out.already_stored);
          if (known.Content() != row.Content()) ++out.event_id_conflicts;
          of_file = true;
          continue;
        }
      } else {
        const auto same = [&](const Row& other) {
          return other.id.empty() && other.Content() == row.Content();
        };
        const auto earlier =
            std::count_if(step.rows.begin(), step.rows.begin() + static_cast<ptrdiff_t>(i), same);
        const auto known = std::count_if(stored.begin(), stored.end(), [&](const Stored& s) {
          return s.source == step.source && same(s.row);
        });
        if (earlier > 0 && step.duplicates == Duplicates::kDrop) {
          ++out.duplicates_in_file;
          continue;
        }
        if (earlier > 0) ++out.duplicates_kept;
        if (earlier < known) {
          ++out.already_stored;
          continue;
        }
      }
      ++(row.customer.empty() ? out.events_without_customer : out.events_added);
      ++out.events_by_type[row.type];
      const TimeMicros time = row.seconds * kMicrosPerSecond;
      if (time < old_watermark) ++out.late_events;
      watermark = std::max(watermark, time - step.lateness * kMicrosPerSecond);
      added.push_back({row, step.source, number, static_cast<int64_t>(i) + 2});
    }
    stored.insert(stored.end(), added.begin(), added.end());
    return out;
  }

  std::vector<std::string> Events() const {
    std::vector<Stored> sorted = stored;
    std::sort(sorted.begin(), sorted.end(), [](const Stored& a, const Stored& b) {
      const auto key = [](const Stored& s) {
        return std::tuple(BucketOf(s.row.customer), s.row.customer, s.row.seconds, s.ingest,
                          s.line);
      };
      return key(a) < key(b);
    });
    std::vector<std::string> out;
    for (const Stored& s : sorted) {
      out.push_back(Concat(s.row.customer, "|", s.row.item, "|", s.row.type, "|", s.row.seconds,
                           "|", s.row.price, "|", s.row.id, "|", s.source, "|", s.ingest, "|",
                           s.line));
    }
    return out;
  }

  std::vector<Stored> stored;
  TimeMicros watermark = 0;
};

class IngestModelTest : public IngestTest {
 protected:
  std::mt19937_64 random_{TestSeed()};
  size_t Below(size_t n) { return random_() % n; }

  Row RandomRow(const std::string& item, bool ids) {
    Row row;
    row.customer = Below(3) == 0 ? "" : Concat("c", Below(4));
    row.item = Concat(item, Below(2));
    row.type = Below(2) == 0 ? "view" : "purchase";
    row.price = Concat(1 + Below(2));
    row.extra = Below(4) == 0 ? "x" : "";
    row.seconds = 1'300'000'000 + static_cast<int64_t>(Below(12));
    if (ids && Below(3) > 0) row.id = Concat("e", Below(60));
    return row;
  }

  std::vector<Step> RandomWorld() {
    // Long ids of items make the rows too many for the least memory.
    const std::string item(Below(3) == 0 ? 500 : 3, 'i');
    std::vector<Step> steps(2 + Below(10));
    std::vector<int64_t> replaced;
    for (size_t i = 0; i < steps.size(); ++i) {
      Step& step = steps[i];
      step.source = Below(3) == 0 ? "b" : "a";
      step.duplicates = Below(2) == 0 ? Duplicates::kKeep : Duplicates::kDrop;
      step.lateness = static_cast<int64_t>(Below(5));
      const bool ids = Below(3) == 0;
      if (i > 0 && Below(3) == 0) step.rows = steps[Below(i)].rows;  // a file that comes again
      const size_t more = item.size() > 3 ? 2500 : Below(200);
      for (size_t r = 0; r < more; ++r) step.rows.push_back(RandomRow(item, ids));
      for (size_t other = 0; other < i && Below(4) == 0; ++other) {
        const auto number = static_cast<int64_t>(other) + 1;
        if (steps[other].source != step.source) continue;
        if (std::find(replaced.begin(), replaced.end(), number) != replaced.end()) continue;
        replaced.push_back(number);
        step.replace = number;
        break;
      }
    }
    return steps;
  }

  // Runs all steps, and gives the counters of each.
  std::vector<IngestCounters> Run(FaultFileSystem& files, const std::vector<Step>& steps,
                                  int threads, int64_t memory_limit_mib) {
    ThreadPool pool(threads);
    std::vector<std::string> ids;
    std::vector<IngestCounters> out;
    for (size_t i = 0; i < steps.size(); ++i) {
      std::string text = "customer,item,time,type,price,extra,id\n";
      for (const Row& row : steps[i].rows) text += row.Csv();
      WriteInput(files, "in.csv", text);
      IngestOptions options;
      options.input = "in.csv";
      options.source = ParseSource(kFields);
      options.source.name = steps[i].source;
      options.source.duplicates = steps[i].duplicates;
      options.source.lateness_seconds = steps[i].lateness;
      options.source.memory_limit_mib = memory_limit_mib;
      options.store_folder = "w/events";
      if (steps[i].replace != 0) options.replace = ids[static_cast<size_t>(steps[i].replace) - 1];
      const auto record = Ingest(files, pool, clock_, options);
      EXPECT_TRUE(record.ok()) << record.status();
      if (!record.ok()) return out;
      EXPECT_EQ(record->number, static_cast<int64_t>(i) + 1);
      ids.push_back(record->ingest_id);
      out.push_back(record->counters);
    }
    return out;
  }

  static std::vector<std::string> Texts(FaultFileSystem& files) {
    std::vector<std::string> out;
    for (const Event& e : EventsOf(files)) {
      out.push_back(Concat(e.customer_id, "|", e.item_id, "|", EventTypeName(e.type), "|",
                           e.event_time / kMicrosPerSecond, "|",
                           e.value_micros.value_or(-1) / 1'000'000, "|", e.event_id, "|", e.source,
                           "|", e.ingest, "|", e.line));
    }
    return out;
  }
};

TEST_F(IngestModelTest, EveryWorldIsAsTheModelSays) {
  RecordProperty("seed", Concat(TestSeed()));
  bool spilled = false;
  for (int world = 0; world < 25; ++world) {
    SCOPED_TRACE(Concat("seed ", TestSeed(), ", world ", world));
    const std::vector<Step> steps = RandomWorld();
    FaultFileSystem files;
    const auto counters = Run(files, steps, 1, 512);
    ASSERT_EQ(counters.size(), steps.size());
    Model model;
    for (size_t i = 0; i < steps.size(); ++i) {
      EXPECT_EQ(counters[i], model.Take(steps[i], static_cast<int64_t>(i) + 1)) << "step " << i;
    }
    ASSERT_EQ(Texts(files), model.Events());
    const auto store = EventStore::Open(files, "w/events");
    ASSERT_TRUE(store.ok());
    EXPECT_EQ(store->manifest().watermark, model.watermark);

    // The manifest holds the SHA-256 of every part.
    const std::string manifest = "w/events/" + ManifestName(static_cast<int64_t>(steps.size()));
    for (const auto& [threads, memory] : {std::pair(2, 512), std::pair(1, 1), std::pair(8, 1)}) {
      FaultFileSystem other;
      Run(other, steps, threads, memory);
      ASSERT_FALSE(files.Content(manifest).empty());
      ASSERT_EQ(other.Content(manifest), files.Content(manifest))
          << threads << " threads, " << memory << " MiB";
      const auto log = other.log();
      spilled |= std::any_of(log.begin(), log.end(), [](const std::string& step) {
        return step.find("sort-256-1") != std::string::npos;
      });
    }
  }
  EXPECT_TRUE(spilled) << "no bucket was sorted in runs";
}

}  // namespace
}  // namespace burgeon
