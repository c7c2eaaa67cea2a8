// Cuts a JSON source into pieces of whole objects: lines with one object each, or the elements of
// one array. Internal to this room.
//
//   JsonPieces pieces(path, std::move(source), chunk_bytes);
//   BURGEON_RETURN_IF_ERROR(pieces.Begin());
//   while (auto piece = pieces.Next(65'536)) ...
#ifndef BURGEON_ENGINE_TABLE_JSON_PIECES_H_
#define BURGEON_ENGINE_TABLE_JSON_PIECES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/table/byte_window.h"
#include "engine/table/table.h"

namespace burgeon {

// About so many bytes a piece: enough that handing it to a thread costs nothing beside parsing it.
inline constexpr size_t kJsonPieceBytes = size_t{1} << 20;

struct JsonPiece {
  struct Span {
    size_t begin = 0;
    size_t size = 0;
    int64_t line = 0;  // where it begins
  };
  std::string bytes;        // kJsonPadding more are readable
  std::vector<Span> spans;  // of what should be objects; blank lines are left out
  std::vector<BadRow> too_long;
  int64_t source_bytes = 0;
};

class JsonPieces {
 public:
  JsonPieces(std::string path, std::unique_ptr<ByteSource> source, size_t chunk_bytes);

  // Reads how the file begins: '[' begins an array. kInvalidArgument: empty, or no UTF-8.
  absl::Status Begin();
  // The next piece, of at most so many objects; nothing at the end. kDataLoss: cut in the middle;
  // kInvalidArgument: an array that does not go on as one.
  absl::StatusOr<std::optional<JsonPiece>> Next(int64_t max_objects);
  // Gives a piece back: the next one is it.
  void PutBack(JsonPiece piece) { put_back_ = std::move(piece); }

  int64_t file_bytes() const { return window_.file_bytes(); }

 private:
  absl::Status Fill(size_t bytes);
  absl::Status NextLines(int64_t max_objects, JsonPiece* piece);
  absl::Status NextElements(int64_t max_objects, JsonPiece* piece);
  absl::Status SkipLongLine(JsonPiece* piece);
  absl::StatusOr<bool> NextElement(JsonPiece* piece);
  absl::StatusOr<char> SkipBlanks();
  absl::StatusOr<size_t> ElementSize();
  void Take(size_t bytes);

  const std::string path_;
  ByteWindow window_;
  std::optional<JsonPiece> put_back_;
  int64_t line_ = 1;  // that the window begins in
  bool array_ = false;
  bool done_ = false;  // with the array
  bool first_ = true;  // no element of it was read
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_JSON_PIECES_H_
