#include "engine/table/json_pieces.h"

#include <algorithm>
#include <utility>

#include "engine/base/limits.h"
#include "engine/table/json_row.h"
#include "engine/table/text_encoding.h"

namespace burgeon {
namespace {

constexpr auto kMaxRow = static_cast<size_t>(limits::kMaxRowBytes);
constexpr auto kMaxField = static_cast<size_t>(limits::kMaxFieldBytes);

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view WithoutReturn(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

JsonPieces::JsonPieces(std::string path, std::unique_ptr<ByteSource> source, size_t chunk_bytes)
    : path_(std::move(path)), window_(std::move(source), chunk_bytes) {}

absl::Status JsonPieces::Fill(size_t bytes) {
  const absl::Status status = window_.FillTo(bytes);
  if (status.ok()) return status;
  const std::string_view seen = window_.bytes();
  const auto lines = std::count(seen.begin(), seen.end(), '\n');
  return MakeStatus(status.code(), MessageOf(status), " (read up to line ", line_ + lines, ")");
}

void JsonPieces::Take(size_t bytes) {
  const std::string_view taken = window_.bytes().substr(0, bytes);
  line_ += std::count(taken.begin(), taken.end(), '\n');
  window_.Drop(bytes);
}

absl::StatusOr<char> JsonPieces::SkipBlanks() {
  for (;;) {
    const std::string_view bytes = window_.bytes();
    const auto* const found = std::find_if_not(bytes.begin(), bytes.end(), IsBlank);
    const auto blanks = static_cast<size_t>(found - bytes.begin());
    if (blanks < bytes.size()) {
      const char next = *found;
      Take(blanks);
      return next;
    }
    Take(blanks);
    if (window_.at_end()) return '\0';
    BURGEON_RETURN_IF_ERROR(Fill(1));
  }
}

absl::Status JsonPieces::Begin() {
  BURGEON_RETURN_IF_ERROR(SkipByteOrderMark(window_, path_, "JSON lines"));
  BURGEON_ASSIGN_OR_RETURN(const char first, SkipBlanks());
  array_ = first == '[';
  if (array_) Take(1);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<JsonPiece>> JsonPieces::Next(int64_t max_objects) {
  if (put_back_) return std::exchange(put_back_, std::nullopt);
  for (;;) {
    std::optional<JsonPiece> piece(std::in_place);
    BURGEON_RETURN_IF_ERROR(array_ ? NextElements(max_objects, &*piece)
                                   : NextLines(max_objects, &*piece));
    const bool at_end = array_ ? done_ : window_.bytes().empty() && window_.at_end();
    const bool empty = piece->spans.empty() && piece->too_long.empty();
    if (empty && !at_end) continue;  // blank lines; their bytes are counted with the next piece
    piece->source_bytes = window_.TakeFileBytes();
    if (empty && piece->source_bytes == 0) return std::optional<JsonPiece>();
    piece->bytes.reserve(piece->bytes.size() + kJsonPadding);
    return piece;
  }
}

// ---- Lines

absl::Status JsonPieces::SkipLongLine(JsonPiece* piece) {
  const std::string_view begin = window_.bytes().substr(0, kMaxField);
  piece->too_long.push_back({.line = line_,
                             .reason = Concat("has more than ", limits::kMaxRowBytes, " bytes"),
                             .raw = std::string(begin)});
  for (;;) {
    const size_t end = window_.bytes().find('\n');
    if (end != std::string_view::npos) {
      Take(end + 1);
      return absl::OkStatus();
    }
    window_.Drop(window_.bytes().size());
    if (window_.at_end()) return absl::OkStatus();
    BURGEON_RETURN_IF_ERROR(Fill(1));
  }
}

absl::Status JsonPieces::NextLines(int64_t max_objects, JsonPiece* piece) {
  BURGEON_RETURN_IF_ERROR(Fill(kJsonPieceBytes));
  size_t whole = window_.bytes().rfind('\n');
  for (size_t looked = 0; whole == std::string_view::npos;) {
    looked = window_.bytes().size();
    if (looked > kMaxRow) return SkipLongLine(piece);
    if (window_.at_end()) break;
    BURGEON_RETURN_IF_ERROR(Fill(looked + 1));
    const size_t found = window_.bytes().find('\n', looked);
    if (found != std::string_view::npos) whole = found;
  }
  const std::string_view bytes = window_.bytes();
  const size_t limit =
      window_.at_end() || whole == std::string_view::npos ? bytes.size() : whole + 1;
  size_t at = 0;
  while (at < limit && static_cast<int64_t>(piece->spans.size()) < max_objects) {
    const size_t end = std::min(bytes.find('\n', at), limit);
    const std::string_view line = WithoutReturn(bytes.substr(at, end - at));
    if (line.size() > kMaxRow) {
      if (at > 0) break;  // with a piece of its own
      return SkipLongLine(piece);
    }
    if (!TrimAscii(line).empty()) piece->spans.push_back({at, line.size(), line_});
    if (end < limit) ++line_;
    at = std::min(end + 1, limit);
  }
  piece->bytes.reserve(at + kJsonPadding);
  piece->bytes.append(bytes.data(), at);
  window_.Drop(at);
  return absl::OkStatus();
}

// ---- The elements of an array

// The bytes of the value that the window begins with. Only brackets and quotes are looked at: what
// is in between is for the parser.
absl::StatusOr<size_t> JsonPieces::ElementSize() {
  int64_t depth = 0;
  bool quoted = false;
  for (size_t at = 0;; ++at) {
    if (at > kMaxRow) {
      return InvalidArgument(path_, ": line ", line_, ": the array's element that begins here has ",
                             "more than ", limits::kMaxRowBytes, " bytes, or is not closed");
    }
    while (at >= window_.bytes().size()) {
      if (window_.at_end()) {
        return DataLoss(path_, ": the file ends in the middle of the array's element that begins ",
                        "in line ", line_);
      }
      BURGEON_RETURN_IF_ERROR(Fill(at + 1));
    }
    const char c = window_.bytes()[at];
    if (quoted) {
      if (c == '\\') ++at;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return at;  // the array's own
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
}

// False at the array's end.
absl::StatusOr<bool> JsonPieces::NextElement(JsonPiece* piece) {
  BURGEON_ASSIGN_OR_RETURN(char next, SkipBlanks());
  if (next == ']') {
    Take(1);
    BURGEON_ASSIGN_OR_RETURN(next, SkipBlanks());
    if (next == '\0') return false;
    return InvalidArgument(path_, ": line ", line_, ": there is text after the end of the array");
  }
  if (!first_) {
    if (next != ',') {
      return next == '\0'
                 ? DataLoss(path_, ": the file ends before the array does, in line ", line_)
                 : InvalidArgument(path_, ": line ", line_,
                                   ": a comma or the end of the array is wanted");
    }
    Take(1);
    BURGEON_RETURN_IF_ERROR(SkipBlanks().status());
  } else if (next == '\0') {
    return DataLoss(path_, ": the file ends before the array does, in line ", line_);
  }
  first_ = false;
  BURGEON_ASSIGN_OR_RETURN(const size_t size, ElementSize());
  piece->spans.push_back({piece->bytes.size(), size, line_});
  piece->bytes += window_.bytes().substr(0, size);
  Take(size);
  return true;
}

absl::Status JsonPieces::NextElements(int64_t max_objects, JsonPiece* piece) {
  while (!done_ && piece->bytes.size() < kJsonPieceBytes &&
         static_cast<int64_t>(piece->spans.size()) < max_objects) {
    BURGEON_ASSIGN_OR_RETURN(const bool more, NextElement(piece));
    done_ = !more;
  }
  return absl::OkStatus();
}

}  // namespace burgeon
