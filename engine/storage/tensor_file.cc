#include "engine/storage/tensor_file.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are kept as they lie in memory");

template <class T>
constexpr TensorType TypeOf() {
  if constexpr (std::is_same_v<T, float>) return TensorType::kF32;
  if constexpr (std::is_same_v<T, double>) return TensorType::kF64;
  if constexpr (std::is_same_v<T, int64_t>) return TensorType::kI64;
  if constexpr (std::is_same_v<T, int32_t>) return TensorType::kI32;
  if constexpr (std::is_same_v<T, uint32_t>) return TensorType::kU32;
  if constexpr (std::is_same_v<T, uint8_t>) return TensorType::kU8;
}

template <class T>
Tensor VectorTensor(std::span<const T> values) {
  Tensor tensor{TypeOf<T>(), {static_cast<int64_t>(values.size())}, {}};
  if (!values.empty()) {
    tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }
  return tensor;
}

// The tensor of that name when it has the type and number of dimensions wanted.
absl::StatusOr<const Tensor*> Find(const TensorFile& file, const std::string& name, TensorType type,
                                   size_t dimensions) {
  const auto found = file.tensors().find(name);
  if (found == file.tensors().end()) {
    return DataLoss("tensor '", Printable(name), "': missing; ", TensorTypeName(type), " with ",
                    dimensions, " dimensions was wanted");
  }
  const Tensor& tensor = found->second;
  if (tensor.type != type || tensor.shape.size() != dimensions) {
    return DataLoss("tensor '", Printable(name), "': is ", TensorTypeName(tensor.type), " ",
                    ShapeName(tensor.shape), "; ", TensorTypeName(type), " with ", dimensions,
                    " dimensions was wanted");
  }
  return &tensor;
}

template <class T>
std::vector<T> CopyValues(const Tensor& tensor) {
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

template <class T>
absl::StatusOr<std::vector<T>> GetVector(const TensorFile& file, const std::string& name) {
  BURGEON_ASSIGN_OR_RETURN(const Tensor* const tensor, Find(file, name, TypeOf<T>(), 1));
  return CopyValues<T>(*tensor);
}

// Offsets start at 0, never descend, and end at `end`.
absl::Status CheckOffsets(const std::string& name, const std::vector<int64_t>& offsets,
                          size_t end) {
  if (offsets.empty() || offsets.front() != 0) {
    return DataLoss("tensor '", Printable(name), "': does not start with 0");
  }
  for (size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] < offsets[i - 1]) {
      return DataLoss("tensor '", Printable(name), "': entry ", i, " is ", offsets[i],
                      ", below the one before it (", offsets[i - 1], ")");
    }
  }
  if (offsets.back() != static_cast<int64_t>(end)) {
    return DataLoss("tensor '", Printable(name), "': ends at ", offsets.back(), "; ", end,
                    " was wanted");
  }
  return absl::OkStatus();
}

