#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/events/event_part_columns.h"
#include "engine/events/event_parts.h"

namespace burgeon {
namespace {

constexpr int64_t kDigestPieceBytes = 1 << 20;

}  // namespace

absl::Status DigestFile(FileSystem& files, const std::string& path, int64_t* bytes,
                        std::string* sha256) {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<RandomAccessFile> file, files.OpenForRead(path));
  std::vector<char> piece(static_cast<size_t>(std::min(kDigestPieceBytes, file->size())));
  Sha256 hash;
  for (int64_t at = 0; at < file->size(); at += kDigestPieceBytes) {
    const auto size = static_cast<size_t>(std::min(kDigestPieceBytes, file->size() - at));
    BURGEON_RETURN_IF_ERROR(file->ReadAt(at, std::span<char>(piece.data(), size)));
    hash.Update(piece.data(), size);
  }
  *bytes = file->size();
  *sha256 = ToHex(hash.Finish());
  return absl::OkStatus();
}

absl::Status CheckPartFile(FileSystem& files, const std::string& folder, const EventPart& part) {
  const std::string path = JoinPath(folder, part.file);
  int64_t bytes = 0;
  std::string sha256;
  const absl::Status read = DigestFile(files, path, &bytes, &sha256);
  if (absl::IsNotFound(read)) return DataLoss(path, ": is in the manifest, but is not there");
  BURGEON_RETURN_IF_ERROR(read);
  if (bytes == part.bytes && sha256 == part.sha256) return absl::OkStatus();
  return DataLoss(path, ": has ", bytes, " bytes with SHA-256 ", sha256, "; the manifest wants ",
                  part.bytes, " bytes with ", part.sha256);
}

EventPartReader::EventPartReader(const EventPart& part, std::string path,
                                 std::unique_ptr<RowGroupReader> file)
    : part_(part), path_(std::move(path)), file_(std::move(file)) {}

absl::StatusOr<std::unique_ptr<EventPartReader>> EventPartReader::Open(FileSystem& files,
                                                                       const std::string& folder,
                                                                       const EventPart& part) {
  BURGEON_RETURN_IF_ERROR(CheckPartFile(files, folder, part));
  std::string path = JoinPath(folder, part.file);
  std::vector<RowGroupColumn> columns;
  for (const EventColumnSpec& column : kEventColumnSpecs) {
    columns.push_back({column.name, column.type});
  }
  BURGEON_ASSIGN_OR_RETURN(auto file, RowGroupReader::Open(files, path, std::move(columns)));
  if (file->rows() != part.rows) {
    return DataLoss(path, ": has ", file->rows(), " rows, the manifest wants ", part.rows);
  }
  std::unique_ptr<EventPartReader> out(new EventPartReader(part, std::move(path), std::move(file)));
  BURGEON_RETURN_IF_ERROR(out->NextGroup());
  return out;
}

absl::Status EventPartReader::NextGroup() {
  do {
    seen_ += rows_;
    at_ = 0;
    rows_ = 0;
    BURGEON_ASSIGN_OR_RETURN(group_, file_->Next());
    if (group_ == nullptr) return absl::OkStatus();
    rows_ = group_->rows;
  } while (rows_ == 0);
  for (size_t c = 0; c < kEventColumns; ++c) {
    const RowGroupValues& values = group_->columns[c];
    const size_t size = kEventColumnSpecs[c].type == ColumnType::kString   ? values.codes.size()
                        : kEventColumnSpecs[c].type == ColumnType::kDouble ? values.doubles.size()
                                                                           : values.ints.size();
    if (size == static_cast<size_t>(rows_)) {
      fields_ |= kEventColumnSpecs[c].field;
    } else if (kEventColumnSpecs[c].field == 0 || size != 0) {
      return DataLoss(path_, ": has no whole column '", kEventColumnSpecs[c].name, "'");
    }
  }
  if ((part_.ingest == 0) != ((fields_ & kIngestField) != 0)) {
    return DataLoss(path_, ": its column 'ingest' is not as the manifest says");
  }
  types_.clear();
  for (const std::string_view name : group_->columns[kTypeColumn].dictionary) {
    const auto type = ParseEventType(name);
    if (!type) return DataLoss(path_, ": has the type '", Printable(name), "', which is none");
    types_.push_back(*type);
  }
  customer_code_ = -1;
  return Fill();
}

