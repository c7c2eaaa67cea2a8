// An event on its way from its row to its part: bytes, as small as they can be, that say for
// themselves where they end. Only one ingest ever reads what it wrote.
//
//   AppendRecord(view, &bytes);
//   const std::string_view record = bytes.substr(at, RecordSize(bytes.substr(at)));
//   DecodeRecord(record, &view);               // view points into bytes
//
// Every kind of staged record begins with its size, four bytes, so that ingest_staging.h can cut
// what it read from a file.
#ifndef BURGEON_ENGINE_EVENTS_STAGED_RECORD_H_
#define BURGEON_ENGINE_EVENTS_STAGED_RECORD_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/events/event_view.h"

namespace burgeon {

// event.ingest is not kept. Returns FieldsOf(event).
EventFields AppendRecord(const EventView& event, std::string* out);

// The size of the record that begins here, its first four bytes; 0 when they are not all there.
size_t RecordSize(std::string_view bytes);
// What a record is sorted by, at a fraction of the price of all of it. False when it is damaged.
bool DecodeKey(std::string_view record, std::string_view* customer_id, TimeMicros* event_time);
// `record` is one whole record. False when it is damaged.
bool DecodeRecord(std::string_view record, EventView* event);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_STAGED_RECORD_H_
