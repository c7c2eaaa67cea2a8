// top_k_side DIR DIM K batch|single: DIR holds queries.f32, items.f32 and, for a mask,
// seen_offsets.i64 and seen_items.u32. `batch`: one call for all queries, items packed within it.
// `single`: 100 calls of one query on one packed copy. Writes rows [queries, k] as uint32, then
// their scores as fp32.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "benchmarks/paired/side.h"
#include "engine/ops/packed_items.h"
#include "engine/ops/top_k.h"

namespace burgeon {
namespace {

constexpr int64_t kSingles = 100;

FloatMatrix ReadMatrix(const std::string& path, int64_t cols) {
  std::vector<float> values = ReadFloats(path);
  const auto rows = static_cast<int64_t>(values.size()) / cols;
  return {rows, cols, std::move(values)};
}

void WriteLists(const std::vector<TopKResult>& results, int64_t k, const std::string& path) {
  std::vector<uint32_t> out;
  for (const TopKResult& result : results) {
    for (size_t q = 0; q + 1 < result.offsets.size(); ++q) {
      const auto list = result.list(static_cast<int64_t>(q));
      for (size_t r = 0; r < static_cast<size_t>(k); ++r) {
        out.push_back(r < list.size() ? list[r].item.value : UINT32_MAX);
      }
    }
  }
  WriteBytes(path, out.data(), out.size() * sizeof(uint32_t));
}

int Main(int argc, char** argv) {
  if (argc != 5) Fail("top_k_side DIR DIM K batch|single");
  const std::string folder = argv[1];
  const int64_t dim = std::atoll(argv[2]);
  const TopKParams params = {.k = std::atoi(argv[3])};
  const bool single = std::string(argv[4]) == "single";
  const FloatMatrix queries = ReadMatrix(folder + "/queries.f32", dim);
  const FloatMatrix items = ReadMatrix(folder + "/items.f32", dim);
  CsrMatrix seen;
  TopKInput input{.queries = queries.view(), .items = items.view(), .excluded = {}, .allowed = {}};
  if (std::filesystem::exists(folder + "/seen_offsets.i64")) {
    seen.offsets = ReadInt64s(folder + "/seen_offsets.i64");
    seen.columns = ReadUint32s(folder + "/seen_items.u32");
    seen.cols = items.rows();
    input.excluded = seen.view();
  }
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16AndInt8);
  if (!packed.ok()) Fail(std::string(packed.status().message()));
  std::vector<TopKResult> results;
  const auto answer = [&](const TopKInput& one) {
    auto result = TopK(context, one, params);
    if (!result.ok()) Fail(std::string(result.status().message()));
    results.push_back(*std::move(result));
  };
  ServeSide(
      [&] {
        results.clear();
        if (!single) return answer(input);
        TopKInput one = input;
        one.packed = &*packed;
        for (int64_t q = 0; q < kSingles; ++q) {
          one.queries = input.queries.Rows(q, q + 1);
          if (!input.excluded.offsets.empty()) {
            one.excluded.offsets = input.excluded.offsets.subspan(static_cast<size_t>(q), 2);
          }
          answer(one);
        }
      },
      [&](const std::string& path) { WriteLists(results, params.k, path); });
  return 0;
}

}  // namespace
}  // namespace burgeon

int main(int argc, char** argv) { return burgeon::Main(argc, argv); }
