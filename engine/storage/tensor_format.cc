// The bytes of a tensor file: the writer, and the reader that trusts nothing.
#include <algorithm>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {
namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kAlignment = 8;  // of the data, so that a reader may map the file
constexpr char kMetadata[] = "__metadata__";

// One tensor as the header tells it; data from `begin` to `end` of the bytes after the header.
struct HeaderEntry {
  std::string name;
  std::optional<TensorType> type;
  std::optional<std::vector<int64_t>> shape;
  std::optional<std::vector<int64_t>> offsets;
  int64_t begin = 0;  // the two offsets
  int64_t end = 0;
};

std::optional<TensorType> ParseTensorType(std::string_view name) {
  for (const TensorType type : {TensorType::kF32, TensorType::kF64, TensorType::kI64,
                                TensorType::kI32, TensorType::kU32, TensorType::kU8}) {
    if (TensorTypeName(type) == name) return type;
  }
  return std::nullopt;
}

// Takes the header apart as it is parsed; a document tree would keep only the last of two equal
// keys. Depth is bounded by what is accepted where: nothing deeper than root, tensor, list.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<HeaderEntry> entries;
  std::string problem;

  bool start_object(size_t) override {
    if (depth_ == 0) return Enter();
    if (depth_ == 1 && !in_list_) {
      if (!in_metadata_) entries.emplace_back().name = key_;
      return Enter();
    }
    return Refuse("an object");
  }
  bool end_object() override {
    --depth_;
    if (depth_ == 1) {
      if (!in_metadata_ && !Complete(entries.back())) return false;
      in_metadata_ = false;
    }
    return true;
  }
  bool key(std::string& name) override {
    key_ = name;
    if (depth_ == 1) {
      in_metadata_ = name == kMetadata;
      if (!names_.insert(name).second) return Fail(Concat("'", Printable(name), "' twice"));
    }
    return true;
  }
  bool start_array(size_t) override {
    if (depth_ != 2 || in_metadata_ || in_list_) return Refuse("a list");
    auto* const list = List();
    if (list == nullptr) return false;
    if (list->has_value()) return FailTensor(Concat("'", key_, "' twice"));
    list->emplace();
    in_list_ = true;
    return true;
  }
  bool end_array() override {
    in_list_ = false;
    return true;
  }
  bool number_unsigned(uint64_t value) override {
    if (!in_list_) return Refuse("a number");
    if (value > static_cast<uint64_t>(INT64_MAX)) {
      return FailTensor(Concat("'", key_, "' holds ", value, ", which is too large"));
    }
    (*List())->push_back(static_cast<int64_t>(value));
    return true;
  }
  bool string(std::string& value) override {
    if (in_list_ || depth_ < 2) return Refuse("a string");
    if (in_metadata_) return true;  // text to text, of no meaning to us
    if (key_ != "dtype") return Refuse("a string");
    HeaderEntry& entry = entries.back();
    if (entry.type) return FailTensor("'dtype' twice");
    entry.type = ParseTensorType(value);
    if (!entry.type) {
      return FailTensor(
          Concat("dtype '", Printable(value), "' is not one of F32, F64, I64, I32, U32, U8"));
    }
    return true;
  }
  bool null() override { return Refuse("null"); }
  bool boolean(bool) override { return Refuse("a boolean"); }
  bool number_integer(int64_t value) override { return Refuse(Concat("the number ", value)); }
  bool number_float(double, const std::string& text) override {
    return Refuse(Concat("the number ", Printable(text)));
  }
  bool binary(nlohmann::json::binary_t&) override { return Refuse("binary data"); }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return Fail(Concat("not JSON at its byte ", position));
  }

 private:
  bool Enter() {
    ++depth_;
    return true;
  }
  bool Fail(std::string message) {
    problem = std::move(message);
    return false;
  }
  bool FailTensor(std::string_view message) {
    return Fail(Concat("tensor '", Printable(entries.back().name), "': ", message));
  }
  bool Refuse(std::string_view what) {
    if (depth_ == 0) return Fail(Concat("is ", what, "; an object was wanted"));
    return Fail(Concat("unexpected ", what, " at '", Printable(key_), "'"));
  }
  std::optional<std::vector<int64_t>>* List() {
    HeaderEntry& entry = entries.back();
    if (key_ == "shape") return &entry.shape;
    if (key_ == "data_offsets") return &entry.offsets;
    Refuse("a list");
    return nullptr;
  }
  bool Complete(HeaderEntry& entry) {
    if (!entry.type) return FailTensor("no 'dtype'");
    if (!entry.shape) return FailTensor("no 'shape'");
    if (!entry.offsets) return FailTensor("no 'data_offsets'");
    if (entry.offsets->size() != 2) return FailTensor("'data_offsets' is not a pair");
    entry.begin = (*entry.offsets)[0];
    entry.end = (*entry.offsets)[1];
    return true;
  }

  int depth_ = 0;
  bool in_list_ = false;
  bool in_metadata_ = false;
  std::string key_;
  StringSet names_;
};

