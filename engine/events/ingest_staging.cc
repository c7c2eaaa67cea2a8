#include "engine/events/ingest_staging.h"

#include <cstring>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

template <class T>
void Put(T value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof(value));
}

void PutText(std::string_view text, std::string* out) {
  Put(static_cast<uint32_t>(text.size()), out);
  out->append(text);
}

// Reads what Put wrote; ok() turns false at the first read past the end.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool done() const { return !ok_ || bytes_.empty(); }

  template <class T>
  T Get() {
    T value{};
    const std::string_view bytes = Take(sizeof(T));
    if (ok_) std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }
  std::string GetText() { return std::string(Take(Get<uint32_t>())); }
  std::string_view Take(size_t size) {
    if (size > bytes_.size()) {
      ok_ = false;
      return {};
    }
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

StagedEvent GetEvent(Reader* reader) {
  StagedEvent out;
  Event& event = out.event;
  event.customer_id = reader->GetText();
  event.item_id = reader->GetText();
  event.type = static_cast<EventType>(reader->Get<uint8_t>());
  event.event_time = reader->Get<int64_t>();
  event.known_at = reader->Get<int64_t>();
  event.quantity = reader->Get<double>();
  if (reader->Get<uint8_t>() != 0) {
    event.value_micros = reader->Get<int64_t>();
    event.currency = reader->GetText();
  }
  event.session_id = reader->GetText();
  event.channel = reader->GetText();
  event.event_id = reader->GetText();
  const uint32_t properties = reader->Get<uint32_t>();
  for (uint32_t i = 0; i < properties && reader->ok(); ++i) {
    std::string name = reader->GetText();
    event.properties.emplace(std::move(name), reader->GetText());
  }
  event.line = reader->Get<int64_t>();
  out.unmapped = reader->Get<uint64_t>();
  return out;
}

StagedAttribute GetAttribute(Reader* reader) {
  StagedAttribute out;
  out.value.id = reader->GetText();
  out.value.name = reader->GetText();
  out.value.value = reader->GetText();
  out.value.event_time = reader->Get<int64_t>();
  out.value.known_at = reader->Get<int64_t>();
  out.line = reader->Get<int64_t>();
  return out;
}

template <class T, class Get>
absl::StatusOr<std::vector<T>> DecodeAll(std::string_view records, std::string_view what, Get get) {
  std::vector<T> out;
  Reader reader(records);
  while (!reader.done()) out.push_back(get(&reader));
  if (!reader.ok()) return DataLoss(what, ": its spilled rows did not read back whole");
  return out;
}

}  // namespace

void EncodeStaged(const StagedEvent& staged, std::string* out) {
  const Event& event = staged.event;
  PutText(event.customer_id, out);
  PutText(event.item_id, out);
  Put(static_cast<uint8_t>(event.type), out);
  Put(event.event_time, out);
  Put(event.known_at, out);
  Put(event.quantity, out);
  Put(static_cast<uint8_t>(event.value_micros ? 1 : 0), out);
  if (event.value_micros) {
    Put(*event.value_micros, out);
    PutText(event.currency, out);
  }
  PutText(event.session_id, out);
  PutText(event.channel, out);
  PutText(event.event_id, out);
  Put(static_cast<uint32_t>(event.properties.size()), out);
  for (const auto& [name, value] : event.properties) {
    PutText(name, out);
    PutText(value, out);
  }
  Put(event.line, out);
  Put(staged.unmapped, out);
}

void EncodeStaged(const StagedAttribute& attribute, std::string* out) {
  PutText(attribute.value.id, out);
  PutText(attribute.value.name, out);
  PutText(attribute.value.value, out);
  Put(attribute.value.event_time, out);
  Put(attribute.value.known_at, out);
  Put(attribute.line, out);
}

absl::StatusOr<std::vector<StagedEvent>> DecodeStagedEvents(std::string_view records,
                                                            std::string_view what) {
  return DecodeAll<StagedEvent>(records, what, GetEvent);
}

absl::StatusOr<std::vector<StagedAttribute>> DecodeStagedAttributes(std::string_view records,
                                                                    std::string_view what) {
  return DecodeAll<StagedAttribute>(records, what, GetAttribute);
}

BucketSpill::BucketSpill(FileSystem& files, std::string folder, std::string name, int buckets)
    : files_(files),
      folder_(std::move(folder)),
      name_(std::move(name)),
      buffers_(static_cast<size_t>(buckets)),
      spilled_bytes_(static_cast<size_t>(buckets), 0) {}

std::string BucketSpill::PathOf(size_t bucket) const {
  return JoinPath(folder_, Concat(name_, "-", bucket));
}

void BucketSpill::Append(int bucket, std::string_view record) {
  buffers_.at(static_cast<size_t>(bucket)).append(record);
  buffered_bytes_ += static_cast<int64_t>(record.size());
}

absl::Status BucketSpill::Flush() {
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(folder_));
  for (size_t b = 0; b < buffers_.size(); ++b) {
    std::string& buffer = buffers_[b];
    if (buffer.empty()) continue;
    // Opened for each piece: hundreds of open files would be too many. Not synced: after a crash
    // nobody reads them.
    BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForAppend(PathOf(b)));
    BURGEON_RETURN_IF_ERROR(file->Append(buffer));
    BURGEON_RETURN_IF_ERROR(file->Close());
    spilled_bytes_[b] += static_cast<int64_t>(buffer.size());
    std::string().swap(buffer);
  }
  buffered_bytes_ = 0;
  return absl::OkStatus();
}

absl::StatusOr<std::string> BucketSpill::Take(int bucket) {
  const auto b = static_cast<size_t>(bucket);
  BURGEON_CHECK(b < buffers_.size());
  std::string records;
  if (spilled_bytes_[b] > 0) {
    BURGEON_ASSIGN_OR_RETURN(records, ReadWholeFile(files_, PathOf(b), spilled_bytes_[b]));
    if (static_cast<int64_t>(records.size()) != spilled_bytes_[b]) {
      return DataLoss(PathOf(b), ": has ", records.size(), " bytes, ", spilled_bytes_[b],
                      " were written");
    }
  }
  if (records.empty()) {
    records = std::move(buffers_[b]);
  } else {
    records += buffers_[b];
  }
  std::string().swap(buffers_[b]);
  return records;
}

}  // namespace burgeon
