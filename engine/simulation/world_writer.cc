#include "engine/simulation/world_writer.h"

#include <algorithm>

#include "engine/simulation/attribute_rows.h"
#include "engine/simulation/job_file.h"
#include "engine/simulation/row_encoder.h"
#include "engine/simulation/world_block.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr std::string_view kDefectHeader = "kind,file,row,id,field,truth,planted\n";
constexpr int64_t kParquetRows = 1 << 17;  // of a file of events

// A file that grows; synced when it is closed.
class Growing {
 public:
  absl::Status Open(FileSystem& files, const std::string& path, std::string_view header) {
    BURGEON_ASSIGN_OR_RETURN(file_, files.OpenForWrite(path));
    return file_->Append(header);
  }
  absl::Status Append(std::string_view bytes) { return file_->Append(bytes); }
  absl::Status Close() {
    BURGEON_RETURN_IF_ERROR(file_->Sync());
    return file_->Close();
  }

 private:
  std::unique_ptr<WritableFile> file_;
};

std::string EventHeader() {
  std::string header;
  for (size_t c = 0; c < kEventColumns; ++c) {
    header += Concat(c == 0 ? "" : ",", EventColumnName(c));
  }
  return header + "\n";
}

std::string Padded(size_t number) {
  std::string digits = Concat(number);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return digits;
}

class WorldFiles {
 public:
  WorldFiles(FileSystem& files, const World& world, std::string folder, WorldReport* report)
      : files_(files), world_(world), folder_(std::move(folder)), report_(*report) {}

  absl::Status Open();
  absl::Status Add(const WorldBlock& block);
  absl::Status Close();

 private:
  std::string PathOf(std::string_view name) const { return JoinPath(folder_, name); }
  absl::Status AddDefects(const std::vector<PlantedDefect>& defects, std::string_view file,
                          int64_t rows_before);
  absl::Status AddParquetRows(const std::vector<EventRow>& rows);
  absl::Status FlushParquet();
  absl::Status WriteItems();

  FileSystem& files_;
  const World& world_;
  std::string folder_;
  WorldReport& report_;
  Growing events_, customers_, partner_, broker_;
  Growing truth_customers_, truth_ids_, truth_feedback_, truth_defects_;
  std::vector<EventRow> pending_;  // of Parquet
  int64_t customer_rows_ = 0;
};

absl::Status WorldFiles::Open() {
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(PathOf("truth")));
  const WorldFormat format = world_.config().format;
  if (format != WorldFormat::kParquet) {
    const bool csv = format == WorldFormat::kCsv;
    report_.event_files.push_back(csv ? "events.csv" : "events.jsonl");
    BURGEON_RETURN_IF_ERROR(
        events_.Open(files_, PathOf(report_.event_files[0]), csv ? EventHeader() : ""));
  }
  BURGEON_RETURN_IF_ERROR(customers_.Open(files_, PathOf("customers.csv"), kCustomerHeader));
  BURGEON_RETURN_IF_ERROR(partner_.Open(files_, PathOf("partner_customers.csv"), kPartnerHeader));
  BURGEON_RETURN_IF_ERROR(broker_.Open(files_, PathOf("broker_customers.csv"), kBrokerHeader));
  BURGEON_RETURN_IF_ERROR(
      truth_customers_.Open(files_, PathOf("truth/customers.csv"), kTruthCustomerHeader));
  BURGEON_RETURN_IF_ERROR(truth_ids_.Open(files_, PathOf("truth/ids.csv"), kTruthIdHeader));
  BURGEON_RETURN_IF_ERROR(
      truth_feedback_.Open(files_, PathOf("truth/feedback.csv"), kTruthFeedbackHeader));
  return truth_defects_.Open(files_, PathOf("truth/defects.csv"), kDefectHeader);
}

absl::Status WorldFiles::AddDefects(const std::vector<PlantedDefect>& defects,
                                    std::string_view file, int64_t rows_before) {
  std::string text;
  for (const PlantedDefect& defect : defects) {
    const std::string kind(DefectKindName(defect.kind));
    ++report_.defects[kind];
    const std::vector<std::string> fields = {
        kind,          std::string(file), defect.row == 0 ? "" : Concat(rows_before + defect.row),
        defect.id,     defect.field,      defect.truth,
        defect.planted};
    AppendCsvRow(fields, &text);
  }
  return truth_defects_.Append(text);
}

absl::Status WorldFiles::Add(const WorldBlock& block) {
  const bool parquet = world_.config().format == WorldFormat::kParquet;
  BURGEON_RETURN_IF_ERROR(
      AddDefects(block.event_defects, parquet ? "events" : report_.event_files[0], report_.events));
  BURGEON_RETURN_IF_ERROR(AddDefects(block.customer_defects, "customers.csv", customer_rows_));
  report_.events += block.event_rows;
  customer_rows_ += block.customer_rows;
  for (size_t t = 0; t < kEventTypes; ++t) {
    if (block.by_type[t] == 0) continue;
    report_.events_by_type[std::string(EventTypeName(static_cast<EventType>(t)))] +=
        block.by_type[t];
  }
  if (parquet) {
    BURGEON_RETURN_IF_ERROR(AddParquetRows(block.rows));
  } else {
    report_.bytes += static_cast<int64_t>(block.events.size());
    BURGEON_RETURN_IF_ERROR(events_.Append(block.events));
  }
  BURGEON_RETURN_IF_ERROR(customers_.Append(block.customers));
  BURGEON_RETURN_IF_ERROR(partner_.Append(block.partner));
  BURGEON_RETURN_IF_ERROR(broker_.Append(block.broker));
  BURGEON_RETURN_IF_ERROR(truth_customers_.Append(block.truth_customers));
  BURGEON_RETURN_IF_ERROR(truth_ids_.Append(block.truth_ids));
  return truth_feedback_.Append(block.truth_feedback);
}

