// svd_side DIR RANK OVERSAMPLE ITERATIONS EVERY: the truncated decomposition of the matrix
// in DIR/offsets.i64, DIR/columns.u32 and DIR/values.f32, with as many columns as DIR/columns.count
// (int64) says. `write PATH`: singular values, then right vectors, [columns, rank], fp32.
#include <cstdlib>
#include <iostream>
#include <string>

#include "benchmarks/paired/side.h"
#include "engine/ops/truncated_svd.h"

namespace burgeon {
namespace {

int Main(int argc, char** argv) {
  if (argc != 6) Fail("svd_side DIR RANK OVERSAMPLE ITERATIONS EVERY");
  const std::string folder = argv[1];
  const TruncatedSvdOptions options = {.rank = std::atoi(argv[2]),
                                       .oversample = std::atoi(argv[3]),
                                       .iterations = std::atoi(argv[4]),
                                       .orthonormalize_every = std::atoi(argv[5])};
  CsrMatrix matrix;
  matrix.offsets = ReadInt64s(folder + "/offsets.i64");
  matrix.columns = ReadUint32s(folder + "/columns.u32");
  matrix.values = ReadFloats(folder + "/values.f32");
  matrix.cols = ReadInt64s(folder + "/columns.count").at(0);
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  TruncatedSvd svd;
  ServeSide(
      [&] {
        auto found = DecomposeTruncated(context, matrix.view(), options);
        if (!found.ok()) Fail(std::string(found.status().message()));
        svd = *std::move(found);
      },
      [&](const std::string& path) {
        std::vector<float> out(svd.values.begin(), svd.values.end());
        out.insert(out.end(), svd.right_vectors.values().begin(), svd.right_vectors.values().end());
        WriteBytes(path, out.data(), out.size() * sizeof(float));
        for (const std::string& line : svd.lines) std::cerr << line << "\n";
      });
  return 0;
}

}  // namespace
}  // namespace burgeon

int main(int argc, char** argv) { return burgeon::Main(argc, argv); }
