#include "engine/table/text_encoding.h"

#include <cstdint>
#include <cstring>

#include "engine/base/text.h"

namespace burgeon {
namespace {

struct Signature {
  std::string_view bytes;
  std::string_view what;
};

// UTF-32 little-endian begins with the UTF-16 mark and is told by the same message.
constexpr Signature kRefused[] = {
    {"\xFF\xFE", "is UTF-16; UTF-8 wanted (iconv -f UTF-16 -t UTF-8 converts it)"},
    {"\xFE\xFF", "is UTF-16; UTF-8 wanted (iconv -f UTF-16 -t UTF-8 converts it)"},
    {{"\0\0\xFE\xFF", 4}, "is UTF-32; UTF-8 wanted (iconv -f UTF-32 -t UTF-8 converts it)"},
    {"\x1F\x8B", "is gzip data; a name that ends in .gz says so"},
    {"PK\x03\x04", "is a zip archive (an Excel workbook is one); plain text or gzip wanted"},
    {"PAR1", "is a Parquet file; a name that ends in .parquet or the format parquet says so"},
};

// Clears the way for the slow check: most rows are ASCII without NUL.
bool IsPlainAscii(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080ULL;
  constexpr uint64_t kOnes = 0x0101010101010101ULL;
  while (text.size() >= 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    // (word - ones) borrows into a high bit for a zero byte; a false alarm costs the slow check.
    if (((word | (word - kOnes)) & kHighBits) != 0) return false;
    text.remove_prefix(8);
  }
  for (const char c : text) {
    if (c <= 0) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<size_t> ByteOrderMark(std::string_view begin, const std::string& path,
                                     std::string_view format) {
  if (begin.empty()) return InvalidArgument(path, ": the file is empty");
  for (const Signature& signature : kRefused) {
    if (begin.starts_with(signature.bytes)) {
      return InvalidArgument(path, ": not ", format, ": the file ", signature.what);
    }
  }
  constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
  return begin.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
}

absl::Status SkipByteOrderMark(ByteWindow& window, const std::string& path,
                               std::string_view format) {
  BURGEON_RETURN_IF_ERROR(window.FillTo(kLongestMark));
  BURGEON_ASSIGN_OR_RETURN(const size_t mark, ByteOrderMark(window.bytes(), path, format));
  window.Drop(mark);
  return absl::OkStatus();
}

std::string_view TextProblem(std::string_view text) {
  if (IsPlainAscii(text)) return {};
  if (std::memchr(text.data(), 0, text.size()) != nullptr) {
    return "has a NUL byte (text in UTF-8 wanted; UTF-16 is full of them)";
  }
  if (!IsValidUtf8(text)) return "is not valid UTF-8";
  return {};
}

}  // namespace burgeon
