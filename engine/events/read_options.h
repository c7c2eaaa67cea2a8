// How a source's file is read: the part of its section that is not about fields.
//
//   format: json_lines      # automatic | csv | json_lines | parquet | blanks | fixed_width, or one
//   of
//                           # source_presets.h
//   delimiter: tab          # csv: one character, or tab
//   columns: [id, time]     # csv, blanks, fixed_width: names, for a file without a header line
//   widths: [5, 9]          # fixed_width: bytes of each column
//   explode: properties.products          # json_lines: table.h, ReadOptions
//   rows:                                 # json_lines: table.h, ExtraRows
//     - {row: attribute, each: traits, where: {type: [identify]}}
#ifndef BURGEON_ENGINE_EVENTS_READ_OPTIONS_H_
#define BURGEON_ENGINE_EVENTS_READ_OPTIONS_H_

#include <string>
#include <vector>

#include "engine/config/config.h"
#include "engine/events/mapping.h"
#include "engine/table/table.h"

namespace burgeon {

// Problems are remembered by the node.
ReadOptions ParseReadOptions(const ConfigNode& source);

// The columns that the mapping of a source names, each once, in a fixed order; those that tell the
// rows of one JSON object apart with them. A JSON object may have any keys: only what is named is
// taken, so this is ReadOptions::json_columns.
std::vector<std::string> ColumnsOfMapping(const SourceConfig& source);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_READ_OPTIONS_H_
