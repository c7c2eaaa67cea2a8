// The bytes of a tensor file: what is written, what is read, and what is refused.
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "engine/base/hash.h"
#include "engine/storage/tensor_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// A file put together by hand, as the format describes it.
std::string Raw(std::string_view header, std::string_view data) {
  const uint64_t length = header.size();
  std::string out(reinterpret_cast<const char*>(&length), 8);
  return out.append(header).append(data);
}

TensorFile SmallFile() {
  TensorFile file;
  const std::vector<float> floats = {1.5F, -2};
  const std::vector<uint8_t> bytes = {7};
  const std::vector<int64_t> ints = {-3};
  file.Add("b.matrix", FloatMatrix(1, 2, {3, 4}).view());
  file.Add("a", std::span<const float>(floats));
  file.Add("c", std::span<const uint8_t>(bytes));
  file.Add("d", std::span<const int64_t>(ints));
  file.AddStrings("e", {"x", "yz"});
  return file;
}

void ExpectRefused(const std::string& bytes, std::string_view part) {
  const auto file = ParseTensors(bytes, "model.safetensors");
  ASSERT_FALSE(file.ok()) << bytes;
  EXPECT_EQ(file.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(file.status()), StartsWith("model.safetensors: "));
  EXPECT_THAT(MessageOf(file.status()), HasSubstr(std::string(part)));
}

TEST(TensorFormatTest, WritesTheBytesThatTheFormatDescribes) {
  TensorFile file;
  const std::vector<int32_t> ints = {1, -1};
  const std::vector<uint8_t> bytes = {9};
  file.Add("y", std::span<const int32_t>(ints));
  file.Add("x", std::span<const uint8_t>(bytes));
  const std::string header = R"({"x":{"data_offsets":[0,1],"dtype":"U8","shape":[1]},)"
                             R"("y":{"data_offsets":[1,9],"dtype":"I32","shape":[2]}})";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  EXPECT_EQ(SerializeTensors(file), Raw(padded, std::string("\x09\x01\0\0\0\xff\xff\xff\xff", 9)));
}

TEST(TensorFormatTest, AlignsTheDataForAnyLengthOfHeader) {
  for (size_t length = 1; length < 20; ++length) {
    TensorFile file;
    const std::vector<float> values = {1};
    file.Add(std::string(length, 'n'), std::span<const float>(values));
    const std::string bytes = SerializeTensors(file);
    EXPECT_EQ((bytes.size() - 4) % 8, 0U);
    EXPECT_TRUE(ParseTensors(bytes, "n").ok());
  }
}

TEST(TensorFormatTest, ReadsWhatAnotherProgramWrote) {
  // Metadata, other order of keys and of tensors, white space, an escaped name, a scalar, nothing
  // of something.
  const auto file = ParseTensors(Raw(R"({ "__metadata__":{"format":"pt","k":"v"},
               "z":{"dtype":"F32","shape":[],"data_offsets":[0,4]},
               "\u0061":{"shape":[1,2],"dtype":"U8","data_offsets":[4,6]},
               "none":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}}   )",
                                     std::string("\0\0\x80?\x05\x06", 6)),
                                 "other");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->tensors().size(), 3U);
  const Tensor& scalar = file->tensors().at("z");
  EXPECT_EQ(scalar.type, TensorType::kF32);
  EXPECT_TRUE(scalar.shape.empty());
  float value = 0;
  std::memcpy(&value, scalar.bytes.data(), 4);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(file->tensors().at("a").bytes, "\x05\x06");
  EXPECT_THAT(file->tensors().at("none").shape, ElementsAre(0, 3));
}

TEST(TensorFormatTest, TakesAFileWithoutTensors) {
  const auto file = ParseTensors(SerializeTensors(TensorFile()), "empty");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->tensors().empty());
}

TEST(TensorFormatTest, RefusesABadLength) {
  ExpectRefused("", "0 bytes; a tensor file has at least 8");
  ExpectRefused("1234567", "7 bytes");
  ExpectRefused(std::string(8, '\0'), "does not start with {");
  ExpectRefused(std::string("\x10\0\0\0\0\0\0\0{}", 10), "a header of 16 bytes in a file of 10");
  ExpectRefused(std::string(8, '\xff') + "{}", "a header of 18446744073709551615 bytes; at most");
  ExpectRefused(std::string("\0\0\0\2\0\0\0\0{}", 10), "a header of 33554432 bytes; at most");
}

