// CheckStore of quality.h: the events of a store, and what its manifest says of the ingests.
#include <algorithm>
#include <map>
#include <utility>

#include "engine/governance/quality.h"
#include "engine/governance/quality_builtin.h"
#include "engine/governance/quality_checks.h"
#include "engine/governance/quality_text.h"

namespace burgeon {
namespace {

enum StoreColumn : size_t {
  kCustomer,
  kItem,
  kType,
  kEventTime,
  kKnownAt,
  kQuantity,
  kValue,
  kCurrency,
  kSession,
  kChannel,
  kSource,
  kIngest,
  kFirstProperty,
};
constexpr std::string_view kPropertyPrefix = "properties.";

std::vector<ExpressionColumn> ColumnsOf(const QualityOptions& options) {
  std::vector<ExpressionColumn> columns = {
      {"customer", ExpressionType::kText}, {"item", ExpressionType::kText},
      {"type", ExpressionType::kText},     {"event_time", ExpressionType::kTime},
      {"known_at", ExpressionType::kTime}, {"quantity", ExpressionType::kNumber},
      {"value", ExpressionType::kNumber},  {"currency", ExpressionType::kText},
      {"session", ExpressionType::kText},  {"channel", ExpressionType::kText},
      {"source", ExpressionType::kText},   {"ingest", ExpressionType::kNumber},
  };
  for (const auto& [name, type] : options.columns) {
    if (name.starts_with(kPropertyPrefix)) columns.push_back({name, type});
  }
  return columns;
}

class StoreRow : public QualityRow {
 public:
  explicit StoreRow(const std::vector<ExpressionColumn>& columns) : columns_(columns) {
    for (size_t i = kFirstProperty; i < columns.size(); ++i) {
      properties_.push_back(columns[i].name.substr(kPropertyPrefix.size()));
    }
  }
  void Point(const Event& event) {
    event_ = &event;
    facts_ = FactsOf(event);
  }

  std::optional<std::string_view> Text(size_t column, std::string* buffer) const override {
    const auto made = [&](std::string text) -> std::optional<std::string_view> {
      *buffer = std::move(text);
      return *buffer;
    };
    switch (column) {
      case kCustomer:
        return Present(event_->customer_id);
      case kItem:
        return Present(event_->item_id);
      case kType:
        return EventTypeName(event_->type);
      case kEventTime:
        return made(FormatTime(event_->event_time));
      case kKnownAt:
        return made(FormatTime(event_->known_at));
      case kQuantity:
        return made(Concat(event_->quantity));
      case kValue:
        if (!event_->value_micros) return std::nullopt;
        return made(Concat(Money()));
      case kCurrency:
        return Present(event_->currency);
      case kSession:
        return Present(event_->session_id);
      case kChannel:
        return Present(event_->channel);
      case kSource:
        return Present(event_->source);
      case kIngest:
        return made(Concat(event_->ingest));
      default: {
        const auto found = event_->properties.find(properties_[column - kFirstProperty]);
        return found == event_->properties.end() ? std::nullopt : Present(found->second);
      }
    }
  }

  ExpressionValue Column(size_t column) const override {
    switch (column) {
      case kEventTime:
        return ExpressionValue::Time(event_->event_time);
      case kKnownAt:
        return ExpressionValue::Time(event_->known_at);
      case kQuantity:
        return ExpressionValue::Number(event_->quantity);
      case kValue:
        return event_->value_micros ? ExpressionValue::Number(Money()) : ExpressionValue::Null();
      case kIngest:
        return ExpressionValue::Number(static_cast<double>(event_->ingest));
      default:
        break;
    }
    const auto text = Text(column, &text_);
    if (!text) return ExpressionValue::Null();
    switch (columns_[column].type) {
      case ExpressionType::kNumber: {
        const auto number = ParseDouble(*text);
        return number ? ExpressionValue::Number(*number) : ExpressionValue::Null();
      }
      case ExpressionType::kTime: {
        const auto time = ParseTimeLiteral(*text);
        return time ? ExpressionValue::Time(*time) : ExpressionValue::Null();
      }
      case ExpressionType::kBool:
        if (*text != "true" && *text != "false") return ExpressionValue::Null();
        return ExpressionValue::Bool(*text == "true");
      default:
        return ExpressionValue::Text(*text);
    }
  }
  const EventFacts* event() const override { return &facts_; }
  const FieldProblem* problem() const override { return nullptr; }

 private:
  static std::optional<std::string_view> Present(std::string_view text) {
    return TrimAscii(text).empty() ? std::nullopt : std::optional(text);
  }
  double Money() const { return static_cast<double>(*event_->value_micros) / 1e6; }

  const std::vector<ExpressionColumn>& columns_;
  std::vector<std::string> properties_;
  const Event* event_ = nullptr;
  EventFacts facts_;
  mutable std::string text_;
};

// The profile of each ingest.
class IngestProfiles {
 public:
  IngestProfiles(const std::vector<ExpressionColumn>& columns, const std::vector<bool>& personal)
      : columns_(columns), personal_(personal) {}

