#include "engine/ops/negative_sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#ifdef BURGEON_CUDA
#include "engine/ops/negative_sampling_cuda.h"
#endif

namespace burgeon {
namespace {

constexpr uint64_t kSlot = uint64_t{1} << 32;  // shares of one slot
constexpr int64_t kBlockRows = 64;

absl::Status ValidateItems(int64_t items) {
  if (items >= 1 && items <= limits::kMaxItems) return absl::OkStatus();
  return InvalidArgument("negative sampling: ", items, " items; wanted from 1 to ",
                         limits::kMaxItems);
}

// Each item's share of items * kSlot, all of which is given out. What rounding leaves, or takes too
// much, is the greatest item's.
absl::StatusOr<std::vector<uint64_t>> Shares(std::span<const int64_t> counts, double power) {
  std::vector<double> weights(counts.size());
  double sum = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < 0) {
      return InvalidArgument("negative sampling: item ", i, " has the count ", counts[i],
                             "; wanted zero or a positive number");
    }
    weights[i] = power == 0 ? 1.0 : std::pow(static_cast<double>(counts[i]), power);
    sum += weights[i];
  }
  if (!(sum > 0)) return InvalidArgument("negative sampling: every count is zero");
  if (!std::isfinite(sum)) {
    return InvalidArgument("negative sampling: counts to the power of ", power,
                           " are beyond the range of a number");
  }
  const uint64_t total = static_cast<uint64_t>(counts.size()) * kSlot;
  std::vector<uint64_t> shares(counts.size());
  uint64_t given = 0;
  size_t greatest = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (weights[i] > 0) {
      const double share = weights[i] / sum * static_cast<double>(total);
      shares[i] = std::clamp<uint64_t>(static_cast<uint64_t>(share), 1, total);
    }
    given += shares[i];
    if (shares[i] > shares[greatest]) greatest = i;
  }
  shares[greatest] += total - given;  // modulo 2^64: either sign
  return shares;
}

// Vose's way ("A linear algorithm for generating random numbers with a given distribution", 1991),
// in integers: a slot that is not full is filled up from an item that has more than a slot.
void FillSlots(std::vector<uint64_t> shares, SamplingTable& table) {
  const size_t count = shares.size();
  table.accept.resize(count);
  table.alias.resize(count);
  std::vector<uint32_t> small;
  std::vector<uint32_t> large;
  for (size_t i = 0; i < count; ++i) {
    (shares[i] < kSlot ? small : large).push_back(static_cast<uint32_t>(i));
  }
  while (!small.empty()) {
    const uint32_t slot = small.back();
    small.pop_back();
    const uint32_t giver = large.back();  // shares add up to the slots: there is one
    table.accept[slot] = static_cast<uint32_t>(shares[slot]);
    table.alias[slot] = giver;
    shares[giver] -= kSlot - shares[slot];
    if (shares[giver] >= kSlot) continue;
    large.pop_back();
    small.push_back(giver);
  }
  for (const uint32_t slot : large) {  // exactly full
    BURGEON_CHECK(shares[slot] == kSlot);
    table.accept[slot] = std::numeric_limits<uint32_t>::max();
    table.alias[slot] = slot;
  }
}

absl::Status ValidateDraw(const SamplingTable& table, const CsrView& seen,
                          MatrixView<uint32_t> out) {
  BURGEON_RETURN_IF_ERROR(ValidateItems(table.items));
  BURGEON_CHECK(table.accept.size() == table.alias.size());
  BURGEON_CHECK(table.accept.empty() || static_cast<int64_t>(table.accept.size()) == table.items);
  if (seen.rows() != 0 && seen.rows() != out.rows) {
    return InvalidArgument("negative sampling: there are seen items of ", seen.rows(),
                           " rows; wanted ", out.rows);
  }
  return absl::OkStatus();
}

int64_t SampleCpu(ExecutionContext& context, const SamplingTable& table, const DrawRange& range,
                  const CsrView& seen, MatrixView<uint32_t> out) {
  const Philox random(range.seed, range.stream);
  const AliasView view = table.view();
  std::vector<int64_t> left(static_cast<size_t>((out.rows + kBlockRows - 1) / kBlockRows));
  context.pool().ParallelFor(out.rows, kBlockRows, [&](int64_t begin, int64_t end) {
    int64_t& block_left = left[static_cast<size_t>(begin / kBlockRows)];
    for (int64_t row = begin; row < end; ++row) {
      SeenItems of_row;
      if (seen.rows() != 0) {
        const auto columns = seen.row_columns(row);
        of_row = {columns.data(), columns.data() + columns.size()};
      }
      const auto items = out.row(row);
      for (size_t k = 0; k < items.size(); ++k) {
        const uint64_t draw = range.first + static_cast<uint64_t>(row * out.cols) + k;
        const UnseenDraw drawn = DrawUnseen(view, random, draw, of_row);
        items[k] = drawn.item;
        block_left += drawn.seen ? 1 : 0;
      }
    }
  });
  int64_t sum = 0;
  for (const int64_t block : left) sum += block;
  return sum;
}

}  // namespace

AliasView SamplingTable::view() const {
  return {accept.empty() ? nullptr : accept.data(), alias.empty() ? nullptr : alias.data(),
          static_cast<uint64_t>(items)};
}

float SamplingTable::LogProbability(uint32_t item) const {
  if (log_probabilities.empty()) return static_cast<float>(-std::log(static_cast<double>(items)));
  return log_probabilities[item];
}

absl::StatusOr<SamplingTable> UniformTable(int64_t items) {
  BURGEON_RETURN_IF_ERROR(ValidateItems(items));
  SamplingTable table;
  table.items = items;
  return table;
}

absl::StatusOr<SamplingTable> PopularityTable(std::span<const int64_t> counts, double power) {
  BURGEON_RETURN_IF_ERROR(ValidateItems(static_cast<int64_t>(counts.size())));
  if (!(power >= 0) || !std::isfinite(power)) {
    return InvalidArgument("negative sampling: power ", power, " is not zero or a positive number");
  }
  BURGEON_ASSIGN_OR_RETURN(std::vector<uint64_t> shares, Shares(counts, power));
  SamplingTable table;
  table.items = static_cast<int64_t>(counts.size());
  const double total = static_cast<double>(counts.size()) * static_cast<double>(kSlot);
  for (const uint64_t share : shares) {
    table.log_probabilities.push_back(
        static_cast<float>(std::log(static_cast<double>(share) / total)));
  }
  FillSlots(std::move(shares), table);
  return table;
}

absl::StatusOr<int64_t> SampleNegatives(ExecutionContext& context, const SamplingTable& table,
                                        const DrawRange& range, const CsrView& seen,
                                        MatrixView<uint32_t> out) {
  BURGEON_RETURN_IF_ERROR(ValidateDraw(table, seen, out));
#ifdef BURGEON_CUDA
  if (context.device().kind == DeviceKind::kCuda) {
    return SampleNegativesCuda(context, table, range, seen, out);
  }
#endif
  return SampleCpu(context, table, range, seen, out);
}

}  // namespace burgeon
