// CSV from any bytes. The first byte chooses whether there is a header, whether the file is packed,
// and the way it is read; the second the size of the pieces. Plain text is held to the plain
// reading of the rules (tests/support/plain_csv.h) for every instruction set; of packed text the
// rows must not depend on the pieces.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/table/gzip_source.h"
#include "engine/table/readers.h"
#include "engine/table/text_encoding.h"
#include "tests/support/memory_file_system.h"
#include "tests/support/plain_csv.h"

namespace burgeon {
namespace {

struct Row {
  int64_t line = 0;
  bool good = false;
  std::vector<std::optional<std::string>> fields;
  std::string raw;
  friend bool operator==(const Row&, const Row&) = default;
};

struct Outcome {
  absl::Status status;
  std::vector<Row> good;
  std::vector<Row> bad;
};

void Add(const TextBatch& batch, Outcome& outcome) {
  for (int64_t i = 0; i < batch.rows(); ++i) {
    Row row{.line = batch.lines[static_cast<size_t>(i)], .good = true, .fields = {}, .raw = {}};
    for (const TextColumn& column : batch.columns) {
      BURGEON_CHECK(column.size() == batch.rows());
      row.fields.push_back(column.is_null(i) ? std::nullopt
                                             : std::optional<std::string>(column.value(i)));
    }
    outcome.good.push_back(std::move(row));
  }
  for (const BadRow& bad : batch.bad_rows) {
    outcome.bad.push_back({.line = bad.line, .good = false, .fields = {}, .raw = bad.raw});
  }
}

absl::Status Read(TableReader& reader, bool chunks, Outcome& outcome) {
  for (;;) {
    if (chunks) {
      BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<TableChunk> chunk, reader.NextChunk());
      if (chunk == nullptr) return absl::OkStatus();
      BURGEON_ASSIGN_OR_RETURN(const TextBatch batch, chunk->Parse());
      Add(batch, outcome);
    } else {
      BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader.Next());
      if (!batch) return absl::OkStatus();
      Add(*batch, outcome);
    }
  }
}

Outcome ReadFile(MemoryFileSystem& files, const ReadOptions& options, bool gzip, bool chunks,
                 const PieceRules& rules) {
  Outcome outcome;
  auto source = MakeFileSource(*files.OpenForRead("f"));
  if (gzip) source = MakeGzipSource("f", std::move(source), rules.piece_bytes);
  auto reader = OpenCsv("f", std::move(source), options, rules);
  outcome.status = reader.ok() ? Read(**reader, chunks, outcome) : reader.status();
  return outcome;
}

// What the plain reading finds good and bad, without a header.
void CheckAgainstPlain(std::string_view text, const Outcome& outcome, size_t columns) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const PlainCsv plain = ReadPlainCsv(text, ',');
  BURGEON_CHECK(outcome.status.ok() != plain.open_quote_line.has_value());
  size_t good = 0;
  size_t bad = 0;
  for (const PlainCsvRow& row : plain.rows) {
    if (row.text.empty() && columns != 1) continue;
    const bool is_good =
        !row.text_after_quote && row.fields.size() == columns && TextProblem(row.text).empty();
    const std::vector<Row>& rows = is_good ? outcome.good : outcome.bad;
    size_t& at = is_good ? good : bad;
    if (at == rows.size()) {  // read up to the piece with the open quote
      BURGEON_CHECK(!outcome.status.ok());
      return;
    }
    const Row wanted{.line = row.line,
                     .good = is_good,
                     .fields = is_good ? row.fields : std::vector<std::optional<std::string>>(),
                     .raw = is_good ? "" : row.text};
    BURGEON_CHECK(rows[at++] == wanted);
  }
  BURGEON_CHECK(good == outcome.good.size() && bad == outcome.bad.size());
}

void CheckSame(const Outcome& a, const Outcome& b) {
  BURGEON_CHECK(a.status.code() == b.status.code());
  if (!a.status.ok()) return;  // how many rows come before an error depends on the pieces
  BURGEON_CHECK(a.good == b.good && a.bad == b.bad);
}

}  // namespace
}  // namespace burgeon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using burgeon::Outcome;
  if (size < 2 || size > 4096) return 0;
  burgeon::MemoryFileSystem files;
  files.contents["f"] = std::string(reinterpret_cast<const char*>(data) + 2, size - 2);
  burgeon::ReadOptions options;
  options.delimiter = ',';
  const int columns = data[0] & 3;  // 0: the file has a header
  for (int i = 0; i < columns; ++i) options.column_names.push_back(std::string(1, 'a' + i));
  const bool gzip = (data[0] & 4) != 0;
  const bool chunks = (data[0] & 8) != 0;
  const size_t piece = size_t{1} + data[1];
  const Outcome whole = burgeon::ReadFile(files, options, gzip, !chunks, {});
  for (const burgeon::ScanLevel level : burgeon::kScanLevels) {
    if (!burgeon::IsSupported(level)) continue;
    const Outcome outcome =
        burgeon::ReadFile(files, options, gzip, chunks, {.piece_bytes = piece, .level = level});
    burgeon::CheckSame(whole, outcome);
    const bool refused = outcome.status.code() == absl::StatusCode::kInvalidArgument;
    if (!gzip && columns > 0 && !refused) {
      burgeon::CheckAgainstPlain(files.contents["f"], outcome, options.column_names.size());
    }
  }
  return 0;
}
