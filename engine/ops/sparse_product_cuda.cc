#include "engine/ops/sparse_product_cuda.h"

#ifdef BURGEON_CUDA

#include <utility>

#include "cuda/device_buffer.h"
#include "cuda/sparse.h"
#include "engine/ops/cuda_resources.h"

namespace burgeon {
namespace {

using cuda::DeviceBuffer;

class CudaForm final : public SparseProduct::Form {
 public:
  CudaForm(CudaResources& cuda, cuda::SparseMatrix a, cuda::SparseMatrix transposed)
      : cuda_(cuda), a_(std::move(a)), transposed_(std::move(transposed)) {}

  absl::Status Times(MatrixView<const float> x, MatrixView<float> y) override {
    return Multiply(a_, x, y);
  }
  absl::Status TransposedTimes(MatrixView<const float> x, MatrixView<float> y) override {
    return Multiply(transposed_, x, y);
  }

 private:
  absl::Status Multiply(const cuda::SparseMatrix& matrix, MatrixView<const float> x,
                        MatrixView<float> y) {
    const cuda::Stream& stream = cuda_.stream;
    BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
    BURGEON_ASSIGN_OR_RETURN(const auto from, DeviceBuffer<float>::Of(stream, x));
    BURGEON_ASSIGN_OR_RETURN(const auto to, DeviceBuffer<float>::Allocate(stream, y.rows * y.cols));
    BURGEON_RETURN_IF_ERROR(cuda::SparseTimesDense(stream, cuda_.workspace, matrix,
                                                   {from.data(), x.cols}, x.cols,
                                                   cuda::SumIn::kFloat, {to.data(), y.cols}));
    return to.CopyToHost(y);
  }

  CudaResources& cuda_;
  cuda::SparseMatrix a_;
  cuda::SparseMatrix transposed_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SparseProduct::Form>> MakeSparseProductCuda(
    ExecutionContext& context, const CsrView& a) {
  BURGEON_CHECK(context.cuda() != nullptr);
  CudaResources& cuda = *context.cuda();
  BURGEON_RETURN_IF_ERROR(cuda.stream.MakeCurrent());
  BURGEON_ASSIGN_OR_RETURN(cuda::SparseMatrix matrix, cuda::SparseMatrix::Of(cuda.stream, a));
  BURGEON_ASSIGN_OR_RETURN(cuda::SparseMatrix transposed,
                           cuda::SparseMatrix::Of(cuda.stream, Transpose(a).view()));
  return std::make_unique<CudaForm>(cuda, std::move(matrix), std::move(transposed));
}

}  // namespace burgeon

#endif  // BURGEON_CUDA
