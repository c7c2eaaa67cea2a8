#include "training/tune/validation_split.h"

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr uint64_t kHoldOut = 0x74756e6568;    // "tuneh"
constexpr uint64_t kCustomers = 0x74756e6563;  // "tunec"

}  // namespace

ValidationSplit HoldOutRandom(const CsrView& interactions, double share, uint64_t seed) {
  const Philox random(seed, kHoldOut);
  ValidationSplit out;
  out.train.cols = out.held_out.cols = interactions.cols;
  size_t entry = 0;  // of the whole matrix
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const size_t count = interactions.row_columns(u).size();
    const size_t kept_before = out.train.columns.size();
    for (size_t k = 0; k < count; ++k, ++entry) {
      const bool last_chance = k + 1 == count && out.train.columns.size() == kept_before;
      if (!last_chance && random.Uniform(entry) < share) {
        out.held_out.columns.push_back(interactions.columns[entry]);
        continue;
      }
      out.train.columns.push_back(interactions.columns[entry]);
      if (!interactions.values.empty()) out.train.values.push_back(interactions.values[entry]);
    }
    out.train.offsets.push_back(std::ssize(out.train.columns));
    out.held_out.offsets.push_back(std::ssize(out.held_out.columns));
  }
  out.mask = out.train;
  out.mask.values.clear();
  return out;
}

CsrMatrix KeepCustomers(const CsrView& matrix, double share, uint64_t seed) {
  const Philox random(seed, kCustomers);
  CsrMatrix out;
  out.cols = matrix.cols;
  for (int64_t u = 0; u < matrix.rows(); ++u) {
    if (random.Uniform(static_cast<uint64_t>(u)) < share) {
      const auto columns = matrix.row_columns(u);
      const auto values = matrix.row_values(u);
      out.columns.insert(out.columns.end(), columns.begin(), columns.end());
      out.values.insert(out.values.end(), values.begin(), values.end());
    }
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

}  // namespace burgeon
