// Parquet: a small file of every type, damaged. The input is a list of changes, four bytes each:
// the place (two bytes, from the end of the file, where the footer is), what to do, and a value; an
// input that begins with "PAR1" is a file itself. The reader must answer with rows or a Status,
// with bounded memory, and the same by NextChunk as by Next.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/table/table.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

std::string SmallFile() {
  Table table;
  table.rows = 40;
  table.columns = {{.name = "s", .type = ColumnType::kString},
                   {.name = "i", .type = ColumnType::kInt64},
                   {.name = "d", .type = ColumnType::kDouble},
                   {.name = "f", .type = ColumnType::kFloat},
                   {.name = "t", .type = ColumnType::kTimestamp}};
  for (int64_t i = 0; i < table.rows; ++i) {
    table.columns[0].strings.push_back(Concat("word ", i % 7));
    table.columns[1].ints.push_back(i * i * 1'000'003);
    table.columns[2].doubles.push_back(static_cast<double>(i) / 3);
    table.columns[3].doubles.push_back(static_cast<double>(i) / 4);
    table.columns[4].ints.push_back(i * 86'400'000'000);
    for (Column& column : table.columns) column.nulls.push_back(i % 5 == 0 ? 1 : 0);
  }
  MemoryFileSystem files;
  BURGEON_CHECK(WriteParquet(files, "f.parquet", table).ok());
  return files.contents["f.parquet"];
}

std::string Damaged(const uint8_t* data, size_t size) {
  static const std::string whole = SmallFile();
  std::string bytes = whole;
  for (size_t i = 0; i + 4 <= size && !bytes.empty(); i += 4) {
    const size_t back = (size_t{data[i]} << 8 | data[i + 1]) % bytes.size();
    char& byte = bytes[bytes.size() - 1 - back];
    const char value = static_cast<char>(data[i + 3]);
    switch (data[i + 2] % 4) {
      case 0:
        byte = value;
        break;
      case 1:
        byte = static_cast<char>(byte ^ value);
        break;
      case 2:
        bytes.insert(bytes.size() - back, 1, value);
        break;
      default:
        bytes.erase(bytes.size() - 1 - back, 1);
    }
  }
  return bytes;
}

// Rows, or -1 for a Status, which must name the file.
int64_t CountRows(MemoryFileSystem& files, bool chunks) {
  const auto told = [](const absl::Status& status) {
    BURGEON_CHECK(MessageOf(status).starts_with("f.parquet: "));
    return int64_t{-1};
  };
  const auto reader = OpenTable(files, "f.parquet", {});
  if (!reader.ok()) return told(reader.status());
  int64_t rows = 0;
  for (;;) {
    TextBatch batch;
    if (chunks) {
      const auto chunk = (*reader)->NextChunk();
      if (!chunk.ok()) return told(chunk.status());
      if (*chunk == nullptr) return rows;
      auto parsed = (*chunk)->Parse();
      if (!parsed.ok()) return told(parsed.status());
      batch = *std::move(parsed);
    } else {
      auto next = (*reader)->Next();
      if (!next.ok()) return told(next.status());
      if (!*next) return rows;
      batch = **std::move(next);
    }
    for (const TextColumn& column : batch.columns) {
      BURGEON_CHECK(column.size() == batch.rows());
      for (int64_t i = 0; i < column.size(); ++i) BURGEON_CHECK(IsValidUtf8(column.value(i)));
    }
    rows += batch.rows() + static_cast<int64_t>(batch.bad_rows.size());
  }
}

}  // namespace
}  // namespace burgeon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  burgeon::MemoryFileSystem files;
  const std::string given(reinterpret_cast<const char*>(data), size);
  files.contents["f.parquet"] = given.starts_with("PAR1") ? given : burgeon::Damaged(data, size);
  const int64_t rows = burgeon::CountRows(files, false);
  const int64_t by_chunks = burgeon::CountRows(files, true);
  BURGEON_CHECK((rows < 0) == (by_chunks < 0) && (rows < 0 || rows == by_chunks));
  return 0;
}
