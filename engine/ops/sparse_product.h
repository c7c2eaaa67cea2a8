// A sparse matrix kept where the context computes, for many products with dense ones, from either
// side: the contract of both the CPU and the CUDA form.
//
//   BURGEON_ASSIGN_OR_RETURN(const SparseProduct product, SparseProduct::Create(context, a));
//   BURGEON_RETURN_IF_ERROR(product.Times(x.view(), y.view()));             // y = A x
//   BURGEON_RETURN_IF_ERROR(product.TransposedTimes(y.view(), x.view()));   // x = A' y
//
// fp32; every sum has the order of engine/base/sum_order.h, which has the bound of its error: the
// same bits on every device and for any number of threads. The transpose is built once.
//
// The context, and what the view points to, must outlive it; used by one thread at a time.
#ifndef BURGEON_ENGINE_OPS_SPARSE_PRODUCT_H_
#define BURGEON_ENGINE_OPS_SPARSE_PRODUCT_H_

#include <memory>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

class SparseProduct {
 public:
  // a: [n, m]. kResourceExhausted when the device has no room for it.
  static absl::StatusOr<SparseProduct> Create(ExecutionContext& context, const CsrView& a);
  ~SparseProduct();
  SparseProduct(SparseProduct&&) noexcept;
  SparseProduct& operator=(SparseProduct&&) noexcept;

  // x: [m, d], y: [n, d], on the host. Shapes that do not fit are bugs (BURGEON_CHECK);
  // kResourceExhausted when the device has no room for x, y and the partial sums of long rows.
  absl::Status Times(MatrixView<const float> x, MatrixView<float> y) const;
  // x: [n, d], y: [m, d].
  absl::Status TransposedTimes(MatrixView<const float> x, MatrixView<float> y) const;

  // One a kind of device.
  class Form {
   public:
    virtual ~Form() = default;
    virtual absl::Status Times(MatrixView<const float> x, MatrixView<float> y) = 0;
    virtual absl::Status TransposedTimes(MatrixView<const float> x, MatrixView<float> y) = 0;
  };

 private:
  SparseProduct(int64_t rows, int64_t cols, std::unique_ptr<Form> form);

  int64_t rows_ = 0;
  int64_t cols_ = 0;
  std::unique_ptr<Form> form_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SPARSE_PRODUCT_H_
