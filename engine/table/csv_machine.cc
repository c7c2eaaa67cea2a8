#include "engine/table/csv_machine.h"

namespace burgeon {

void IndexFieldsByteByByte(std::string_view piece, char delimiter, FieldIndex* index) {
  index->Reserve(piece.size());
  index->end_count = 0;
  index->row_count = 0;
  index->pair_count = 0;
  index->quotes = index->returns = index->quoted_line_ends = index->nul_or_not_ascii = false;
  CsvMachine machine(delimiter);
  for (size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    const CsvMachine::Found found = machine.Next(c);
    index->quotes |= c == '"';
    index->returns |= c == '\r';
    index->quoted_line_ends |= (c == '\n' || c == '\r') && machine.in_quotes();
    index->nul_or_not_ascii |= static_cast<signed char>(c) <= 0;
    if (found == CsvMachine::Found::kNothing) continue;
    if (found == CsvMachine::Found::kRowEnd) {
      index->row_lasts[index->row_count++] = static_cast<uint32_t>(index->end_count);
    }
    index->ends[index->end_count++] = static_cast<uint32_t>(i);
  }
  index->CloseLastRow(piece);
}

}  // namespace burgeon