absl::Status CheckEntry(const HeaderEntry& entry) {
  int64_t bytes = TensorTypeBytes(*entry.type);
  for (const int64_t size : *entry.shape) {
    if (__builtin_mul_overflow(bytes, size, &bytes)) {
      return DataLoss("tensor '", Printable(entry.name), "': shape ", ShapeName(*entry.shape),
                      " overflows");
    }
  }
  if (entry.end < entry.begin || entry.end - entry.begin != bytes) {
    return DataLoss("tensor '", Printable(entry.name), "': ", TensorTypeName(*entry.type), " ",
                    ShapeName(*entry.shape), " needs ", bytes, " bytes, but data_offsets are ",
                    ShapeName(*entry.offsets));
  }
  return absl::OkStatus();
}

// The entries in the order of their data, which they cover without overlap or hole.
absl::StatusOr<std::vector<HeaderEntry>> ParseHeader(std::string_view header, int64_t data_bytes) {
  // The parser would take a byte order mark before, and a zero byte as the end of its input.
  if (header.empty() || header.front() != '{') return DataLoss("the header does not start with {");
  if (header.find('\0') != std::string_view::npos) return DataLoss("a zero byte in the header");
  HeaderHandler handler;
  if (!nlohmann::json::sax_parse(header, &handler)) {
    return DataLoss("the header: ", handler.problem);
  }
  std::vector<HeaderEntry> entries = std::move(handler.entries);
  for (const HeaderEntry& entry : entries) BURGEON_RETURN_IF_ERROR(CheckEntry(entry));
  std::sort(entries.begin(), entries.end(), [](const HeaderEntry& a, const HeaderEntry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  int64_t covered = 0;
  for (const HeaderEntry& entry : entries) {
    if (entry.begin != covered) {
      return DataLoss("tensor '", Printable(entry.name), "' starts at byte ", entry.begin,
                      " of the data; ", covered, " was wanted (",
                      entry.begin < covered ? "overlap" : "hole", ")");
    }
    covered = entry.end;
  }
  if (covered != data_bytes) {
    return DataLoss("the tensors cover ", covered, " bytes of data, but there are ", data_bytes);
  }
  return entries;
}

// Where the bytes come from: memory, or a file.
using Source = std::function<absl::Status(int64_t offset, std::span<char> out)>;

absl::StatusOr<TensorFile> Parse(int64_t total_bytes, const Source& read) {
  constexpr auto kPrefix = static_cast<int64_t>(kLengthBytes);
  if (total_bytes < kPrefix) {
    return DataLoss(total_bytes, " bytes; a tensor file has at least ", kPrefix);
  }
  char prefix[kLengthBytes];
  BURGEON_RETURN_IF_ERROR(read(0, prefix));
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, prefix, kLengthBytes);
  if (header_bytes > static_cast<uint64_t>(limits::kMaxTensorHeaderBytes)) {
    return DataLoss("a header of ", header_bytes, " bytes; at most ", limits::kMaxTensorHeaderBytes,
                    " are accepted");
  }
  const int64_t data_begin = kPrefix + static_cast<int64_t>(header_bytes);
  if (data_begin > total_bytes) {
    return DataLoss("a header of ", header_bytes, " bytes in a file of ", total_bytes);
  }
  std::string header(header_bytes, '\0');
  BURGEON_RETURN_IF_ERROR(read(kPrefix, header));
  BURGEON_ASSIGN_OR_RETURN(std::vector<HeaderEntry> entries,
                           ParseHeader(header, total_bytes - data_begin));
  TensorFile file;
  for (HeaderEntry& entry : entries) {
    Tensor tensor{*entry.type, *std::move(entry.shape),
                  std::string(static_cast<size_t>(entry.end - entry.begin), '\0')};
    BURGEON_RETURN_IF_ERROR(read(data_begin + entry.begin, tensor.bytes));
    file.AddTensor(entry.name, std::move(tensor));
  }
  return file;
}

// The length and the padded header.
std::string SerializeHeader(const TensorFile& file) {
  nlohmann::json header = nlohmann::json::object();  // sorted by key
  int64_t offset = 0;
  for (const auto& [name, tensor] : file.tensors()) {
    const int64_t end = offset + static_cast<int64_t>(tensor.bytes.size());
    header[name] = {{"dtype", std::string(TensorTypeName(tensor.type))},
                    {"shape", tensor.shape},
                    {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, ' ');
  const uint64_t length = text.size();
  return std::string(reinterpret_cast<const char*>(&length), kLengthBytes) + text;
}

}  // namespace

std::string SerializeTensors(const TensorFile& file) {
  std::string out = SerializeHeader(file);
  for (const auto& [name, tensor] : file.tensors()) out += tensor.bytes;
  return out;
}

absl::StatusOr<TensorFile> ParseTensors(std::string_view bytes, const std::string& source_name) {
  const auto read = [bytes](int64_t offset, std::span<char> out) {
    const std::string_view part = bytes.substr(static_cast<size_t>(offset), out.size());
    std::copy(part.begin(), part.end(), out.begin());
    return absl::OkStatus();
  };
  auto file = Parse(static_cast<int64_t>(bytes.size()), read);
  if (!file.ok()) return Annotate(file.status(), source_name);
  return file;
}

absl::Status WriteTensorFile(FileSystem& files, const std::string& path, const TensorFile& file,
                             FileDigest* digest) {
  Sha256 sha256;
  int64_t bytes = 0;
  BURGEON_ASSIGN_OR_RETURN(const auto out, files.OpenForWrite(path));
  const auto write = [&](std::string_view part) {
    sha256.Update(part);
    bytes += static_cast<int64_t>(part.size());
    return out->Append(part);
  };
  BURGEON_RETURN_IF_ERROR(write(SerializeHeader(file)));
  for (const auto& [name, tensor] : file.tensors()) BURGEON_RETURN_IF_ERROR(write(tensor.bytes));
  BURGEON_RETURN_IF_ERROR(out->Sync());
  BURGEON_RETURN_IF_ERROR(out->Close());
  *digest = {bytes, ToHex(sha256.Finish())};
  return absl::OkStatus();
}

absl::Status WriteTensorFile(FileSystem& files, const std::string& path, const TensorFile& file) {
  FileDigest unused;
  return WriteTensorFile(files, path, file, &unused);
}

absl::StatusOr<TensorFile> ReadTensorFile(FileSystem& files, const std::string& path,
                                          FileDigest* digest) {
  BURGEON_ASSIGN_OR_RETURN(const auto in, files.OpenForRead(path));
  Sha256 sha256;
  // Parse reads every byte once, from the first to the last (tensors of no bytes read none).
  const auto read = [&](int64_t offset, std::span<char> out) {
    BURGEON_RETURN_IF_ERROR(in->ReadAt(offset, out));
    sha256.Update(out.data(), out.size());
    return absl::OkStatus();
  };
  auto file = Parse(in->size(), read);
  if (!file.ok()) {
    // A failed read names the path already.
    const std::string message = MessageOf(file.status());
    if (message.compare(0, path.size(), path) == 0) return file.status();
    return Annotate(file.status(), path);
  }
  *digest = {in->size(), ToHex(sha256.Finish())};
  return file;
}

absl::StatusOr<TensorFile> ReadTensorFile(FileSystem& files, const std::string& path) {
  FileDigest unused;
  return ReadTensorFile(files, path, &unused);
}

}  // namespace burgeon
