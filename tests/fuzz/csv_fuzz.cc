// CSV, plain and gzip, from any bytes: the first byte chooses the size of the chunks the file comes
// in, whether it is unpacked, and whether it has a header. Every row is looked at; the number of
// good and bad rows must not depend on the chunks.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/table/gzip_source.h"
#include "engine/table/readers.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

struct Outcome {
  bool ok = false;
  int64_t rows = 0;
  int64_t bad_rows = 0;
  int64_t value_bytes = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome ReadAll(MemoryFileSystem& files, const ReadOptions& options, bool gzip, size_t chunk) {
  Outcome outcome;
  auto source = MakeFileSource(*files.OpenForRead("f"));
  if (gzip) source = MakeGzipSource("f", std::move(source), chunk);
  auto reader = OpenCsv("f", std::move(source), options, {.piece_bytes = chunk});
  if (!reader.ok()) return outcome;
  for (;;) {
    const auto batch = (*reader)->Next();
    if (!batch.ok()) return outcome;
    if (!*batch) break;
    outcome.rows += (*batch)->rows();
    outcome.bad_rows += static_cast<int64_t>((*batch)->bad_rows.size());
    for (const TextColumn& column : (*batch)->columns) {
      BURGEON_CHECK(column.size() == (*batch)->rows());
      for (int64_t i = 0; i < column.size(); ++i) {
        outcome.value_bytes += static_cast<int64_t>(column.value(i).size());
      }
    }
  }
  outcome.ok = true;
  return outcome;
}

}  // namespace
}  // namespace burgeon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  burgeon::MemoryFileSystem files;
  files.contents["f"] = std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  burgeon::ReadOptions options;
  options.delimiter = ',';
  if ((data[0] & 1) != 0) options.column_names = {"a", "b"};
  const bool gzip = (data[0] & 2) != 0;
  const size_t chunk = 1 + (data[0] >> 2);
  const auto outcome = burgeon::ReadAll(files, options, gzip, chunk);
  const auto again = burgeon::ReadAll(files, options, gzip, size_t{256} << 10);
  BURGEON_CHECK(!outcome.ok || outcome == again);
  return 0;
}