absl::Status EventPartReader::Fill() {
  const auto i = static_cast<size_t>(at_);
  const auto& columns = group_->columns;
  const auto text = [&](EventColumn c) -> std::string_view {
    const RowGroupValues& values = columns[c];
    if (values.codes.empty()) return {};
    return values.dictionary[static_cast<size_t>(values.codes[i])];
  };
  const auto number = [&](EventColumn c, int64_t otherwise) {
    return columns[c].ints.empty() ? otherwise : columns[c].ints[i];
  };
  view_.customer_id = text(kCustomerColumn);
  view_.item_id = text(kItemColumn);
  view_.type = types_[static_cast<size_t>(columns[kTypeColumn].codes[i])];
  view_.event_time = columns[kEventTimeColumn].ints[i];
  view_.known_at = number(kKnownAtColumn, view_.event_time);
  view_.quantity =
      columns[kQuantityColumn].doubles.empty() ? 1 : columns[kQuantityColumn].doubles[i];
  view_.value_micros.reset();
  const RowGroupValues& value = columns[kValueColumn];
  if (!value.ints.empty() && (value.nulls.empty() || value.nulls[i] == 0)) {
    view_.value_micros = value.ints[i];
  }
  view_.currency = text(kCurrencyColumn);
  view_.session_id = text(kSessionColumn);
  view_.channel = text(kChannelColumn);
  view_.event_id = text(kEventIdColumn);
  view_.properties = text(kPropertiesColumn);
  view_.unmapped = static_cast<uint64_t>(number(kUnmappedColumn, 0));
  view_.ingest = number(kIngestColumn, part_.ingest);
  view_.line = columns[kLineColumn].ints[i];
  return CheckRow();
}

absl::Status EventPartReader::CheckRow() {
  const int32_t code = group_->columns[kCustomerColumn].codes[static_cast<size_t>(at_)];
  const bool first = seen_ + at_ == 0;
  bool ordered = true;
  if (code == customer_code_ || (!first && view_.customer_id == customer_)) {
    ordered =
        std::tie(time_, ingest_, line_) <= std::tie(view_.event_time, view_.ingest, view_.line);
  } else {
    ordered = first || std::string_view(customer_) < view_.customer_id;
    customer_ = view_.customer_id;
    if (BucketOf(customer_) != part_.bucket) {
      return DataLoss(path_, ": row ", seen_ + at_ + 1, " is not of bucket ", part_.bucket);
    }
  }
  if (!ordered) return DataLoss(path_, ": row ", seen_ + at_ + 1, " is out of order");
  customer_code_ = code;
  time_ = view_.event_time;
  ingest_ = view_.ingest;
  line_ = view_.line;
  return absl::OkStatus();
}

absl::Status EventPartReader::Advance() {
  if (++at_ < rows_) return Fill();
  return NextGroup();
}

EventFiller::EventFiller(const std::vector<IngestRecord>& ingests) {
  for (const IngestRecord& record : ingests) by_number_.emplace(record.number, &record);
}

const IngestRecord* EventFiller::Find(int64_t ingest) {
  if (last_ != nullptr && last_->number == ingest) return last_;
  const auto found = by_number_.find(ingest);
  if (found != by_number_.end()) last_ = found->second;
  return found == by_number_.end() ? nullptr : found->second;
}

absl::Status EventFiller::Fill(const EventView& view, Event* event) {
  const IngestRecord* record = Find(view.ingest);
  if (record == nullptr) {
    return DataLoss("customer '", Printable(view.customer_id), "': an event is of ingest ",
                    view.ingest, ", which the manifest does not have");
  }
  event->customer_id = view.customer_id;
  event->item_id = view.item_id;
  event->type = view.type;
  event->event_time = view.event_time;
  event->known_at = view.known_at;
  event->ingested_at = record->ingested_at;
  event->quantity = view.quantity;
  event->value_micros = view.value_micros;
  event->currency = view.currency;
  event->session_id = view.session_id;
  event->channel = view.channel;
  event->event_id = view.event_id;
  event->source = record->source;
  event->ingest = view.ingest;
  event->line = view.line;
  // Mostly none, or the same as those of the event before.
  if (event == filled_ && view.properties == properties_) return absl::OkStatus();
  filled_ = nullptr;
  if (!DecodeProperties(view.properties, &event->properties)) {
    return DataLoss("customer '", Printable(view.customer_id),
                    "': an event has properties that are no JSON object of strings");
  }
  filled_ = event;
  properties_ = view.properties;
  return absl::OkStatus();
}

}  // namespace burgeon
