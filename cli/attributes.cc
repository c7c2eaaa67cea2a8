// burgeon attributes: a table of customers and what is believed of them, for those who consent to
// export.
#include <map>

#include "cli/job_config.h"
#include "cli/pipeline.h"
#include "cli/verb.h"
#include "engine/dataset/as_of.h"
#include "engine/dataset/customer_attributes.h"
#include "engine/release/overlay.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct AttributesFlags {
  std::string as_of;  // "": as the job says
  std::string out;
  std::string provenance;
  std::string conflicts;
};

// One row a customer, one column a name; empty where nothing is known.
Table WideTable(const AttributeTable& attributes) {
  std::map<std::string, size_t> columns;
  for (const ResolvedAttribute& value : attributes.values) columns.emplace(value.name, 0);
  Table table;
  table.rows = std::ssize(attributes.customers);
  table.columns.resize(1);
  table.columns[0].name = "customer_id";
  table.columns[0].strings = attributes.customers;
  for (auto& [name, place] : columns) {
    place = table.columns.size();
    Column& column = table.columns.emplace_back();
    column.name = name;
    column.strings.resize(attributes.customers.size());
    column.nulls.assign(attributes.customers.size(), 1);
  }
  size_t row = 0;
  for (const ResolvedAttribute& value : attributes.values) {
    while (attributes.customers[row] != value.customer) ++row;
    Column& column = table.columns[columns.find(value.name)->second];
    column.strings[row] = value.believed.value;
    column.nulls[row] = 0;
  }
  return table;
}

// Fills a table a row at a time.
class LongTable {
 public:
  explicit LongTable(const std::vector<Column>& columns) { table_.columns = columns; }
  Column& operator[](size_t i) { return table_.columns[i]; }
  void Value(size_t column, std::string_view text) {
    table_.columns[column].strings.emplace_back(text);
  }
  void Value(size_t column, int64_t number) { table_.columns[column].ints.push_back(number); }
  // value, source, party, trust, since, known_at
  void Source(size_t column, const SourceValue& value) {
    Value(column, value.value);
    Value(column + 1, value.source);
    Value(column + 2, PartyName(value.party));
    Value(column + 3, value.trust);
    Value(column + 4, value.event_time);
    Value(column + 5, value.known_at);
  }
  void EndRow() { ++table_.rows; }
  const Table& table() const { return table_; }

 private:
  Table table_;
};

std::vector<Column> SourceColumns(const std::string& prefix) {
  return {{.name = prefix + "value"},
          {.name = prefix + "source"},
          {.name = prefix + "party"},
          {.name = prefix + "trust", .type = ColumnType::kInt64},
          {.name = prefix + "since", .type = ColumnType::kTimestamp},
          {.name = prefix + "known_at", .type = ColumnType::kTimestamp}};
}

Table ProvenanceTable(const AttributeTable& attributes) {
  std::vector<Column> columns = {{.name = "customer_id"}, {.name = "attribute"}};
  for (Column& column : SourceColumns("")) columns.push_back(std::move(column));
  columns.push_back({.name = "stated_of"});
  columns.push_back({.name = "ingest", .type = ColumnType::kInt64});
  columns.push_back({.name = "group_key"});
  columns.push_back({.name = "overruled", .type = ColumnType::kInt64});
  LongTable table(columns);
  for (const ResolvedAttribute& value : attributes.values) {
    table.Value(0, value.customer);
    table.Value(1, value.name);
    table.Source(2, value.believed);
    table.Value(8, value.believed.stored_id);
    table.Value(9, value.believed.ingest);
    table.Value(10, value.group_key);
    table.Value(11, std::ssize(value.overruled));
    table.EndRow();
  }
  return table.table();
}

