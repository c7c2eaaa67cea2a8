// How fast CSV becomes columns of text, by instruction set, beside Arrow's own reader: one thread,
// the file in the page cache, every value as text.
//
//   ninja -C build/release csv_scan_benchmark
//   build/release/benchmarks/csv_scan/csv_scan_benchmark --benchmark_repetitions=5
//
// BURGEON_CSV=FILE measures that file; without it 500,000 rows are made (time, customer, item,
// kind, value; 22 MB), and a second file with every text in quotes. Arrow is given columns of
// strings, no threads, and a null for an empty field, which is what our reader yields.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include <arrow/csv/api.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include "engine/base/check.h"
#include "engine/base/philox.h"
#include "engine/storage/file_system.h"
#include "engine/table/readers.h"

namespace burgeon {
namespace {

enum class Quotes { kNone, kText };

std::string MakeFile(Quotes quotes) {
  const Philox random(7, 1);
  const std::string quote = quotes == Quotes::kText ? "\"" : "";
  std::string text = "time,customer,item,kind,value\n";
  constexpr const char* kKinds[] = {"view", "view", "view", "cart", "purchase"};
  for (uint64_t i = 0; i < 500'000; ++i) {
    text += Concat(1'300'000'000 + i / 3, ",", quote, "u", random.Below(4 * i, 100'000), quote, ",",
                   quote, "item-", random.Below(4 * i + 1, 50'000), quote, ",", quote,
                   kKinds[random.Below(4 * i + 2, 5)], quote, ",");
    const uint64_t cents = random.Below(4 * i + 3, 20'000);
    if (cents % 4 != 0) text += Concat(cents / 100, ".", cents % 100);
    text += '\n';
  }
  const auto name = quotes == Quotes::kText ? "burgeon-quoted.csv" : "burgeon-plain.csv";
  const std::string path = std::filesystem::temp_directory_path() / name;
  BURGEON_CHECK(WriteFileAtomically(RealFileSystem(), path, text).ok());
  return path;
}

const std::string& PathOf(Quotes quotes) {
  const char* given = std::getenv("BURGEON_CSV");
  static const std::string plain = given != nullptr ? given : MakeFile(Quotes::kNone);
  static const std::string quoted = given != nullptr ? given : MakeFile(Quotes::kText);
  return quotes == Quotes::kText ? quoted : plain;
}

void Report(benchmark::State& state, const std::string& path, int64_t rows) {
  state.SetBytesProcessed(state.iterations() *
                          static_cast<int64_t>(std::filesystem::file_size(path)));
  state.counters["row"] =
      benchmark::Counter(static_cast<double>(rows * state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

std::unique_ptr<TableReader> Open(const std::string& path, ScanLevel level, size_t piece_bytes) {
  ReadOptions options;
  options.delimiter = ',';
  auto file = RealFileSystem().OpenForRead(path);
  BURGEON_CHECK(file.ok());
  auto reader = OpenCsv(path, MakeFileSource(*std::move(file)), options,
                        {.piece_bytes = piece_bytes, .level = level});
  BURGEON_CHECK(reader.ok());
  return *std::move(reader);
}

// Cut and parsed, as ingest does it, on one thread.
void ReadCsv(benchmark::State& state, ScanLevel level, Quotes quotes) {
  if (!IsSupported(level)) {
    state.SkipWithError("this CPU does not have it");
    return;
  }
  const std::string& path = PathOf(quotes);
  int64_t rows = 0;
  for (auto _ : state) {
    const auto reader = Open(path, level, static_cast<size_t>(state.range(0)) << 10);
    rows = 0;
    for (;;) {
      const auto batch = reader->Next();
      BURGEON_CHECK(batch.ok());
      if (!*batch) break;
      rows += (*batch)->rows();
    }
  }
  Report(state, path, rows);
}

// Only cut: what cannot be done side by side.
void CutCsv(benchmark::State& state, ScanLevel level) {
  const std::string& path = PathOf(Quotes::kNone);
  for (auto _ : state) {
    const auto reader = Open(path, level, kPieceBytes);
    for (;;) {
      const auto chunk = reader->NextChunk();
      BURGEON_CHECK(chunk.ok());
      if (*chunk == nullptr) break;
    }
  }
  Report(state, path, 500'000);
}

void ReadCsvWithArrow(benchmark::State& state, Quotes quotes) {
  const std::string& path = PathOf(quotes);
  int64_t rows = 0;
  for (auto _ : state) {
    auto read = arrow::csv::ReadOptions::Defaults();
    read.use_threads = false;
    auto convert = arrow::csv::ConvertOptions::Defaults();
    convert.strings_can_be_null = true;
    convert.null_values = {""};
    for (const char* name : {"time", "customer", "item", "kind", "value"}) {
      convert.column_types[name] = arrow::utf8();
    }
    const auto file = *arrow::io::ReadableFile::Open(path);
    const auto reader = *arrow::csv::StreamingReader::Make(
        arrow::io::default_io_context(), file, read, arrow::csv::ParseOptions::Defaults(), convert);
    rows = 0;
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      BURGEON_CHECK(reader->ReadNext(&batch).ok());
      if (batch == nullptr) break;
      rows += batch->num_rows();
    }
  }
  Report(state, path, rows);
}

BENCHMARK_CAPTURE(CutCsv, avx512, ScanLevel::kAvx512);
BENCHMARK_CAPTURE(CutCsv, avx2, ScanLevel::kAvx2);
BENCHMARK_CAPTURE(CutCsv, portable, ScanLevel::kPortable);
BENCHMARK_CAPTURE(ReadCsv, avx512, ScanLevel::kAvx512, Quotes::kNone)
    ->Arg(128)
    ->Arg(256)
    ->Arg(512)
    ->Arg(1024)
    ->Arg(2048);
BENCHMARK_CAPTURE(ReadCsv, avx2, ScanLevel::kAvx2, Quotes::kNone)->Arg(512);
BENCHMARK_CAPTURE(ReadCsv, portable, ScanLevel::kPortable, Quotes::kNone)->Arg(512);
BENCHMARK_CAPTURE(ReadCsvWithArrow, plain, Quotes::kNone);
BENCHMARK_CAPTURE(ReadCsv, avx512_quoted, ScanLevel::kAvx512, Quotes::kText)->Arg(512);
BENCHMARK_CAPTURE(ReadCsv, avx2_quoted, ScanLevel::kAvx2, Quotes::kText)->Arg(512);
BENCHMARK_CAPTURE(ReadCsv, portable_quoted, ScanLevel::kPortable, Quotes::kText)->Arg(512);
BENCHMARK_CAPTURE(ReadCsvWithArrow, quoted, Quotes::kText);

}  // namespace
}  // namespace burgeon

BENCHMARK_MAIN();
