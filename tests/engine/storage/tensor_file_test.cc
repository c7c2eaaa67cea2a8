#include "engine/storage/tensor_file.h"

#include <cmath>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
std::span<const T> Span(const std::vector<T>& values) {
  return values;
}

CsrMatrix SmallCsr() {
  return {.offsets = {0, 2, 2, 3}, .columns = {0, 3, 1}, .values = {1, .5F, 2}, .cols = 4};
}

template <class T>
void ExpectDataLoss(const absl::StatusOr<T>& result, std::string_view part) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(result.status()), HasSubstr(std::string(part)));
}

TEST(TensorFileTest, GivesBackEveryTypeAdded) {
  TensorFile file;
  const FloatMatrix matrix(2, 3, {1, 2, 3, 4, 5, std::numeric_limits<float>::infinity()});
  file.Add("matrix", matrix.view());
  file.Add("floats", Span<float>({-0.0F, 1e-40F}));
  file.Add("doubles", Span<double>({0.1, -1e300}));
  file.Add("int64s", Span<int64_t>({INT64_MIN, INT64_MAX}));
  file.Add("int32s", Span<int32_t>({INT32_MIN, 7}));
  file.Add("uint32s", Span<uint32_t>({0, UINT32_MAX}));
  file.Add("bytes", Span<uint8_t>({0, 255, 1}));
  file.AddStrings("strings", {"", "a", "schön", std::string("\0x", 2)});
  file.AddCsr("csr", SmallCsr().view());

  EXPECT_EQ(file.GetMatrix("matrix")->values(), matrix.values());
  EXPECT_EQ(file.GetMatrix("matrix")->cols(), 3);
  EXPECT_THAT(*file.GetFloats("floats"), ElementsAre(-0.0F, 1e-40F));
  EXPECT_TRUE(std::signbit((*file.GetFloats("floats"))[0]));
  EXPECT_THAT(*file.GetDoubles("doubles"), ElementsAre(0.1, -1e300));
  EXPECT_THAT(*file.GetInt64s("int64s"), ElementsAre(INT64_MIN, INT64_MAX));
  EXPECT_THAT(*file.GetInt32s("int32s"), ElementsAre(INT32_MIN, 7));
  EXPECT_THAT(*file.GetUint32s("uint32s"), ElementsAre(0, UINT32_MAX));
  EXPECT_THAT(*file.GetBytes("bytes"), ElementsAre(0, 255, 1));
  EXPECT_THAT(*file.GetStrings("strings"), ElementsAre("", "a", "schön", std::string("\0x", 2)));
  const auto csr = file.GetCsr("csr");
  ASSERT_TRUE(csr.ok()) << csr.status();
  EXPECT_EQ(csr->offsets, SmallCsr().offsets);
  EXPECT_EQ(csr->columns, SmallCsr().columns);
  EXPECT_EQ(csr->values, SmallCsr().values);
  EXPECT_EQ(csr->cols, 4);
}

TEST(TensorFileTest, TakesEmptyThings) {
  TensorFile file;
  file.Add("matrix", FloatMatrix(0, 5).view());
  file.Add("floats", std::span<const float>());
  file.AddStrings("strings", {});
  file.AddCsr("csr", CsrView{});
  EXPECT_EQ(file.GetMatrix("matrix")->cols(), 5);
  EXPECT_EQ(file.GetMatrix("matrix")->rows(), 0);
  EXPECT_TRUE(file.GetFloats("floats")->empty());
  EXPECT_TRUE(file.GetStrings("strings")->empty());
  EXPECT_EQ(file.GetCsr("csr")->rows(), 0);
}

TEST(TensorFileTest, CopiesTheRowsOfAStridedView) {
  const FloatMatrix wide(2, 4, {1, 2, 3, 4, 5, 6, 7, 8});
  TensorFile file;
  file.Add("m", MatrixView<const float>{wide.data() + 1, 2, 2, 4});
  EXPECT_THAT(file.GetMatrix("m")->values(), ElementsAre(2, 3, 6, 7));
}

TEST(TensorFileTest, KeepsAPatternWithoutValues) {
  CsrMatrix pattern = SmallCsr();
  pattern.values.clear();
  TensorFile file;
  file.AddCsr("csr", pattern.view());
  EXPECT_FALSE(file.Has("csr.values"));
  EXPECT_TRUE(file.GetCsr("csr")->values.empty());
  EXPECT_EQ(file.GetCsr("csr")->columns, pattern.columns);
}

TEST(TensorFileTest, NamesWhatIsThereAndWhatWasWanted) {
  TensorFile file;
  file.Add("m", FloatMatrix(2, 3).view());
  ExpectDataLoss(file.GetMatrix("absent"), "tensor 'absent': missing; F32 with 2 dimensions");
  ExpectDataLoss(file.GetFloats("m"), "tensor 'm': is F32 [2, 3]; F32 with 1 dimensions");
  ExpectDataLoss(file.GetInt64s("m"), "I64 with 1 dimensions was wanted");
}

TEST(TensorFileTest, RefusesStringsWithBadOffsets) {
  const auto with_offsets = [](const std::vector<int64_t>& offsets) {
    TensorFile file;
    file.Add("s.bytes", Span<uint8_t>({'a', 'b'}));
    file.Add("s.offsets", Span(offsets));
    return file.GetStrings("s");
  };
  EXPECT_THAT(*with_offsets({0, 1, 2}), ElementsAre("a", "b"));
  ExpectDataLoss(with_offsets({}), "'s.offsets': does not start with 0");
  ExpectDataLoss(with_offsets({1, 2}), "does not start with 0");
  ExpectDataLoss(with_offsets({0, 2, 1, 2}), "entry 2 is 1, below the one before it (2)");
  ExpectDataLoss(with_offsets({0, 3}), "ends at 3; 2 was wanted");
  ExpectDataLoss(with_offsets({0, 1}), "ends at 1; 2 was wanted");
}

TEST(TensorFileTest, RefusesASparseMatrixThatIsNotOne) {
  const auto read = [](const CsrMatrix& matrix) {
    TensorFile file;
    file.AddCsr("c", matrix.view());
    return file.GetCsr("c");
  };
  CsrMatrix matrix = SmallCsr();
  matrix.cols = 3;
  ExpectDataLoss(read(matrix), "row 0 has column 3, but there are 3");
  matrix = SmallCsr();
  matrix.columns = {3, 0, 1};
  ExpectDataLoss(read(matrix), "row 0 has column 0 after 3; they must ascend");
  matrix.columns = {3, 3, 1};
  ExpectDataLoss(read(matrix), "column 3 after 3");
  matrix = SmallCsr();
  matrix.values.pop_back();
  ExpectDataLoss(read(matrix), "2 values for 3 columns");
  matrix = SmallCsr();
  matrix.offsets.back() = 4;
  ExpectDataLoss(read(matrix), "'c.offsets': ends at 4; 3 was wanted");
  matrix = SmallCsr();
  matrix.cols = -1;
  ExpectDataLoss(read(matrix), "at least 0");
}

TEST(TensorFileDeathTest, AddingANameTwiceIsABug) {
  TensorFile file;
  file.Add("a", Span<float>({1}));
  EXPECT_DEATH(file.Add("a", Span<float>({1})), "emplace");
  EXPECT_DEATH(file.AddTensor("b", Tensor{TensorType::kF32, {2}, "1234"}), "bytes");
}

}  // namespace
}  // namespace burgeon
