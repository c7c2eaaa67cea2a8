// The bootstrap over units (customers): how far a mean would move had other customers of the same
// kind come. Percentile intervals (Efron, "Bootstrap methods", Annals of Statistics 1979; Efron and
// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
//
//   const DoubleMatrix a = BootstrapMeans(pool, of_model.view(), options);     // [replicates, m]
//   const DoubleMatrix b = BootstrapMeans(pool, of_baseline.view(), options);
//   PercentileInterval of a - b is of the difference, since both drew the same customers.
//
// A replicate draws n of n units with replacement. The draws are Philox numbers keyed by seed,
// replicate and position, so tables of as many rows draw the same units (which is what makes a
// difference of two models paired), for any number of threads.
#ifndef BURGEON_ENGINE_EXPERIMENT_BOOTSTRAP_H_
#define BURGEON_ENGINE_EXPERIMENT_BOOTSTRAP_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/thread_pool.h"

namespace burgeon {

struct BootstrapOptions {
  int64_t replicates = 1000;  // 0: no intervals
  double level = 0.95;        // in (0, 1)
  uint64_t seed = 1;
};
inline constexpr int64_t kMaxReplicates = 100'000;

struct BootstrapInterval {
  double low = 0;
  double high = 0;
};

// Mean of each column over the rows where it is a number; NaN when there is none.
std::vector<double> ColumnMeans(const MatrixView<const double>& values);

// [replicates, columns]: the same means of each replicate. values: [units, columns].
DoubleMatrix BootstrapMeans(ThreadPool& pool, const MatrixView<const double>& values,
                            const BootstrapOptions& options);

// The (1 - level) / 2 quantile of the replicates and its mirror image, interpolated (Hyndman and
// Fan, 1996, type 7). Replicates that are not numbers are left out; NaN when none is left.
BootstrapInterval PercentileInterval(std::vector<double> replicates, double level);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_BOOTSTRAP_H_
