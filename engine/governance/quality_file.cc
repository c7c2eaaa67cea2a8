// CheckFile of quality.h: the rows of a source's file, as they stand in it.
#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/hash.h"
#include "engine/events/row_mapper.h"
#include "engine/governance/quality.h"
#include "engine/governance/quality_builtin.h"
#include "engine/governance/quality_checks.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr size_t kBadRowsNamed = 3;

// What the columns of a file are.
struct FileColumns {
  std::vector<ExpressionColumn> columns;
  std::vector<TimeFormat> formats;  // of times
  std::vector<bool> personal;
  std::vector<bool> concealed;
  StringSet null_values;
};

class FileRow : public QualityRow {
 public:
  explicit FileRow(const FileColumns& columns) : columns_(columns) {}

  void Point(const TextBatch& batch, int64_t row) {
    batch_ = &batch;
    row_ = row;
    event_ = nullptr;
    problem_ = nullptr;
  }
  void Is(const EventFacts* event, const FieldProblem* problem) {
    event_ = event;
    problem_ = problem;
  }

  std::optional<std::string_view> Text(size_t column, std::string*) const override {
    const TextColumn& values = batch_->columns[column];
    if (values.is_null(row_)) return std::nullopt;
    const std::string_view value = values.value(row_);
    const std::string_view trimmed = TrimAscii(value);
    if (trimmed.empty() || columns_.null_values.contains(trimmed)) return std::nullopt;
    return value;
  }

  ExpressionValue Column(size_t column) const override {
    const auto text = Text(column, nullptr);
    if (!text) return ExpressionValue::Null();
    switch (columns_.columns[column].type) {
      case ExpressionType::kNumber: {
        const auto number = ParseDouble(TrimAscii(*text));
        return number ? ExpressionValue::Number(*number) : ExpressionValue::Null();
      }
      case ExpressionType::kTime: {
        const auto time = columns_.formats[column].Parse(TrimAscii(*text));
        return time ? ExpressionValue::Time(*time) : ExpressionValue::Null();
      }
      case ExpressionType::kBool: {
        const std::string_view word = TrimAscii(*text);
        if (word == "true" || word == "1") return ExpressionValue::Bool(true);
        if (word == "false" || word == "0") return ExpressionValue::Bool(false);
        return ExpressionValue::Null();
      }
      default:
        return ExpressionValue::Text(*text);
    }
  }
  const EventFacts* event() const override { return event_; }
  const FieldProblem* problem() const override { return problem_; }

 private:
  const FileColumns& columns_;
  const TextBatch* batch_ = nullptr;
  int64_t row_ = 0;
  const EventFacts* event_ = nullptr;
  const FieldProblem* problem_ = nullptr;
};

// Types, formats and which columns are personal: from quality.columns, else from the mapping.
class ColumnFinder {
 public:
  ColumnFinder(const std::vector<std::string>& names, FileColumns* out) : out_(out) {
    for (size_t i = 0; i < names.size(); ++i) {
      positions_[names[i]] = i;
      out->columns.push_back({names[i], ExpressionType::kText});
    }
    out->formats.resize(names.size());
    out->personal.resize(names.size());
    out->concealed.resize(names.size());
  }

  void Number(const std::optional<FieldSource>& field) {
    // A transform may read what is no number as it stands.
    if (!field || !field->transforms.empty() || field->has_values) return;
    if (const auto at = Find(field->column); at) out_->columns[*at].type = ExpressionType::kNumber;
  }
  absl::Status Time(const TimeField& field) {
    const auto at = Find(field.source.column);
    if (!at) return absl::OkStatus();
    out_->columns[*at].type = ExpressionType::kTime;
    out_->formats[*at] = field.format;
    return absl::OkStatus();
  }
  void Personal(const std::string& column, bool conceal) {
    const auto at = Find(column);
    if (!at) return;
    out_->personal[*at] = true;
    out_->concealed[*at] = out_->concealed[*at] || conceal;
  }
  absl::Status Declared(const QualityOptions& options) {
    for (const auto& [column, type] : options.columns) {
      if (column.starts_with("properties.")) continue;  // of the store
      const auto at = Find(column);
      if (!at)
        return InvalidArgument("quality.columns: the file has no column '", Printable(column), "'");
      // A time of the mapping keeps its format.
      out_->columns[*at].type = type;
    }
    for (const std::string& column : options.conceal) {
      if (!Find(column)) {
        return InvalidArgument("quality.conceal: the file has no column '", Printable(column), "'");
      }
      Personal(column, true);
    }
    return absl::OkStatus();
  }

