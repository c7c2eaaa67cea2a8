// Named arrays in one file: the safetensors format (an 8-byte little-endian header length, a JSON
// header, then the bytes; https://github.com/huggingface/safetensors, "Format").
//
//   TensorFile file;
//   file.Add("item_embeddings", matrix.view());
//   BURGEON_RETURN_IF_ERROR(WriteTensorFile(files, path, file));
//   BURGEON_ASSIGN_OR_RETURN(const TensorFile loaded, ReadTensorFile(files, path));
//   BURGEON_ASSIGN_OR_RETURN(FloatMatrix m, loaded.GetMatrix("item_embeddings"));
//
// The reader trusts nothing: header length and depth are capped, every tensor must satisfy
// end - begin == product(shape) * size with checked arithmetic, and tensors must cover the data
// without overlap or hole. Tensors are written sorted by name, so equal content gives equal bytes.
// Strings are held as a U8 tensor of bytes and an I64 tensor of offsets (AddStrings); a sparse
// matrix as .offsets, .columns, .cols and, unless every entry is 1, .values (AddCsr).
//
// The container is tensor_file.cc; its bytes are written and read in tensor_format.cc.
#ifndef BURGEON_ENGINE_STORAGE_TENSOR_FILE_H_
#define BURGEON_ENGINE_STORAGE_TENSOR_FILE_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

enum class TensorType { kF32, kF64, kI64, kI32, kU32, kU8 };
std::string_view TensorTypeName(TensorType type);       // as in the file: "F32", ...
int64_t TensorTypeBytes(TensorType type);               // of one element
std::string ShapeName(std::span<const int64_t> shape);  // "[40, 16]"

struct Tensor {
  TensorType type = TensorType::kF32;
  std::vector<int64_t> shape;
  std::string bytes;  // little-endian, row-major
};

struct FileDigest {
  int64_t bytes = 0;
  std::string sha256;  // 64 hex digits
  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

class TensorFile {
 public:
  // Adding a name twice is a bug (BURGEON_CHECK). Spans become tensors of one dimension.
  void Add(const std::string& name, MatrixView<const float> matrix);
  void Add(const std::string& name, std::span<const float> values);
  void Add(const std::string& name, std::span<const double> values);
  void Add(const std::string& name, std::span<const int64_t> values);
  void Add(const std::string& name, std::span<const int32_t> values);
  void Add(const std::string& name, std::span<const uint32_t> values);
  void Add(const std::string& name, std::span<const uint8_t> values);
  void AddStrings(const std::string& name, const std::vector<std::string>& values);
  void AddCsr(const std::string& name, const CsrView& matrix);  // name + ".offsets", ...

  bool Has(std::string_view name) const;
  // kDataLoss naming the tensor, its type and shape and what was wanted, when it is missing, of
  // another type, or of another number of dimensions.
  absl::StatusOr<FloatMatrix> GetMatrix(const std::string& name) const;
  absl::StatusOr<std::vector<float>> GetFloats(const std::string& name) const;
  absl::StatusOr<std::vector<double>> GetDoubles(const std::string& name) const;
  absl::StatusOr<std::vector<int64_t>> GetInt64s(const std::string& name) const;
  absl::StatusOr<std::vector<int32_t>> GetInt32s(const std::string& name) const;
  absl::StatusOr<std::vector<uint32_t>> GetUint32s(const std::string& name) const;
  absl::StatusOr<std::vector<uint8_t>> GetBytes(const std::string& name) const;
  absl::StatusOr<std::vector<std::string>> GetStrings(const std::string& name) const;
  // Checks that offsets ascend from 0, and columns ascend within a row and are below cols.
  absl::StatusOr<CsrMatrix> GetCsr(const std::string& name) const;

  const std::map<std::string, Tensor>& tensors() const { return tensors_; }
  void AddTensor(const std::string& name, Tensor tensor);

 private:
  std::map<std::string, Tensor> tensors_;
};

std::string SerializeTensors(const TensorFile& file);
// Every failure is kDataLoss and starts with source_name.
absl::StatusOr<TensorFile> ParseTensors(std::string_view bytes, const std::string& source_name);

// Synced before it returns; not atomic (write into a folder that is renamed afterwards).
absl::Status WriteTensorFile(FileSystem& files, const std::string& path, const TensorFile& file);
absl::StatusOr<TensorFile> ReadTensorFile(FileSystem& files, const std::string& path);
// The same, with what a manifest records of the file: of exactly the bytes written or read.
absl::Status WriteTensorFile(FileSystem& files, const std::string& path, const TensorFile& file,
                             FileDigest* digest);
absl::StatusOr<TensorFile> ReadTensorFile(FileSystem& files, const std::string& path,
                                          FileDigest* digest);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_STORAGE_TENSOR_FILE_H_
