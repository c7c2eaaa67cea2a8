#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/events/event_part_columns.h"
#include "engine/events/event_parts.h"

namespace burgeon {

EventPartWriter::EventPartWriter(const EventPartSpec& spec, std::unique_ptr<RowGroupWriter> file)
    : spec_(spec), file_(std::move(file)) {
  part_.bucket = spec.bucket;
  part_.file = spec.file;
  part_.ingest = spec.ingest;
  type_codes_.fill(-1);
  part_.min_event_time = INT64_MAX;
  part_.max_event_time = INT64_MIN;
}

absl::StatusOr<std::unique_ptr<EventPartWriter>> EventPartWriter::Open(FileSystem& files,
                                                                       const std::string& folder,
                                                                       const EventPartSpec& spec) {
  BURGEON_CHECK((spec.ingest == 0) == ((spec.fields & kIngestField) != 0));
  std::vector<RowGroupColumn> columns;
  for (const EventColumnSpec& column : kEventColumnSpecs) {
    if (column.field != 0 && (spec.fields & column.field) == 0) continue;
    columns.push_back({column.name, column.type});
  }
  BURGEON_ASSIGN_OR_RETURN(
      auto file, RowGroupWriter::Open(files, JoinPath(folder, spec.file), std::move(columns)));
  return std::unique_ptr<EventPartWriter>(new EventPartWriter(spec, std::move(file)));
}

absl::Status EventPartWriter::Add(const EventView& event) {
  BURGEON_CHECK((FieldsOf(event) & ~spec_.fields) == 0);
  customer_.Add(event.customer_id);
  int32_t& type_code = type_codes_[static_cast<size_t>(event.type)];
  if (type_code < 0) type_code = type_.words.Code(EventTypeName(event.type));
  type_.codes.push_back(type_code);
  event_time_.push_back(event.event_time);
  line_.push_back(event.line);
  if (Has(kItemField)) item_.Add(event.item_id);
  if (Has(kKnownAtField)) known_at_.push_back(event.known_at);
  if (Has(kQuantityField)) quantity_.push_back(event.quantity);
  if (Has(kValueField)) {
    value_.push_back(event.value_micros.value_or(0));
    no_value_.push_back(event.value_micros ? 0 : 1);
    currency_.Add(event.currency);
  }
  if (Has(kSessionField)) session_.Add(event.session_id);
  if (Has(kChannelField)) channel_.Add(event.channel);
  if (Has(kEventIdField)) event_id_.Add(event.event_id);
  if (Has(kPropertiesField)) properties_.Add(event.properties);
  if (Has(kUnmappedField)) unmapped_.push_back(static_cast<int64_t>(event.unmapped));
  if (Has(kIngestField)) {
    ingest_.push_back(event.ingest);
  } else {
    BURGEON_CHECK(event.ingest == spec_.ingest);
  }
  part_.min_event_time = std::min(part_.min_event_time, event.event_time);
  part_.max_event_time = std::max(part_.max_event_time, event.event_time);
  ++part_.rows;
  return static_cast<int64_t>(line_.size()) == kRowGroupRows ? Flush() : absl::OkStatus();
}

absl::Status EventPartWriter::Flush() {
  RowGroup group;
  group.rows = static_cast<int64_t>(line_.size());
  Text* const texts[] = {&customer_, &item_,    &type_,     &currency_,
                         &session_,  &channel_, &event_id_, &properties_};
  const auto text = [](const Text& t) {
    return RowGroupValues{.dictionary = t.words.words(), .codes = t.codes};
  };
  const auto numbers = [](const std::vector<int64_t>& v) { return RowGroupValues{.ints = v}; };
  std::array<RowGroupValues, kEventColumns> all;
  all[kCustomerColumn] = text(customer_);
  all[kItemColumn] = text(item_);
  all[kTypeColumn] = text(type_);
  all[kEventTimeColumn] = numbers(event_time_);
  all[kKnownAtColumn] = numbers(known_at_);
  all[kQuantityColumn].doubles = quantity_;
  all[kValueColumn] = numbers(value_);
  if (std::find(no_value_.begin(), no_value_.end(), 1) != no_value_.end()) {
    all[kValueColumn].nulls = no_value_;
  }
  all[kCurrencyColumn] = text(currency_);
  all[kSessionColumn] = text(session_);
  all[kChannelColumn] = text(channel_);
  all[kEventIdColumn] = text(event_id_);
  all[kPropertiesColumn] = text(properties_);
  all[kUnmappedColumn] = numbers(unmapped_);
  all[kIngestColumn] = numbers(ingest_);
  all[kLineColumn] = numbers(line_);
  for (size_t c = 0; c < kEventColumns; ++c) {
    const EventFields field = kEventColumnSpecs[c].field;
    if (field == 0 || Has(field)) group.columns.push_back(all[c]);
  }
  BURGEON_RETURN_IF_ERROR(file_->Write(group));
  for (Text* t : texts) {
    t->words.Clear();
    t->codes.clear();
  }
  for (auto* v : {&event_time_, &known_at_, &value_, &unmapped_, &ingest_, &line_}) v->clear();
  quantity_.clear();
  no_value_.clear();
  type_codes_.fill(-1);
  return absl::OkStatus();
}

absl::StatusOr<EventPart> EventPartWriter::Finish() {
  BURGEON_CHECK(part_.rows > 0);
  BURGEON_RETURN_IF_ERROR(Flush());
  BURGEON_ASSIGN_OR_RETURN(const FileDigest digest, file_->Finish());
  part_.bytes = digest.bytes;
  part_.sha256 = digest.sha256;
  return part_;
}

}  // namespace burgeon
