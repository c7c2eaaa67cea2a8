// Reads the tokens of one JSON text (RFC 8259) from front to back; what they mean is the caller's.
// Internal to this room.
//
//   JsonCursor cursor;
//   cursor.Begin(text);                        // kJsonPadding bytes behind it are readable
//   if (cursor.Peek() == '{') ...
//
// Every function that returns false has set problem(). Views are into the text or into the cursor,
// and void at the next Begin. (Why not simdjson: Arrow's libparquet exports another version of it
// under the same names, and which of the two a call reaches depends on the order of a link line.)
#ifndef BURGEON_ENGINE_TABLE_JSON_CURSOR_H_
#define BURGEON_ENGINE_TABLE_JSON_CURSOR_H_

#include <string>
#include <string_view>

namespace burgeon {

// So many bytes behind the text must be readable, whatever they hold: strings are looked through
// eight bytes at a time.
inline constexpr size_t kJsonPadding = 16;

class JsonCursor {
 public:
  void Begin(std::string_view text);

  // The next byte that is not blank, or NUL at the end.
  char Peek() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
    return at_ < end_ ? *at_ : '\0';
  }
  // Bytes that are still to come.
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  // Steps over the byte that Peek gave.
  void Step() { ++at_; }
  // The string that begins here, without its escapes.
  bool ReadString(std::string_view* out);
  // The number, true, false or null that begins here, as it is written.
  bool ReadNumber(std::string_view* out);
  bool ReadWord(std::string_view word);
  // Remembers what was wanted here: "is not JSON: a comma or } is wanted at byte 12".
  bool Fail(std::string_view wanted);

  bool failed() const { return !problem_.empty(); }
  const std::string& problem() const { return problem_; }

 private:
  bool FinishString(const char* begin, std::string_view* out);
  bool Unescape(const char* begin, const char* close, std::string_view* out);
  bool ReadEscape(const char** at, const char* close);
  bool ReadHex(const char** at, const char* close, unsigned* out);

  const char* begin_ = nullptr;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::string unescaped_;  // never moves: as much as the text has is reserved
  std::string problem_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_JSON_CURSOR_H_
