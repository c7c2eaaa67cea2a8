#include "engine/events/staged_record.h"

#include <cstring>

#include "engine/base/check.h"
#include "engine/base/copy_text.h"

namespace burgeon {
namespace {

// size u32, fields u16, type u8, event_time i64, line i64, customer u16 length and bytes; then,
// where the fields have them: known_at, quantity, value with currency, unmapped, and the texts.
constexpr size_t kTimeAt = 7;
constexpr size_t kCustomerAt = 23;
constexpr size_t kMaxRecordBytes = UINT32_MAX;

// Writes where there is room already.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  template <class T>
  void Put(T value) {
    std::memcpy(at_, &value, sizeof(T));
    at_ += sizeof(T);
  }
  void Text(std::string_view text) { at_ = CopyText(text, at_); }
  void Id(std::string_view text) {
    BURGEON_CHECK(text.size() <= UINT16_MAX);  // limits::kMaxIdBytes
    Put(static_cast<uint16_t>(text.size()));
    Text(text);
  }
  const char* at() const { return at_; }

 private:
  char* at_;
};

// What the record takes.
size_t SizeOf(const EventView& event, EventFields fields) {
  const auto has = [&](EventFields field) { return (fields & field) != 0; };
  const auto id = [](std::string_view text) { return sizeof(uint16_t) + text.size(); };
  size_t size = kCustomerAt + id(event.customer_id);
  if (has(kItemField)) size += id(event.item_id);
  if (has(kKnownAtField)) size += sizeof(event.known_at);
  if (has(kQuantityField)) size += sizeof(event.quantity);
  if (has(kValueField)) size += sizeof(*event.value_micros) + id(event.currency);
  if (has(kSessionField)) size += id(event.session_id);
  if (has(kChannelField)) size += id(event.channel);
  if (has(kEventIdField)) size += id(event.event_id);
  if (has(kPropertiesField)) size += sizeof(uint32_t) + event.properties.size();
  if (has(kUnmappedField)) size += sizeof(event.unmapped);
  return size;
}

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  template <class T>
  T Get() {
    T value{};
    if (static_cast<size_t>(end_ - at_) < sizeof(T)) {
      ok_ = false;
      return value;
    }
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  template <class Size>
  std::string_view Text() {
    const size_t size = Get<Size>();
    if (static_cast<size_t>(end_ - at_) < size) {
      ok_ = false;
      return {};
    }
    const std::string_view out(at_, size);
    at_ += size;
    return out;
  }
  bool done() const { return ok_ && at_ == end_; }

 private:
  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace

EventFields AppendRecord(const EventView& event, std::string* out) {
  const size_t begin = out->size();
  const EventFields fields = FieldsOf(event);
  const size_t size = SizeOf(event, fields);
  BURGEON_CHECK(size <= kMaxRecordBytes);
  // One look at the room for all fields; it doubles, as it would by appending.
  if (out->capacity() < begin + size) out->reserve(2 * (begin + size));
  out->resize(begin + size);
  Writer to(out->data() + begin);
  to.Put(static_cast<uint32_t>(size));
  to.Put(static_cast<uint16_t>(fields));
  to.Put(static_cast<uint8_t>(event.type));
  to.Put(event.event_time);
  to.Put(event.line);
  to.Id(event.customer_id);
  if ((fields & kItemField) != 0) to.Id(event.item_id);
  if ((fields & kKnownAtField) != 0) to.Put(event.known_at);
  if ((fields & kQuantityField) != 0) to.Put(event.quantity);
  if ((fields & kValueField) != 0) {
    to.Put(*event.value_micros);
    to.Id(event.currency);
  }
  if ((fields & kSessionField) != 0) to.Id(event.session_id);
  if ((fields & kChannelField) != 0) to.Id(event.channel);
  if ((fields & kEventIdField) != 0) to.Id(event.event_id);
  if ((fields & kPropertiesField) != 0) {
    to.Put(static_cast<uint32_t>(event.properties.size()));
    to.Text(event.properties);
  }
  if ((fields & kUnmappedField) != 0) to.Put(event.unmapped);
  BURGEON_CHECK(to.at() == out->data() + out->size());
  return fields;
}

size_t RecordSize(std::string_view bytes) {
  uint32_t size = 0;
  if (bytes.size() < sizeof(size)) return 0;
  std::memcpy(&size, bytes.data(), sizeof(size));
  return size;
}

bool DecodeKey(std::string_view record, std::string_view* customer_id, TimeMicros* event_time) {
  uint16_t size = 0;
  if (record.size() < kCustomerAt + sizeof(size)) return false;
  std::memcpy(event_time, record.data() + kTimeAt, sizeof(*event_time));
  std::memcpy(&size, record.data() + kCustomerAt, sizeof(size));
  record.remove_prefix(kCustomerAt + sizeof(size));
  if (record.size() < size) return false;
  *customer_id = record.substr(0, size);
  return true;
}

bool DecodeRecord(std::string_view record, EventView* event) {
  Cursor in(record);
  *event = EventView();
  in.Get<uint32_t>();
  const EventFields fields = in.Get<uint16_t>();
  const auto type = in.Get<uint8_t>();
  if (type >= kEventTypes) return false;
  event->type = static_cast<EventType>(type);
  event->event_time = in.Get<int64_t>();
  event->line = in.Get<int64_t>();
  event->customer_id = in.Text<uint16_t>();
  if ((fields & kItemField) != 0) event->item_id = in.Text<uint16_t>();
  event->known_at = (fields & kKnownAtField) != 0 ? in.Get<int64_t>() : event->event_time;
  if ((fields & kQuantityField) != 0) event->quantity = in.Get<double>();
  if ((fields & kValueField) != 0) {
    event->value_micros = in.Get<int64_t>();
    event->currency = in.Text<uint16_t>();
  }
  if ((fields & kSessionField) != 0) event->session_id = in.Text<uint16_t>();
  if ((fields & kChannelField) != 0) event->channel = in.Text<uint16_t>();
  if ((fields & kEventIdField) != 0) event->event_id = in.Text<uint16_t>();
  if ((fields & kPropertiesField) != 0) event->properties = in.Text<uint32_t>();
  if ((fields & kUnmappedField) != 0) event->unmapped = in.Get<uint64_t>();
  return in.done();
}

}  // namespace burgeon