 private:
  std::optional<size_t> Find(const std::string& column) const {
    const auto found = positions_.find(column);
    return found == positions_.end() ? std::nullopt : std::optional(found->second);
  }
  FileColumns* const out_;
  std::map<std::string, size_t> positions_;
};

absl::StatusOr<FileColumns> DescribeColumns(const std::vector<std::string>& names,
                                            const SourceConfig& source, const QualityJob& job) {
  FileColumns out;
  out.null_values.insert(source.null_values.begin(), source.null_values.end());
  ColumnFinder finder(names, &out);
  const bool keyed = static_cast<bool>(job.pseudonym);
  if (source.kind == SourceKind::kEvents) {
    const EventMapping& map = source.events;
    finder.Number(map.quantity);
    finder.Number(map.value);
    finder.Number(map.unit_price);
    BURGEON_RETURN_IF_ERROR(finder.Time(map.time));
    if (map.known_at) BURGEON_RETURN_IF_ERROR(finder.Time(*map.known_at));
    if (map.customer) finder.Personal(map.customer->column, keyed);
    for (const auto& [name, column] : map.properties) {
      if (name == "linked_id") finder.Personal(column, keyed);
    }
    for (const auto& [name, field] : map.property_fields) {
      if (name == "linked_id") finder.Personal(field.column, keyed);
    }
  } else {
    if (source.kind == SourceKind::kCustomers) finder.Personal(source.attributes.id.column, keyed);
    if (source.attributes.time) BURGEON_RETURN_IF_ERROR(finder.Time(*source.attributes.time));
  }
  BURGEON_RETURN_IF_ERROR(finder.Declared(job.options));
  return out;
}

// A pass over the file: opens it, and gives every row with its event.
class FilePass {
 public:
  FilePass(FileSystem& files, const SourceConfig& source, const QualityJob& job)
      : files_(files), source_(source), job_(job) {}

  absl::Status Open() {
    BURGEON_ASSIGN_OR_RETURN(reader_, OpenTable(files_, job_.input, source_.read));
    next_ = 0;
    return absl::OkStatus();
  }
  const std::vector<std::string>& column_names() const { return reader_->column_names(); }
  int64_t total_bytes() const { return reader_->total_bytes(); }

  absl::Status Bind() {
    if (source_.kind != SourceKind::kEvents) return absl::OkStatus();
    BURGEON_ASSIGN_OR_RETURN(RowMapper mapper,
                             RowMapper::Bind(source_, ColumnIndex::Of(column_names(), job_.input)));
    mapper_.emplace(std::move(mapper));
    return absl::OkStatus();
  }

  // False at the end. The batch's rows are numbered from `first`.
  absl::StatusOr<bool> NextBatch() {
    first_ = next_;
    BURGEON_ASSIGN_OR_RETURN(batch_, reader_->Next());
    if (!batch_) return false;
    next_ += batch_->rows();
    return true;
  }
  const TextBatch& batch() const { return *batch_; }
  int64_t first() const { return first_; }

  void Point(int64_t row, FileRow* out) {
    out->Point(*batch_, row);
    if (!mapper_) return;
    switch (mapper_->Map(*batch_, row, &mapped_, &problem_)) {
      case RowOutcome::kEvent:
        facts_ = FactsOf(mapped_.event);
        out->Is(&facts_, nullptr);
        return;
      case RowOutcome::kBad:
        out->Is(nullptr, &problem_);
        return;
      case RowOutcome::kIgnored:
        return;
    }
  }

 private:
  FileSystem& files_;
  const SourceConfig& source_;
  const QualityJob& job_;
  std::unique_ptr<TableReader> reader_;
  std::optional<RowMapper> mapper_;
  std::optional<TextBatch> batch_;
  int64_t first_ = 0;
  int64_t next_ = 0;
  MappedRow mapped_;
  FieldProblem problem_;
  EventFacts facts_;
};