  void Add(const Event& event, const QualityRow& row) {
    QualityProfile& profile = profiles_[{event.source, event.ingest}];
    if (profile.rows++ == 0) profile.first_event = profile.last_event = event.event_time;
    profile.first_event = std::min(profile.first_event, event.event_time);
    profile.last_event = std::max(profile.last_event, event.event_time);
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i == kSource || i == kIngest) continue;  // differ by nature
      ColumnProfile& column = profile.columns[columns_[i].name];
      column.type = columns_[i].type;
      const auto text = row.Text(i, &buffer_);
      if (!text) {
        column.AddNull();
      } else if (column.type == ExpressionType::kNumber) {
        const ExpressionValue value = row.Column(i);
        if (value.is_null()) {
          column.AddOther();
        } else {
          column.AddNumber(value.number);
        }
      } else if (column.type == ExpressionType::kText || column.type == ExpressionType::kBool) {
        ShapeOf(*text, &shape_);
        column.AddText(*text, shape_, personal_[i]);
      } else {
        column.AddOther();
      }
    }
  }

  // Each ingest against the one before it of its source.
  void Compare(const DriftLimits& limits, QualityReport* report) const {
    const QualityProfile* before = nullptr;
    std::pair<std::string, int64_t> before_key;
    for (const auto& [key, profile] : profiles_) {
      if (before != nullptr && before_key.first == key.first) {
        AddDriftResults(
            CompareProfiles(*before, profile, limits), Concat("ingest_", key.second, "_"),
            Concat(key.first, ", ingest ", key.second, " after ", before_key.second), report);
      }
      before = &profile;
      before_key = key;
    }
  }

 private:
  const std::vector<ExpressionColumn>& columns_;
  const std::vector<bool>& personal_;
  std::map<std::pair<std::string, int64_t>, QualityProfile> profiles_;
  std::string buffer_;
  std::string shape_;
};

absl::Status ForEachEvent(const EventStore& store,
                          const std::function<absl::Status(const Event&)>& visit) {
  for (int bucket = 0; bucket <= kNoCustomerBucket; ++bucket) {
    absl::Status status;
    BURGEON_RETURN_IF_ERROR(store.ReadBucket(bucket, [&](const Event& event) {
      if (status.ok()) status = visit(event);
    }));
    BURGEON_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status ShowRows(const EventStore& store, StoreRow* row, QualityChecks* checks) {
  if (checks->last_shown() < 0) return absl::OkStatus();
  int64_t number = 0;
  return ForEachEvent(store, [&](const Event& event) {
    const int64_t at = number++;
    if (!checks->Wants(at)) return absl::OkStatus();
    row->Point(event);
    checks->Show(*row, {.number = at, .line = event.line, .ingest = event.ingest});
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<QualityReport> CheckStore(FileSystem& files, const EventStore& store,
                                         const QualityJob& job) {
  const std::vector<ExpressionColumn> columns = ColumnsOf(job.options);
  ChecksSetup setup;
  setup.context.columns = columns;
  setup.context.now = job.now;
  setup.context.files = &files;
  setup.context.spill_folder = job.spill_folder;
  setup.context.references = [&](const RuleReference& reference) {
    return LoadReference(files, reference, &store);
  };
  setup.rules = job.options.store_rules;
  int64_t groups = 1;
  for (const QualityRule& rule : setup.rules) groups += IsGroupRule(rule.kind) ? 1 : 0;
  setup.context.memory_bytes = (job.options.memory_limit_mib << 20) / groups;
  if (job.options.builtin_rules) setup.builtins = BuiltinStoreRules(job.options, setup.context);
  setup.personal.assign(columns.size(), false);
  for (size_t i = 0; i < columns.size(); ++i) {
    const auto& hidden = job.options.conceal;
    setup.personal[i] = i == kCustomer || columns[i].name == "properties.linked_id" ||
                        std::find(hidden.begin(), hidden.end(), columns[i].name) != hidden.end();
    // A stored customer id is a pseudonym already where there is a key.
    setup.concealed.push_back(setup.personal[i] && i != kCustomer);
  }
  setup.rows_shown = static_cast<size_t>(job.options.rows_shown);
  const std::vector<bool> personal = setup.personal;
  BURGEON_ASSIGN_OR_RETURN(const auto checks, QualityChecks::Make(std::move(setup)));

  StoreRow row(columns);
  IngestProfiles profiles(columns, personal);
  BURGEON_RETURN_IF_ERROR(ForEachEvent(store, [&](const Event& event) {
    row.Point(event);
    profiles.Add(event, row);
    return checks->Add(row);
  }));
  QualityReport report;
  report.source = "store";
  report.input = "the event store";
  report.checked_at = job.now;
  BURGEON_RETURN_IF_ERROR(checks->Finish(&report));
  BURGEON_RETURN_IF_ERROR(files.RemoveTree(job.spill_folder));
  BURGEON_RETURN_IF_ERROR(ShowRows(store, &row, checks.get()));
  checks->FinishShowing(&report);
  if (job.options.builtin_rules) {
    AddRhythmResults(job.options, job.now, &report);
    AddManifestResults(store.manifest(), &report);
    profiles.Compare(job.options.drift, &report);
  }
  Judge(job.options, &report);
  return report;
}

}  // namespace burgeon
