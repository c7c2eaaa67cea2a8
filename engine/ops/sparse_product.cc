#include "engine/ops/sparse_product.h"

#include <utility>

#include "engine/base/check.h"
#include "engine/ops/sparse.h"
#ifdef BURGEON_CUDA
#include "engine/ops/sparse_product_cuda.h"
#endif

namespace burgeon {
namespace {

class CpuForm final : public SparseProduct::Form {
 public:
  CpuForm(ExecutionContext& context, const CsrView& a)
      : context_(context), a_(a), transposed_(Transpose(a)) {}

  absl::Status Times(MatrixView<const float> x, MatrixView<float> y) override {
    SparseTimesDense(context_, a_, x, y);
    return absl::OkStatus();
  }
  absl::Status TransposedTimes(MatrixView<const float> x, MatrixView<float> y) override {
    SparseTimesDense(context_, transposed_.view(), x, y);
    return absl::OkStatus();
  }

 private:
  ExecutionContext& context_;
  const CsrView a_;
  const CsrMatrix transposed_;
};

}  // namespace

SparseProduct::SparseProduct(int64_t rows, int64_t cols, std::unique_ptr<Form> form)
    : rows_(rows), cols_(cols), form_(std::move(form)) {}
SparseProduct::~SparseProduct() = default;
SparseProduct::SparseProduct(SparseProduct&&) noexcept = default;
SparseProduct& SparseProduct::operator=(SparseProduct&&) noexcept = default;

absl::StatusOr<SparseProduct> SparseProduct::Create(ExecutionContext& context, const CsrView& a) {
#ifdef BURGEON_CUDA
  if (context.device().kind == DeviceKind::kCuda) {
    BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<Form> form, MakeSparseProductCuda(context, a));
    return SparseProduct(a.rows(), a.cols, std::move(form));
  }
#endif
  return SparseProduct(a.rows(), a.cols, std::make_unique<CpuForm>(context, a));
}

absl::Status SparseProduct::Times(MatrixView<const float> x, MatrixView<float> y) const {
  BURGEON_CHECK(x.rows == cols_ && y.rows == rows_ && x.cols == y.cols);
  return form_->Times(x, y);
}

absl::Status SparseProduct::TransposedTimes(MatrixView<const float> x, MatrixView<float> y) const {
  BURGEON_CHECK(x.rows == rows_ && y.rows == cols_ && x.cols == y.cols);
  return form_->TransposedTimes(x, y);
}

}  // namespace burgeon