absl::StatusOr<ChecksSetup> SetUp(FileSystem& files, const SourceConfig& source,
                                  const QualityJob& job, const FileColumns& columns) {
  ChecksSetup setup;
  setup.context.columns = columns.columns;
  setup.context.now = job.now;
  setup.context.files = &files;
  setup.context.spill_folder = job.spill_folder;
  setup.context.references = [&files, &job](const RuleReference& reference) {
    return LoadReference(files, reference, job.store);
  };
  setup.rules = job.options.rules;
  int64_t groups = 8;  // built in
  for (const QualityRule& rule : setup.rules) groups += IsGroupRule(rule.kind) ? 1 : 0;
  setup.context.memory_bytes = (job.options.memory_limit_mib << 20) / groups;
  if (job.options.builtin_rules) {
    setup.builtins = BuiltinFileRules(source, job.options, setup.context);
  }
  setup.personal = columns.personal;
  setup.concealed = columns.concealed;
  setup.conceal = job.pseudonym;
  setup.rows_shown = static_cast<size_t>(job.options.rows_shown);
  return setup;
}

// The first pass; counts the rows that could not be taken apart.
absl::Status CountRows(FilePass& pass, const FileColumns& columns, const QualityJob& job,
                       QualityChecks* checks, int64_t* bad_rows, std::string* bad_note) {
  Progress progress("quality", pass.total_bytes(), "B", job.progress);
  FileRow row(columns);
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, pass.NextBatch());
    if (!more) break;
    for (const BadRow& bad : pass.batch().bad_rows) {
      if (++*bad_rows > static_cast<int64_t>(kBadRowsNamed)) continue;
      *bad_note +=
          Concat(bad_note->empty() ? "" : "; ", "line ", bad.line, ": ", Printable(bad.reason));
    }
    for (int64_t i = 0; i < pass.batch().rows(); ++i) {
      pass.Point(i, &row);
      BURGEON_RETURN_IF_ERROR(checks->Add(row));
    }
    progress.Add(pass.batch().source_bytes);
  }
  progress.Finish();
  return absl::OkStatus();
}

// The second pass, as far as the last row that is shown.
absl::Status FetchRows(FilePass& pass, const FileColumns& columns, QualityChecks* checks) {
  if (checks->last_shown() < 0) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(pass.Open());
  FileRow row(columns);
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, pass.NextBatch());
    if (!more) return absl::OkStatus();
    for (int64_t i = 0; i < pass.batch().rows(); ++i) {
      const int64_t number = pass.first() + i;
      if (number > checks->last_shown()) return absl::OkStatus();
      if (!checks->Wants(number)) continue;
      pass.Point(i, &row);
      checks->Show(
          row, {.number = number, .line = pass.batch().lines[static_cast<size_t>(i)], .ingest = 0});
    }
  }
}

}  // namespace

absl::StatusOr<QualityReport> CheckFile(FileSystem& files, const SourceConfig& source,
                                        const QualityJob& job) {
  FilePass pass(files, source, job);
  BURGEON_RETURN_IF_ERROR(pass.Open());
  BURGEON_RETURN_IF_ERROR(pass.Bind());
  BURGEON_ASSIGN_OR_RETURN(const FileColumns columns,
                           DescribeColumns(pass.column_names(), source, job));
  BURGEON_ASSIGN_OR_RETURN(ChecksSetup setup, SetUp(files, source, job, columns));
  BURGEON_ASSIGN_OR_RETURN(const auto checks, QualityChecks::Make(std::move(setup)));
  QualityReport report;
  report.source = source.name;
  report.input = job.input;
  report.checked_at = job.now;
  int64_t bad_rows = 0;
  std::string bad_note;
  BURGEON_RETURN_IF_ERROR(CountRows(pass, columns, job, checks.get(), &bad_rows, &bad_note));
  BURGEON_RETURN_IF_ERROR(checks->Finish(&report));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(job.spill_folder));
  BURGEON_RETURN_IF_ERROR(FetchRows(pass, columns, checks.get()));
  checks->FinishShowing(&report);
  report.profile.source = source.name;
  report.profile.input = job.input;
  if (job.options.builtin_rules) {
    AddUnreadableResult(bad_rows, bad_note, &report);
    if (source.kind == SourceKind::kEvents) AddRhythmResults(job.options, job.now, &report);
  }
  if (job.reference) {
    AddDriftResults(CompareProfiles(*job.reference, report.profile, job.options.drift), "",
                    Concat("against ", Printable(job.reference->input)), &report);
  }
  Judge(job.options, &report);
  return report;
}

}  // namespace burgeon