absl::Status WorldFiles::AddParquetRows(const std::vector<EventRow>& rows) {
  for (const EventRow& row : rows) {
    pending_.push_back(row);
    if (static_cast<int64_t>(pending_.size()) == kParquetRows) {
      BURGEON_RETURN_IF_ERROR(FlushParquet());
    }
  }
  return absl::OkStatus();
}

absl::Status WorldFiles::FlushParquet() {
  Table table;
  table.rows = static_cast<int64_t>(pending_.size());
  for (size_t c = 0; c < kEventColumns; ++c) {
    Column column{.name = std::string(EventColumnName(c)), .type = ColumnType::kString};
    for (EventRow& row : pending_) {
      column.nulls.push_back(row[c].empty() ? 1 : 0);
      column.strings.push_back(std::move(row[c]));
    }
    table.columns.push_back(std::move(column));
  }
  pending_.clear();
  const std::string name = Concat("events-", Padded(report_.event_files.size()), ".parquet");
  report_.event_files.push_back(name);
  BURGEON_RETURN_IF_ERROR(WriteParquet(files_, PathOf(name), table));
  BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(PathOf(name)));
  report_.bytes += file->size();
  return absl::OkStatus();
}

absl::Status WorldFiles::WriteItems() {
  const Catalogue& catalogue = world_.catalogue();
  Growing items;
  Growing truth;
  BURGEON_RETURN_IF_ERROR(items.Open(files_, PathOf("items.csv"), kItemHeader));
  std::string header = "id,category,style,rank,popularity,quality,price_euro";
  for (int k = 0; k < kTasteDims; ++k) header += Concat(",taste_", k);
  BURGEON_RETURN_IF_ERROR(truth.Open(files_, PathOf("truth/items.csv"), header + "\n"));
  for (uint32_t i = 0; i < static_cast<uint32_t>(catalogue.size()); ++i) {
    const Item& item = catalogue.item(i);
    std::string row;
    AppendCsvRow(ItemFields(world_.config(), catalogue, i), &row);
    BURGEON_RETURN_IF_ERROR(items.Append(row));
    row = Concat(Catalogue::ItemId(i), ",", CategoryOf(item.category()).name, ",",
                 StyleName(item.style()), ",", item.rank, ",", catalogue.popularity(i), ",",
                 item.quality, ",", item.price_cents / 100.0);
    for (const double x : catalogue.cell_taste(item.cell)) row += Concat(",", x);
    BURGEON_RETURN_IF_ERROR(truth.Append(row + "\n"));
  }
  BURGEON_RETURN_IF_ERROR(items.Close());
  return truth.Close();
}

absl::Status WorldFiles::Close() {
  if (world_.config().format == WorldFormat::kParquet) {
    if (!pending_.empty()) BURGEON_RETURN_IF_ERROR(FlushParquet());
  } else {
    BURGEON_RETURN_IF_ERROR(events_.Close());
  }
  for (Growing* file : {&customers_, &partner_, &broker_, &truth_customers_, &truth_ids_,
                        &truth_feedback_, &truth_defects_}) {
    BURGEON_RETURN_IF_ERROR(file->Close());
  }
  BURGEON_RETURN_IF_ERROR(WriteItems());
  const WorldConfig& config = world_.config();
  std::string aggregates(kAggregateHeader);
  for (const auto& row : AggregateRows(config)) AppendCsvRow(row, &aggregates);
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files_, PathOf("region_aggregates.csv"), aggregates));
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files_, PathOf("rates.csv"), RatesFile(config)));
  // Last: a folder with a job.yaml is whole.
  return WriteFileAtomically(files_, PathOf("job.yaml"), JobFile(config, report_.event_files));
}

}  // namespace

absl::StatusOr<WorldReport> WriteWorld(FileSystem& files, ThreadPool& pool,
                                       const WorldConfig& config,
                                       const std::vector<Defect>& defects,
                                       const std::string& folder, ProgressStyle progress_style) {
  BURGEON_RETURN_IF_ERROR(CheckWorldConfig(config));
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> there, files.List(folder));
  if (!there.empty()) {
    return AlreadyExists(folder, ": has files in it, such as '", Printable(there[0]),
                         "'; wanted a new or empty folder");
  }
  const World world(config);
  const DefectPlanter planter(config, defects);
  WorldReport report;
  report.customers = config.customers;
  report.items = config.items;
  WorldFiles out(files, world, folder, &report);
  BURGEON_RETURN_IF_ERROR(out.Open());
  const int64_t blocks = (config.customers + kBlockCustomers - 1) / kBlockCustomers;
  const int64_t wave = 2 * pool.threads();
  Progress progress("simulate", config.customers, "customers", progress_style);
  for (int64_t first = 0; first < blocks; first += wave) {
    const int64_t count = std::min(wave, blocks - first);
    std::vector<WorldBlock> made(static_cast<size_t>(count));
    pool.ParallelFor(count, 1, [&](int64_t begin, int64_t) {
      const int64_t customer = (first + begin) * kBlockCustomers;
      made[static_cast<size_t>(begin)] = MakeBlock(
          world, planter, customer, std::min(customer + kBlockCustomers, config.customers));
    });
    for (const WorldBlock& block : made) BURGEON_RETURN_IF_ERROR(out.Add(block));
    progress.Add(std::min(count * kBlockCustomers, config.customers - first * kBlockCustomers));
  }
  progress.Finish();
  BURGEON_RETURN_IF_ERROR(out.Close());
  return report;
}

}  // namespace burgeon
