// CSV as docs and headers describe it, written as plainly as possible: what the CSV reader is held
// to. Slow, whole text in memory, no limits on size, no check of the encoding.
#ifndef BURGEON_TESTS_SUPPORT_PLAIN_CSV_H_
#define BURGEON_TESTS_SUPPORT_PLAIN_CSV_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burgeon {

struct PlainCsvRow {
  int64_t line = 0;
  std::string text;  // without the line end
  bool text_after_quote = false;
  std::vector<std::optional<std::string>> fields;  // nothing: empty and not in quotes
};

struct PlainCsv {
  std::vector<PlainCsvRow> rows;           // blank lines too, as one field without a value
  std::optional<int64_t> open_quote_line;  // of a quote that the text does not close; rows: before
};

PlainCsv ReadPlainCsv(std::string_view text, char delimiter);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_PLAIN_CSV_H_
