// Event parts written from views and read back as text.
#ifndef BURGEON_TESTS_ENGINE_EVENTS_PART_ROWS_H_
#define BURGEON_TESTS_ENGINE_EVENTS_PART_ROWS_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/events/event_parts.h"

namespace burgeon {

// `spec.fields` are those of the rows and what it has already.
inline EventPart WriteRows(FileSystem& files, const std::string& folder, EventPartSpec spec,
                           const std::vector<EventView>& rows) {
  for (const EventView& row : rows) spec.fields |= FieldsOf(row);
  auto writer = EventPartWriter::Open(files, folder, spec);
  EXPECT_TRUE(writer.ok()) << writer.status();
  for (const EventView& row : rows) EXPECT_TRUE((*writer)->Add(row).ok());
  const auto part = (*writer)->Finish();
  EXPECT_TRUE(part.ok()) << part.status();
  return part.ok() ? *part : EventPart{};
}

inline std::string RowText(const EventView& e) {
  return Concat(e.customer_id, "|", e.item_id, "|", EventTypeName(e.type), "|", e.event_time, "|",
                e.known_at, "|", e.quantity, "|", e.value_micros ? Concat(*e.value_micros) : "-",
                "|", e.currency, "|", e.session_id, "|", e.channel, "|", e.event_id, "|",
                e.properties, "|", e.unmapped, "|", e.ingest, "|", e.line);
}

// Up to the first error, which is the last line then.
inline std::vector<std::string> ReadRows(FileSystem& files, const std::string& folder,
                                         const EventPart& part) {
  std::vector<std::string> out;
  auto reader = EventPartReader::Open(files, folder, part);
  if (!reader.ok()) return {MessageOf(reader.status())};
  while ((*reader)->row() != nullptr) {
    out.push_back(RowText(*(*reader)->row()));
    const absl::Status advanced = (*reader)->Advance();
    if (advanced.ok()) continue;
    out.push_back(MessageOf(advanced));
    break;
  }
  return out;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_EVENTS_PART_ROWS_H_
