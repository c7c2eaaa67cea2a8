// Reading a whole source in a test, and making gzip data.
#ifndef BURGEON_TESTS_ENGINE_TABLE_TEXT_READING_H_
#define BURGEON_TESTS_ENGINE_TABLE_TEXT_READING_H_

#include <zlib.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/table/byte_source.h"
#include "engine/table/readers.h"
#include "engine/table/table.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {

using TextRow = std::vector<std::optional<std::string>>;

struct WholeText {
  std::vector<std::string> names;
  std::vector<TextRow> rows;
  std::vector<int64_t> lines;
  std::vector<BadRow> bad_rows;
  int64_t source_bytes = 0;
  int batches = 0;
};

inline void AddBatch(const TextBatch& batch, WholeText& whole) {
  ++whole.batches;
  whole.source_bytes += batch.source_bytes;
  BURGEON_CHECK(batch.columns.size() == whole.names.size());
  for (int64_t i = 0; i < batch.rows(); ++i) {
    TextRow row;
    for (const TextColumn& column : batch.columns) {
      BURGEON_CHECK(column.size() == batch.rows());
      row.push_back(column.is_null(i) ? std::nullopt : std::optional<std::string>(column.value(i)));
    }
    whole.rows.push_back(std::move(row));
  }
  whole.lines.insert(whole.lines.end(), batch.lines.begin(), batch.lines.end());
  whole.bad_rows.insert(whole.bad_rows.end(), batch.bad_rows.begin(), batch.bad_rows.end());
}

inline absl::StatusOr<WholeText> ReadAll(TableReader& reader) {
  WholeText whole;
  whole.names = reader.column_names();
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader.Next());
    if (!batch) return whole;
    AddBatch(*batch, whole);
  }
}

// By NextChunk: every piece is cut before the first is parsed, and the last is parsed first.
inline absl::StatusOr<WholeText> ReadAllChunks(TableReader& reader) {
  std::vector<std::unique_ptr<TableChunk>> chunks;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<TableChunk> chunk, reader.NextChunk());
    if (chunk == nullptr) break;
    chunks.push_back(std::move(chunk));
  }
  std::vector<TextBatch> batches(chunks.size());
  for (size_t i = chunks.size(); i-- > 0;) {
    BURGEON_ASSIGN_OR_RETURN(batches[i], chunks[i]->Parse());
  }
  WholeText whole;
  whole.names = reader.column_names();
  for (const TextBatch& batch : batches) AddBatch(batch, whole);
  return whole;
}

inline absl::StatusOr<WholeText> ReadFile(FileSystem& files, const std::string& path,
                                          const ReadOptions& options = {}) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, options));
  return ReadAll(*reader);
}

inline std::string Gzip(const std::string& text) {
  z_stream stream = {};
  BURGEON_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) ==
                Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BURGEON_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_TABLE_TEXT_READING_H_
