// als_side DIR DIM BLOCK UNOBSERVED REGULARIZATION EXPONENT: one epoch of ALS from the factors in
// DIR/users.f32 and DIR/items.f32 (users first, then items), over DIR/offsets.i64 and
// DIR/columns.u32; every entry has the weight in DIR/weight.f32. `write PATH`: users, then items.
#include <cstdlib>
#include <string>

#include "benchmarks/paired/side.h"
#include "engine/ops/als_step.h"

namespace burgeon {
namespace {

FloatMatrix ReadMatrix(const std::string& path, int64_t cols) {
  std::vector<float> values = ReadFloats(path);
  const auto rows = static_cast<int64_t>(values.size()) / cols;
  return {rows, cols, std::move(values)};
}

void Check(const absl::Status& status) {
  if (!status.ok()) Fail(std::string(status.message()));
}

int Main(int argc, char** argv) {
  if (argc != 7) Fail("als_side DIR DIM BLOCK UNOBSERVED REGULARIZATION EXPONENT");
  const std::string folder = argv[1];
  const int64_t dim = std::atoll(argv[2]);
  const AlsStepParams params = {.unobserved_weight = std::strtof(argv[4], nullptr),
                                .regularization = std::strtof(argv[5], nullptr),
                                .regularization_exponent = std::strtof(argv[6], nullptr),
                                .block_size = std::atoi(argv[3])};
  FloatMatrix users = ReadMatrix(folder + "/users.f32", dim);
  FloatMatrix items = ReadMatrix(folder + "/items.f32", dim);
  CsrMatrix matrix;
  matrix.offsets = ReadInt64s(folder + "/offsets.i64");
  matrix.columns = ReadUint32s(folder + "/columns.u32");
  matrix.cols = items.rows();
  const float weight = ReadFloats(folder + "/weight.f32").at(0);
  if (weight != 1) matrix.values.assign(matrix.columns.size(), weight);
  const CsrMatrix transposed = Transpose(matrix.view());
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  ServeSide(
      [&] {
        Check(AlsStep(context, matrix.view(), items.view(), params, users.view()));
        Check(AlsStep(context, transposed.view(), users.view(), params, items.view()));
      },
      [&](const std::string& path) {
        std::vector<float> both = users.values();
        both.insert(both.end(), items.values().begin(), items.values().end());
        WriteBytes(path, both.data(), both.size() * sizeof(float));
      });
  return 0;
}

}  // namespace
}  // namespace burgeon

int main(int argc, char** argv) { return burgeon::Main(argc, argv); }