absl::Status CheckColumns(const std::string& name, const CsrMatrix& matrix) {
  for (int64_t row = 0; row < matrix.rows(); ++row) {
    const auto columns = matrix.view().row_columns(row);
    for (size_t i = 0; i < columns.size(); ++i) {
      if (int64_t{columns[i]} >= matrix.cols) {
        return DataLoss("tensor '", Printable(name), ".columns': row ", row, " has column ",
                        columns[i], ", but there are ", matrix.cols);
      }
      if (i > 0 && columns[i] <= columns[i - 1]) {
        return DataLoss("tensor '", Printable(name), ".columns': row ", row, " has column ",
                        columns[i], " after ", columns[i - 1], "; they must ascend");
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view TensorTypeName(TensorType type) {
  switch (type) {
    case TensorType::kF32:
      return "F32";
    case TensorType::kF64:
      return "F64";
    case TensorType::kI64:
      return "I64";
    case TensorType::kI32:
      return "I32";
    case TensorType::kU32:
      return "U32";
    case TensorType::kU8:
      return "U8";
  }
  BURGEON_CHECK(false);
}

int64_t TensorTypeBytes(TensorType type) {
  switch (type) {
    case TensorType::kF64:
    case TensorType::kI64:
      return 8;
    case TensorType::kF32:
    case TensorType::kI32:
    case TensorType::kU32:
      return 4;
    case TensorType::kU8:
      return 1;
  }
  BURGEON_CHECK(false);
}

std::string ShapeName(std::span<const int64_t> shape) {
  std::vector<std::string> sizes;
  for (const int64_t size : shape) sizes.push_back(Concat(size));
  return Concat("[", JoinComma(sizes), "]");
}

void TensorFile::AddTensor(const std::string& name, Tensor tensor) {
  int64_t bytes = TensorTypeBytes(tensor.type);
  for (const int64_t size : tensor.shape) {
    BURGEON_CHECK(size >= 0 && !__builtin_mul_overflow(bytes, size, &bytes));
  }
  BURGEON_CHECK(bytes == static_cast<int64_t>(tensor.bytes.size()));
  BURGEON_CHECK(IsValidUtf8(name) && name != "__metadata__");  // the format keeps that one
  BURGEON_CHECK(tensors_.emplace(name, std::move(tensor)).second);
}

void TensorFile::Add(const std::string& name, MatrixView<const float> matrix) {
  Tensor tensor{TensorType::kF32, {matrix.rows, matrix.cols}, {}};
  tensor.bytes.reserve(static_cast<size_t>(matrix.rows * matrix.cols) * sizeof(float));
  for (int64_t i = 0; i < matrix.rows; ++i) {
    const std::span<const float> row = matrix.row(i);
    tensor.bytes.append(reinterpret_cast<const char*>(row.data()), row.size_bytes());
  }
  AddTensor(name, std::move(tensor));
}

void TensorFile::Add(const std::string& name, std::span<const float> values) {
  AddTensor(name, VectorTensor(values));
}
void TensorFile::Add(const std::string& name, std::span<const double> values) {
  AddTensor(name, VectorTensor(values));
}
void TensorFile::Add(const std::string& name, std::span<const int64_t> values) {
  AddTensor(name, VectorTensor(values));
}
void TensorFile::Add(const std::string& name, std::span<const int32_t> values) {
  AddTensor(name, VectorTensor(values));
}
void TensorFile::Add(const std::string& name, std::span<const uint32_t> values) {
  AddTensor(name, VectorTensor(values));
}
void TensorFile::Add(const std::string& name, std::span<const uint8_t> values) {
  AddTensor(name, VectorTensor(values));
}

void TensorFile::AddStrings(const std::string& name, const std::vector<std::string>& values) {
  std::string bytes;
  std::vector<int64_t> offsets = {0};
  offsets.reserve(values.size() + 1);
  for (const std::string& value : values) {
    bytes += value;
    offsets.push_back(static_cast<int64_t>(bytes.size()));
  }
  const auto size = static_cast<int64_t>(bytes.size());
  AddTensor(name + ".bytes", Tensor{TensorType::kU8, {size}, std::move(bytes)});
  Add(name + ".offsets", std::span<const int64_t>(offsets));
}

void TensorFile::AddCsr(const std::string& name, const CsrView& matrix) {
  const std::vector<int64_t> empty = {0};
  Add(name + ".offsets", matrix.offsets.empty() ? std::span<const int64_t>(empty) : matrix.offsets);
  Add(name + ".columns", matrix.columns);
  if (!matrix.values.empty()) Add(name + ".values", matrix.values);
  Add(name + ".cols", std::span<const int64_t>(&matrix.cols, 1));
}

bool TensorFile::Has(std::string_view name) const {
  return tensors_.find(std::string(name)) != tensors_.end();
}

absl::StatusOr<FloatMatrix> TensorFile::GetMatrix(const std::string& name) const {
  BURGEON_ASSIGN_OR_RETURN(const Tensor* const tensor, Find(*this, name, TensorType::kF32, 2));
  return FloatMatrix(tensor->shape[0], tensor->shape[1], CopyValues<float>(*tensor));
}

absl::StatusOr<std::vector<float>> TensorFile::GetFloats(const std::string& name) const {
  return GetVector<float>(*this, name);
}
absl::StatusOr<std::vector<double>> TensorFile::GetDoubles(const std::string& name) const {
  return GetVector<double>(*this, name);
}
absl::StatusOr<std::vector<int64_t>> TensorFile::GetInt64s(const std::string& name) const {
  return GetVector<int64_t>(*this, name);
}
absl::StatusOr<std::vector<int32_t>> TensorFile::GetInt32s(const std::string& name) const {
  return GetVector<int32_t>(*this, name);
}
absl::StatusOr<std::vector<uint32_t>> TensorFile::GetUint32s(const std::string& name) const {
  return GetVector<uint32_t>(*this, name);
}
absl::StatusOr<std::vector<uint8_t>> TensorFile::GetBytes(const std::string& name) const {
  return GetVector<uint8_t>(*this, name);
}

absl::StatusOr<std::vector<std::string>> TensorFile::GetStrings(const std::string& name) const {
  BURGEON_ASSIGN_OR_RETURN(const Tensor* const bytes,
                           Find(*this, name + ".bytes", TensorType::kU8, 1));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> offsets, GetInt64s(name + ".offsets"));
  BURGEON_RETURN_IF_ERROR(CheckOffsets(name + ".offsets", offsets, bytes->bytes.size()));
  std::vector<std::string> values;
  values.reserve(offsets.size() - 1);
  for (size_t i = 1; i < offsets.size(); ++i) {
    values.push_back(bytes->bytes.substr(static_cast<size_t>(offsets[i - 1]),
                                         static_cast<size_t>(offsets[i] - offsets[i - 1])));
  }
  return values;
}

absl::StatusOr<CsrMatrix> TensorFile::GetCsr(const std::string& name) const {
  CsrMatrix matrix;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> cols, GetInt64s(name + ".cols"));
  if (cols.size() != 1 || cols[0] < 0) {
    return DataLoss("tensor '", Printable(name), ".cols': one number of at least 0 was wanted");
  }
  matrix.cols = cols[0];
  BURGEON_ASSIGN_OR_RETURN(matrix.offsets, GetInt64s(name + ".offsets"));
  BURGEON_ASSIGN_OR_RETURN(matrix.columns, GetUint32s(name + ".columns"));
  BURGEON_RETURN_IF_ERROR(CheckOffsets(name + ".offsets", matrix.offsets, matrix.columns.size()));
  BURGEON_RETURN_IF_ERROR(CheckColumns(name, matrix));
  if (Has(name + ".values")) {
    BURGEON_ASSIGN_OR_RETURN(matrix.values, GetFloats(name + ".values"));
    if (matrix.values.size() != matrix.columns.size()) {
      return DataLoss("tensor '", Printable(name), ".values': ", matrix.values.size(),
                      " values for ", matrix.columns.size(), " columns");
    }
  }
  return matrix;
}

}  // namespace burgeon
