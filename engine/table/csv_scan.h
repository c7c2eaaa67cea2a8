// The two passes over the bytes of a CSV file, with the vector instructions of this CPU. Internal
// to this room.
//
//   RowEndScan cut;                            // reading, in order: where may the file be cut?
//   FindRowEnds(level, bytes, 0, ',', &cut);   // cut.row_end
//   FieldIndex index;                          // parsing, on any thread: where are the fields?
//   IndexFields(level, bytes, ',', &index);
//
// Both take what lies between quotes by the parity of the quotes before it. That is right as long
// as a quote opens a field only as its first byte; FindRowEnds says where it is not (irregular),
// and such pieces are left to CsvMachine (csv_machine.h), which goes byte by byte.
#ifndef BURGEON_ENGINE_TABLE_CSV_SCAN_H_
#define BURGEON_ENGINE_TABLE_CSV_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace burgeon {

enum class ScanLevel { kPortable, kAvx2, kAvx512 };

inline constexpr ScanLevel kScanLevels[] = {ScanLevel::kPortable, ScanLevel::kAvx2,
                                            ScanLevel::kAvx512};

bool IsSupported(ScanLevel level);  // by this CPU
ScanLevel BestScanLevel();
std::string_view ScanLevelName(ScanLevel level);

// What is known of the bytes looked at, which begin where a row begins.
struct RowEndScan {
  size_t row_end = 0;      // just behind the last end of a row; 0: there was none
  int64_t line_ends = 0;   // "\n", "\r\n" and "\r", in quotes or not
  bool in_quotes = false;  // at the end of what was looked at
  // A quote was met that is neither the first byte of a field nor one of a pair, and all of the
  // above but line_ends may be wrong.
  bool irregular = false;
  // For the next call: what the last byte was.
  bool after_return = false;
  bool after_boundary = true;  // a delimiter, a line end, a quote or nothing
};

// Looks at bytes[from, end), which follow what was looked at before.
void FindRowEnds(ScanLevel level, std::string_view bytes, size_t from, char delimiter,
                 RowEndScan* scan);

// "\n", "\r\n" and "\r" in `bytes`, which neither begin nor end in the middle of a "\r\n".
int64_t CountLineEnds(ScanLevel level, std::string_view bytes);

// Where the fields and rows of a piece end. Memory is used again from piece to piece.
struct FieldIndex {
  // Room for a piece of so many bytes; what was in the index is lost.
  void Reserve(size_t bytes);
  // The last row of a file need not have a line end: the end of `piece` ends it then.
  void CloseLastRow(std::string_view piece);

  std::unique_ptr<uint32_t[]> ends;  // of each field, in order: the place of the byte that ends it
  size_t end_count = 0;
  std::unique_ptr<uint32_t[]> row_lasts;  // of each row: which of `ends` is that of its last field
  size_t row_count = 0;
  std::unique_ptr<uint32_t[]> pairs;  // places of the second of two quotes that stand for one
  size_t pair_count = 0;

  bool quotes = false;            // there is one anywhere
  bool returns = false;           // there is a "\r"
  bool quoted_line_ends = false;  // there is one within quotes
  bool nul_or_not_ascii = false;  // there is such a byte

 private:
  size_t capacity_ = 0;
};

// The piece begins where a row begins, ends outside quotes, and is not irregular.
void IndexFields(ScanLevel level, std::string_view piece, char delimiter, FieldIndex* index);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_CSV_SCAN_H_