TEST(TensorFormatTest, RefusesAHeaderThatIsNotJson) {
  ExpectRefused(Raw(" {}", ""), "does not start with {");
  ExpectRefused(Raw("\xef\xbb\xbf{}", ""), "does not start with {");
  ExpectRefused(Raw("[]", ""), "does not start with {");
  ExpectRefused(Raw("{", ""), "not JSON at its byte");
  ExpectRefused(Raw("{} {}", ""), "not JSON at its byte");
  ExpectRefused(Raw(std::string("{}\0x", 4), ""), "a zero byte");
  ExpectRefused(Raw("{\"\xff\":{}}", ""), "not JSON at its byte");
  ExpectRefused(Raw("{" + std::string(100'000, '['), ""), "not JSON");
  ExpectRefused(Raw(R"({"a":)" + std::string(100'000, '['), ""), "unexpected a list at 'a'");
}

TEST(TensorFormatTest, RefusesAFieldThatIsMissingTwiceOrOfAnotherType) {
  const auto tensor = [](std::string_view fields) {
    return Raw(Concat(R"({"a":{)", fields, "}}"), "1234");
  };
  ASSERT_TRUE(ParseTensors(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), "x").ok());
  ExpectRefused(tensor(R"("shape":[1],"data_offsets":[0,4])"), "tensor 'a': no 'dtype'");
  ExpectRefused(tensor(R"("dtype":"F32","data_offsets":[0,4])"), "tensor 'a': no 'shape'");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1])"), "tensor 'a': no 'data_offsets'");
  ExpectRefused(tensor(R"("dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4])"),
                "'dtype' twice");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4])"),
                "'shape' twice");
  ExpectRefused(tensor(R"("dtype":"BF16","shape":[2],"data_offsets":[0,4])"),
                "dtype 'BF16' is not one of F32, F64, I64, I32, U32, U8");
  ExpectRefused(tensor(R"("dtype":1,"shape":[1],"data_offsets":[0,4])"), "a number at 'dtype'");
  ExpectRefused(tensor(R"("dtype":"F32","shape":"1","data_offsets":[0,4])"), "a string at 'shape'");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), "the number -1");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])"), "the number 1.0");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[null],"data_offsets":[0,4])"), "unexpected null");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[[1]],"data_offsets":[0,4])"), "a list at 'shape'");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0])"), "not a pair");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,4])"), "not a pair");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1],"data_offsets":{},"x":[0])"), "an object");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[1],"extra":[0],"data_offsets":[0,4])"),
                "a list at 'extra'");
  ExpectRefused(tensor(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4])"),
                "too large");
  ExpectRefused(Raw(R"({"a":1})", ""), "a number at 'a'");
  ExpectRefused(Raw(R"({"__metadata__":{"a":{}}})", ""), "an object at 'a'");
  const std::string one = R"("a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  ExpectRefused(Raw(Concat("{", one, ",", one, "}"), "1"), "'a' twice");
}

TEST(TensorFormatTest, RefusesDataThatDoesNotFit) {
  const auto two = [](std::string_view a, std::string_view b, std::string_view data) {
    return Raw(Concat(R"({"a":{"dtype":"U8",)", a, R"(},"b":{"dtype":"U8",)", b, "}}"), data);
  };
  const std::string a = R"("shape":[2],"data_offsets":[0,2])";
  ASSERT_TRUE(ParseTensors(two(a, R"("shape":[1],"data_offsets":[2,3])", "123"), "x").ok());
  ExpectRefused(two(a, R"("shape":[1],"data_offsets":[1,2])", "12"), "2 was wanted (overlap)");
  ExpectRefused(two(a, R"("shape":[1],"data_offsets":[3,4])", "1234"), "2 was wanted (hole)");
  ExpectRefused(two(a, R"("shape":[1],"data_offsets":[2,3])", "1234"),
                "the tensors cover 3 bytes of data, but there are 4");
  ExpectRefused(two(a, R"("shape":[1],"data_offsets":[2,3])", "12"), "but there are 2");
  ExpectRefused(two(a, R"("shape":[2],"data_offsets":[2,3])", "123"),
                "tensor 'b': U8 [2] needs 2 bytes, but data_offsets are [2, 3]");
  ExpectRefused(two(a, R"("shape":[0],"data_offsets":[3,2])", "12"), "[3, 2]");
  ExpectRefused(two(a, R"("shape":[4294967296,4294967296],"data_offsets":[2,3])", "123"),
                "tensor 'b': shape [4294967296, 4294967296] overflows");
}

TEST(TensorFormatTest, EveryTruncationIsRefused) {
  const std::string bytes = SerializeTensors(SmallFile());
  for (size_t length = 0; length < bytes.size(); ++length) {
    ExpectRefused(bytes.substr(0, length), "");
  }
}

TEST(TensorFormatTest, EverySingleBitFlipIsRefusedOrHarmless) {
  const TensorFile original = SmallFile();
  const std::string bytes = SerializeTensors(original);
  uint64_t header_bytes = 0;
  std::memcpy(&header_bytes, bytes.data(), 8);
  int refused = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    const auto file = ParseTensors(damaged, "damaged");
    if (!file.ok()) {
      EXPECT_EQ(file.status().code(), absl::StatusCode::kDataLoss);
      EXPECT_THAT(MessageOf(file.status()), StartsWith("damaged: "));
      ++refused;
      continue;
    }
    // A flip in a name gives another name; one in the data another value. Never another size.
    ASSERT_EQ(file->tensors().size(), original.tensors().size()) << "bit " << bit;
    if (bit / 8 < 8 + header_bytes) continue;
    for (const auto& [name, tensor] : original.tensors()) {
      ASSERT_TRUE(file->Has(name)) << "bit " << bit;
      EXPECT_EQ(file->tensors().at(name).shape, tensor.shape) << "bit " << bit;
      EXPECT_EQ(file->tensors().at(name).type, tensor.type) << "bit " << bit;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(TensorFormatTest, WritesAndReadsAFileWithItsDigest) {
  const std::string path = Concat(testing::TempDir(), "burgeon_tensors_", ::getpid());
  FileSystem& files = RealFileSystem();
  const TensorFile file = SmallFile();
  FileDigest written;
  ASSERT_TRUE(WriteTensorFile(files, path, file, &written).ok());
  const std::string bytes = *ReadWholeFile(files, path, 1 << 20);
  EXPECT_EQ(bytes, SerializeTensors(file));
  EXPECT_EQ(written, (FileDigest{static_cast<int64_t>(bytes.size()), Sha256Hex(bytes)}));
  FileDigest read;
  const auto loaded = ReadTensorFile(files, path, &read);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(read, written);
  EXPECT_EQ(SerializeTensors(*loaded), bytes);

  std::filesystem::resize_file(path, bytes.size() - 1);
  const auto cut = ReadTensorFile(files, path);
  EXPECT_EQ(cut.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(cut.status()), StartsWith(path));
  std::filesystem::remove(path);
  EXPECT_EQ(ReadTensorFile(files, path).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
