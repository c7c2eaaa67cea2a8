#include "engine/ops/packed_scan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "engine/ops/simd.h"

namespace burgeon {
namespace {

enum class Values { kNormal, kWideRange, kTiny, kOneOutlier };

FloatMatrix Make(int64_t rows, int64_t cols, Values values, uint64_t seed) {
  const Philox random(seed, 1);
  FloatMatrix m(rows, cols);
  for (size_t i = 0; i < m.values().size(); ++i) {
    double x = random.Normal(i);
    if (values == Values::kWideRange) x *= std::exp2(8 * random.Normal(i + (1ULL << 40)));
    if (values == Values::kTiny) x *= 1e-30;
    m.values()[i] = static_cast<float>(x);
  }
  for (int64_t i = 0; values == Values::kOneOutlier && i < rows; ++i) m.at(i, i % cols) *= 1e4F;
  return m;
}

double Dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t j = 0; j < a.size(); ++j) sum += static_cast<double>(a[j]) * b[j];
  return sum;
}

struct Shape {
  int64_t queries;
  int64_t items;
  int64_t dim;
  Values values;
};

const Shape kShapes[] = {{1, 1, 1, Values::kNormal},        {31, 65, 31, Values::kNormal},
                         {32, 64, 64, Values::kNormal},     {32, 33, 33, Values::kWideRange},
                         {5, 100, 200, Values::kWideRange}, {7, 40, 64, Values::kTiny},
                         {32, 96, 129, Values::kOneOutlier}};

void ExpectWithinTheBound(BFloat16Kernel kernel) {
  ThreadPool pool(1);
  for (const Shape& shape : kShapes) {
    const FloatMatrix queries = Make(shape.queries, shape.dim, shape.values, 1);
    const FloatMatrix items = Make(shape.items, shape.dim, shape.values, 2);
    const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16);
    ASSERT_TRUE(packed.ok() && packed->usable());
    const BFloat16Queries rounded(queries.view());
    const int64_t stride = packed->groups() * 32;
    std::vector<float> scores(static_cast<size_t>(32 * stride));
    BFloat16Scores(kernel, rounded, *packed, 0, packed->groups(), stride, scores.data());
    for (int64_t q = 0; q < shape.queries; ++q) {
      EXPECT_GE(rounded.length(q), std::sqrt(Dot(queries.row(q), queries.row(q))));
      for (int64_t p = 0; p < shape.items; ++p) {
        const double want = Dot(queries.row(q), items.row(packed->item(p)));
        const double error = rounded.Error(q, packed->length(p / 32), packed->bf16_lost(p / 32));
        ASSERT_NEAR(scores[static_cast<size_t>(q * stride + p)], want, error)
            << "dim " << shape.dim << " query " << q << " place " << p;
        // The bound is worth having: a hundredth of the lengths.
        ASSERT_LE(error, 0.01 * rounded.length(q) * packed->length(p / 32) + 1e-33);
      }
    }
  }
}

TEST(PackedScanTest, Avx512BFloat16IsWithinTheBound) {
  if (!HasAvx512Bf16()) GTEST_SKIP() << "this CPU has no AVX-512 BF16";
  ExpectWithinTheBound(BFloat16Kernel::kAvx512);
}

TEST(PackedScanTest, AmxBFloat16IsWithinTheBound) {
  if (!HasAmxBf16()) GTEST_SKIP() << "this CPU has no AMX";
  ExpectWithinTheBound(BFloat16Kernel::kAmx);
}

TEST(PackedScanTest, BytesAreWithinTheBound) {
  if (!HasAvx512Vnni()) GTEST_SKIP() << "this CPU has no AVX-512 VNNI";
  ThreadPool pool(1);
  for (const Shape& shape : kShapes) {
    const FloatMatrix queries = Make(shape.queries, shape.dim, shape.values, 1);
    const FloatMatrix items = Make(shape.items, shape.dim, shape.values, 2);
    const auto packed = PackedItems::Pack(pool, items.view(), PackedForms::kBf16AndInt8);
    ASSERT_TRUE(packed.ok() && packed->usable());
    std::vector<float> scores(static_cast<size_t>(packed->groups() * 32));
    std::vector<float> upper(scores.size());
    for (int64_t q = 0; q < shape.queries; ++q) {
      const ByteQuery query(queries.row(q));
      ByteScores(query, *packed, 0, packed->groups(), scores.data(), upper.data());
      for (int64_t p = 0; p < shape.items; ++p) {
        const double want = Dot(queries.row(q), items.row(packed->item(p)));
        const double error =
            static_cast<double>(query.per_lost()) * packed->int8_lost(p / 16)[p % 16] +
            static_cast<double>(query.per_length()) * packed->length(p / 32) +
            static_cast<double>(query.tiny());
        const auto at = static_cast<size_t>(p);
        ASSERT_NEAR(scores[at], want, error) << "dim " << shape.dim << " place " << p;
        ASSERT_GE(upper[at], want) << "dim " << shape.dim << " place " << p;
      }
    }
  }
}

TEST(PackedScanTest, TheBestKernelIsOneThisCpuHas) {
  const BFloat16Kernel kernel = DetectedBFloat16Kernel();
  EXPECT_EQ(kernel == BFloat16Kernel::kAmx, HasAmxBf16());
  EXPECT_EQ(kernel == BFloat16Kernel::kNone, !HasAmxBf16() && !HasAvx512Bf16());
}

}  // namespace
}  // namespace burgeon