Table ConflictTable(const AttributeTable& attributes) {
  std::vector<Column> columns = {{.name = "customer_id"}, {.name = "attribute"}};
  for (Column& column : SourceColumns("")) columns.push_back(std::move(column));
  for (Column& column : SourceColumns("overruled_")) columns.push_back(std::move(column));
  LongTable table(columns);
  for (const ResolvedAttribute& value : attributes.values) {
    for (const SourceValue& overruled : value.overruled) {
      table.Value(0, value.customer);
      table.Value(1, value.name);
      table.Source(2, value.believed);
      table.Source(8, overruled);
      table.EndRow();
    }
  }
  return table.table();
}

absl::Status Write(Session& session, std::string_view what, const std::string& path,
                   const Table& table) {
  BURGEON_RETURN_IF_ERROR(WriteTable(session.files(), path, table));
  session.Say(Concat("  ", what, ": ", path, ", ", table.rows, " rows"));
  return absl::OkStatus();
}

absl::StatusOr<AttributeTable> Build(Session& session, const AttributesFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  AsOf as_of = job.as_of;
  if (!flags.as_of.empty()) {
    BURGEON_ASSIGN_OR_RETURN(as_of, AsOf::FromText(flags.as_of));
  }
  const StoreEventSource source(store);
  BURGEON_ASSIGN_OR_RETURN(const SourceFacts facts, ReadFacts(session.pool(), source));
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = job.snapshot_options(Purpose::kExport);
  BURGEON_ASSIGN_OR_RETURN(options.as_of, as_of.In(store.manifest()));
  options.overrides = &overlay.customers;
  return BuildAttributeTable(facts, AttributeSources::Of(store.manifest()), options);
}

absl::Status RunAttributes(Session& session, const AttributesFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const AttributeTable attributes, Build(session, flags));
  session.Say(Concat("attributes as known at ", FormatTime(attributes.as_of), ": ",
                     attributes.customers.size(), " customers, ", attributes.values.size(),
                     " values, ", attributes.conflicts, " conflicts; ",
                     attributes.customers_refused, " customers without consent to export"));
  for (const auto& [name, count] : attributes.conflicts_by_name) {
    session.Say(Concat("  conflicts of ", Printable(name), ": ", count));
  }
  BURGEON_RETURN_IF_ERROR(Write(session, "table", flags.out, WideTable(attributes)));
  if (!flags.provenance.empty()) {
    BURGEON_RETURN_IF_ERROR(
        Write(session, "provenance", flags.provenance, ProvenanceTable(attributes)));
  }
  if (!flags.conflicts.empty()) {
    BURGEON_RETURN_IF_ERROR(
        Write(session, "conflicts", flags.conflicts, ConflictTable(attributes)));
  }
  session.Result({{"as_of", FormatTime(attributes.as_of)},
                  {"customers", attributes.customers.size()},
                  {"customers_refused", attributes.customers_refused},
                  {"values", attributes.values.size()},
                  {"conflicts", attributes.conflicts},
                  {"conflicts_by_attribute", attributes.conflicts_by_name}});
  return absl::OkStatus();
}

}  // namespace

void AddAttributesVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb =
      app.add_subcommand("attributes", "A table of customers and what is believed of them");
  auto flags = std::make_shared<AttributesFlags>();
  verb->add_option("--as-of", flags->as_of,
                   "latest, watermark, or a time; dataset.as_of of the job without it");
  verb->add_option("--out", flags->out, "One row a customer (.csv or .parquet)")->required();
  verb->add_option("--provenance", flags->provenance,
                   "Where every value comes from, one row a value (.csv or .parquet)");
  verb->add_option("--conflicts", flags->conflicts,
                   "What sources said and were overruled in (.csv or .parquet)");
  verb->footer(
      "Only customers who consent to `export`. Of several sources the more trusted is believed,\n"
      "then the later; figures about groups are joined by the attribute they are stated of.\n"
      "Example:\n  burgeon attributes --config job.yaml --workspace W --out attributes.csv");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunAttributes(s, *flags); }; });
}

}  // namespace burgeon
