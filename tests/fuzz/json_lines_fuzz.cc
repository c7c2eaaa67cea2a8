// JSON from any bytes: with the keys of the first object; with paths; with records of key and
// value; with an array taken apart and extra rows.
#include <cstdint>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/table/readers.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

void ReadAll(MemoryFileSystem& files, const ReadOptions& options, size_t chunk) {
  auto reader = OpenJsonLines("f", MakeFileSource(*files.OpenForRead("f")), options, chunk);
  if (!reader.ok()) return;
  for (;;) {
    const auto batch = (*reader)->Next();
    if (!batch.ok() || !*batch) return;
    for (const TextColumn& column : (*batch)->columns) {
      BURGEON_CHECK(column.size() == (*batch)->rows());
      for (int64_t i = 0; i < column.size(); ++i) BURGEON_CHECK(IsValidUtf8(column.value(i)));
    }
  }
}

}  // namespace
}  // namespace burgeon

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  burgeon::MemoryFileSystem files;
  files.contents["f"] = std::string(reinterpret_cast<const char*>(data) + 1, size - 1);
  burgeon::ReadOptions options;
  options.batch_rows = 16;
  switch (data[0] & 3) {
    case 0:
      break;
    case 1:
      options.columns = {"a", "a.b", "c.d", "e"};
      break;
    case 2:
      options.columns = {"p{a}", "p{b}", "p", "a.p{a}"};
      break;
    default:
      options.columns = {"a#", "#element", "l.a", "l.p{a}", "l", "#row", "#name", "#value"};
      options.explode = "l";
      options.extra_rows = {{.row = "r", .each = "t", .present = {"a"}},
                            {.row = "s", .each = "", .present = {"a", "b"}}};
  }
  burgeon::ReadAll(files, options, 1 + (data[0] >> 2));
  return 0;
}
