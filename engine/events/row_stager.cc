#include "engine/events/row_stager.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/events/cleaning_log.h"
#include "engine/events/event_store.h"
#include "engine/events/quarantine.h"
#include "engine/events/staged_attribute.h"
#include "engine/events/staged_record.h"

namespace burgeon {
namespace {

constexpr std::string_view kLinkedId = "linked_id";

// Whether a change is the customer's own, so that it is told with the customer.
bool IsOfCustomer(std::string_view field) {
  return field == "customer" || field.starts_with("customer_attributes.") ||
         field == "properties.linked_id";
}

bool IsAnId(std::string_view field) {
  return field == "customer" || field == "properties.linked_id";
}

}  // namespace

struct RowStager::Work {
  StagedPiece piece;
  BucketSorter events{kNoCustomerBucket + 1};
  BucketSorter customers{kEventBuckets};
  BucketSorter items{kEventBuckets};
  BucketSorter aggregates{kEventBuckets};
  ChangeCollector changes;
  MappedRow mapped;
  FieldProblem problem;
  StringMap<std::unique_ptr<const std::string>> pseudonyms;  // of the piece, by id
};

int64_t StagedPiece::bytes() const {
  size_t bytes = 0;
  for (const BucketedRecords* records : {&events, &customers, &items, &aggregates, &changes}) {
    bytes += records->bytes.size();
  }
  return static_cast<int64_t>(bytes);
}

RowStager::RowStager(const SourceConfig& source, const ColumnIndex& columns, Pseudonymise pseudonym,
                     TimeMicros ingested_at)
    : source_(source),
      column_names_(columns.names),
      pseudonym_(std::move(pseudonym)),
      ingested_at_(ingested_at) {}

absl::StatusOr<RowStager> RowStager::Make(const SourceConfig& source, const ColumnIndex& columns,
                                          Pseudonymise pseudonym, TimeMicros ingested_at,
                                          std::shared_ptr<const CurrencyRates> rates) {
  RowStager out(source, columns, std::move(pseudonym), ingested_at);
  if (source.kind != SourceKind::kEvents) {
    BURGEON_RETURN_IF_ERROR(out.BindAttributeTable(columns));
    return out;
  }
  BURGEON_ASSIGN_OR_RETURN(out.mapper_, RowMapper::Bind(source, columns, std::move(rates)));
  out.unmapped_ = UnmappedDigest(columns, out.mapper_.used_columns());
  return out;
}

absl::Status RowStager::BindAttributeTable(const ColumnIndex& columns) {
  const AttributeMapping& map = source_.attributes;
  BURGEON_ASSIGN_OR_RETURN(id_, BoundField::Bind("id", map.id, source_.null_values, columns));
  if (map.time) {
    BURGEON_ASSIGN_OR_RETURN(
        time_, BoundField::Bind("time", map.time->source, source_.null_values, columns));
  }
  for (const auto& [name, field] : map.attributes) {
    BURGEON_ASSIGN_OR_RETURN(BoundField bound,
                             BoundField::Bind(name, field, source_.null_values, columns));
    attributes_.push_back(std::move(bound));
    const bool group = source_.kind == SourceKind::kAggregates;
    attribute_names_.push_back(group ? Concat(map.key, "/", name) : name);
  }
  return absl::OkStatus();
}

std::string_view RowStager::StoredId(std::string_view id, Work* work) const {
  if (!pseudonym_ || id.empty()) return id;
  auto found = work->pseudonyms.find(id);
  if (found == work->pseudonyms.end()) {
    auto stored = std::make_unique<const std::string>(pseudonym_(id));
    found = work->pseudonyms.emplace(std::string(id), std::move(stored)).first;
  }
  return *found->second;
}

const BoundField& RowStager::CustomerField() const {
  static const BoundField kNone;
  if (source_.kind == SourceKind::kEvents) return mapper_.customer();
  return source_.kind == SourceKind::kCustomers ? id_ : kNone;
}

void RowStager::AddBad(const TextBatch& batch, int64_t row, const FieldProblem& problem,
                       Work* work) const {
  std::optional<Concealed> concealed;
  if (const auto column = CustomerField().column(); (pseudonym_ || erased_) && column) {
    // The id as it would be stored, where it can be read at all.
    std::string id;
    FieldProblem unused;
    if (CustomerField().Read(batch, row, &id, &unused) == Presence::kBad) {
      id = std::string(batch.columns[*column].value(row));
    }
    const std::string_view stored = StoredId(id, work);
    if (erased_ && erased_(stored)) {
      ++work->piece.erased_dropped;
      return;
    }
    if (pseudonym_) concealed = Concealed{*column, std::string(stored)};
  }
  work->piece.bad.push_back({batch.lines[static_cast<size_t>(row)],
                             Concat(problem.field, ": wanted ", problem.wanted),
                             QuarantineLine(batch, row, column_names_, problem, concealed)});
}

void RowStager::AddUnreadable(const BadRow& bad, Work* work) const {
  work->piece.bad.push_back(
      {bad.line, Concat("row: ", bad.reason), QuarantineLine(bad, /*keep_raw=*/!pseudonym_)});
}

bool RowStager::NamesAnErased(const MappedRow& mapped, Work* work) const {
  if (!mapped.event.customer_id.empty() && erased_(mapped.event.customer_id)) return true;
  if (mapped.event.type != EventType::kIdLink) return false;
  const auto linked = mapped.properties.find(std::string(kLinkedId));
  return linked != mapped.properties.end() && erased_(StoredId(linked->second, work));
}

void RowStager::StageEvent(const TextBatch& batch, int64_t row, Work* work) const {
  MappedRow& mapped = work->mapped;
  switch (mapper_.Map(batch, row, &mapped, &work->problem)) {
    case RowOutcome::kIgnored:
      ++work->piece.ignored;
      return;
    case RowOutcome::kBad:
      AddBad(batch, row, work->problem, work);
      return;
    case RowOutcome::kEvent:
      break;
  }
  EventView& event = mapped.event;
  event.line = batch.lines[static_cast<size_t>(row)];
  event.unmapped = unmapped_.Of(batch, row);
  event.customer_id = StoredId(event.customer_id, work);
  if (erased_ && NamesAnErased(mapped, work)) {
    ++work->piece.erased_dropped;
    return;
  }
  if (pseudonym_ && event.type == EventType::kIdLink) {
    std::string& linked = mapped.properties[std::string(kLinkedId)];
    linked = std::string(StoredId(linked, work));
    mapped.EncodeOwnProperties();
  }
  work->piece.fields |= AppendRecord(event, work->events.bytes());
  work->events.Done(BucketOf(event.customer_id));
  if (!mapped.customer_attributes.empty() || !mapped.item_attributes.empty()) {
    StageMappedAttributes(event.line, work);
  }
  if (!mapped.changes.empty()) StageChanges(event.line, work);
}

void RowStager::StageMappedAttributes(int64_t line, Work* work) const {
  const MappedRow& mapped = work->mapped;
  const EventView& event = mapped.event;
  const auto stage = [&](std::string_view id, const auto& values, const auto& names,
                         BucketSorter* to) {
    for (const auto& [index, value] : values) {
      AppendAttribute(id, names[index].first, value, event.event_time, event.known_at, line,
                      to->bytes());
      to->Done(AttributeBucketOf(id));
    }
  };
  const EventMapping& map = source_.events;
  stage(event.customer_id, mapped.customer_attributes, map.customer_attributes, &work->customers);
  stage(event.item_id, mapped.item_attributes, map.item_attributes, &work->items);
}

void RowStager::StageChanges(int64_t line, Work* work) const {
  for (FieldChange& change : work->mapped.changes) {
    const bool own = IsOfCustomer(change.field);
    if (pseudonym_ && IsAnId(change.field)) {
      change.before.clear();
      change.after.clear();
    }
    work->changes.Add(own ? work->mapped.event.customer_id : std::string_view(), change, line);
  }
}

bool RowStager::AttributeTime(const TextBatch& batch, int64_t row, TimeMicros* time,
                              FieldProblem* problem) const {
  *time = ingested_at_;
  if (!time_.bound()) return true;
  std::string text;
  if (time_.Read(batch, row, &text, problem) == Presence::kBad) return false;
  const TimeFormat& format = source_.attributes.time->format;
  const auto parsed = format.Parse(TrimAscii(text));
  if (parsed) *time = *parsed;
  if (!parsed) *problem = time_.Problem(batch, row, format.Wanted());
  return parsed.has_value();
}

void RowStager::StageAttributes(const TextBatch& batch, int64_t row, Work* work) const {
  FieldProblem& problem = work->problem;
  std::vector<FieldChange>& changes = work->mapped.changes;
  changes.clear();
  FieldScratch id_scratch, scratch;
  if (source_.log_changes) id_scratch.changes = scratch.changes = &changes;
  std::string_view id;
  if (id_.Read(batch, row, &id, &id_scratch, &problem) == Presence::kBad) {
    return AddBad(batch, row, problem, work);
  }
  if (const std::string_view wanted = ProblemOfId(id); !wanted.empty()) {
    return AddBad(batch, row, id_.Problem(batch, row, std::string(wanted)), work);
  }
  const bool customers = source_.kind == SourceKind::kCustomers;
  for (FieldChange& change : changes) change.field = customers ? "customer" : "id";
  TimeMicros time = 0;
  if (!AttributeTime(batch, row, &time, &problem)) return AddBad(batch, row, problem, work);
  std::vector<std::pair<size_t, std::string>> values;
  for (size_t i = 0; i < attributes_.size(); ++i) {
    const size_t before = changes.size();
    std::string_view text;
    const Presence presence = attributes_[i].Read(batch, row, &text, &scratch, &problem);
    if (presence == Presence::kBad) return AddBad(batch, row, problem, work);
    if (presence == Presence::kPresent) values.emplace_back(i, text);
    for (size_t c = before; c < changes.size(); ++c) {
      changes[c].field =
          Concat(customers ? "customer_attributes." : "attributes.", attribute_names_[i]);
    }
  }
  if (customers) id = StoredId(id, work);
  if (customers && erased_ && erased_(id)) {
    ++work->piece.erased_dropped;
    return;
  }
  BucketSorter* to = customers                                 ? &work->customers
                     : source_.kind == SourceKind::kAggregates ? &work->aggregates
                                                               : &work->items;
  const int64_t line = batch.lines[static_cast<size_t>(row)];
  for (const auto& [index, value] : values) {
    AppendAttribute(id, attribute_names_[index], value, time, time, line, to->bytes());
    to->Done(AttributeBucketOf(id));
  }
  ++work->piece.attribute_rows;
  work->mapped.event.customer_id = id;
  if (!changes.empty()) StageChanges(line, work);
}

StagedPiece RowStager::Stage(const TextBatch& batch) const {
  Work work;
  for (const BadRow& bad : batch.bad_rows) AddUnreadable(bad, &work);
  const int64_t rows = batch.rows();
  work.events.Expect(rows);
  for (int64_t row = 0; row < rows; ++row) {
    if (source_.kind == SourceKind::kEvents) {
      StageEvent(batch, row, &work);
    } else {
      StageAttributes(batch, row, &work);
    }
  }
  StagedPiece& piece = work.piece;
  piece.source_bytes = batch.source_bytes;
  piece.rows = rows + static_cast<int64_t>(batch.bad_rows.size());
  std::stable_sort(piece.bad.begin(), piece.bad.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  piece.events = work.events.Take();
  piece.customers = work.customers.Take();
  piece.items = work.items.Take();
  piece.aggregates = work.aggregates.Take();
  piece.values_cleaned = work.changes.values();
  BucketSorter changes(kNoCustomerBucket + 1);
  work.changes.Take(&changes);
  piece.changes = changes.Take();
  return std::move(piece);
}

}  // namespace burgeon
