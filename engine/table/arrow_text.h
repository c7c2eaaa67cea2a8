// Values of Arrow arrays as text. Internal to this room.
//
// Integers and decimals as they are, floating point in the shortest form that reads back to the
// same value, true and false, dates YYYY-MM-DD, times HH:MM:SS and timestamps
// YYYY-MM-DD HH:MM:SS, with 6 digits behind the point when there is a fraction of a second (9 when
// there are nanoseconds). A timestamp that Parquet marks as UTC gets a "Z", so that the time zone
// of a mapping is not applied to it; a local one gets none.
#ifndef BURGEON_ENGINE_TABLE_ARROW_TEXT_H_
#define BURGEON_ENGINE_TABLE_ARROW_TEXT_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/base/status.h"
#include "engine/table/table.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace burgeon {

bool HasTextForm(const arrow::DataType& type);

// A column in the making: `size` values that lie within `bytes`.
struct TextValues {
  std::shared_ptr<const char[]> bytes;
  size_t byte_count = 0;
  std::shared_ptr<TextColumn::Slice[]> slices;
  size_t size = 0;
  bool any_text = false;  // the values come from text, which may hold anything
};

// The values of `array`, whose type must have a text form. Words of a dictionary are there once,
// however many values use them. kResourceExhausted: 4 GiB of text or more.
absl::StatusOr<TextValues> ArrowToText(const arrow::Array& array);

// `array` as numbers or times, over its own memory; kNone for types that are left to ArrowToText.
TypedValues ArrowToTyped(const std::shared_ptr<arrow::Array>& array);

// One behind the other; at least one. kResourceExhausted as above.
absl::StatusOr<TextValues> Joined(std::vector<TextValues> parts);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_ARROW_TEXT_H_
