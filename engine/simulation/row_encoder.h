// Rows of text fields as CSV or JSON lines, appended to a buffer.
#ifndef BURGEON_ENGINE_SIMULATION_ROW_ENCODER_H_
#define BURGEON_ENGINE_SIMULATION_ROW_ENCODER_H_

#include <span>
#include <string>
#include <string_view>

namespace burgeon {

// RFC 4180; lines end in "\n"; "" is an empty field.
void AppendCsvRow(std::span<const std::string> fields, std::string* out);
// One JSON object (RFC 8259) of strings, without the fields that are "". Bytes that are not UTF-8
// stay as they are: they are a planted defect.
void AppendJsonRow(std::span<const std::string_view> names, std::span<const std::string> fields,
                   std::string* out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_ROW_ENCODER_H_
