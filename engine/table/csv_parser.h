// A piece of a CSV file to a batch of rows. Internal to this room.
//
//   FieldIndex index;                                          // one a thread; memory used again
//   TextBatch batch = ParseCsvPiece(layout, std::move(piece), &index);
//
// Thread-safe for different pieces. The values of the batch are views into the piece, where doubled
// quotes are undoubled in place.
#ifndef BURGEON_ENGINE_TABLE_CSV_PARSER_H_
#define BURGEON_ENGINE_TABLE_CSV_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"
#include "engine/table/csv_scan.h"
#include "engine/table/piece_cutter.h"
#include "engine/table/table.h"

namespace burgeon {

struct CsvLayout {
  char delimiter = ',';
  std::vector<std::string> names;   // of all columns
  std::vector<size_t> selected;     // the columns taken, in the order of the batch
  std::vector<size_t> first_taken;  // of each of `selected`: where its column is there first
  bool names_from_header = true;
  int64_t max_row_bytes = limits::kMaxRowBytes;
  ScanLevel level = BestScanLevel();
};

TextBatch ParseCsvPiece(const CsvLayout& layout, TextPiece piece, FieldIndex* index);

// A field as it lies between two delimiters.
struct CsvField {
  std::string_view content;  // without the quotes around it
  bool quoted = false;
  bool doubled = false;           // holds "" that stand for one quote
  bool text_after_quote = false;  // no value: "a"b
  std::string Value() const;
};
CsvField TakeApart(std::string_view field);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_CSV_PARSER_H_
