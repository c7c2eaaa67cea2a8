#include "training/recommender/two_tower_rows.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace burgeon {
namespace {

constexpr uint64_t kIdStream = 0x74776f696473;  // "twoids"

}  // namespace

TwoTowerRows::TwoTowerRows(const CsrView& interactions, const CsrView& features,
                           const TwoTowerRowOptions& options)
    : items_(interactions.cols),
      features_(features),
      options_(options),
      dropped_(options.seed, kIdStream),
      degrees_(static_cast<size_t>(interactions.cols)) {
  for (const uint32_t item : interactions.columns) ++degrees_[item];
}

bool TwoTowerRows::HasFeatures(uint32_t item) const {
  return features_.cols > 0 && !features_.row_columns(item).empty();
}

bool TwoTowerRows::UsesId(uint32_t item, Ids ids, int64_t step) const {
  if (!HasFeatures(item)) return true;
  if (degrees_[item] == 0) return false;
  if (ids == Ids::kAll || options_.id_dropout == 0) return true;
  const uint64_t at = static_cast<uint64_t>(step) * static_cast<uint64_t>(items_) + item;
  return dropped_.Uniform(at) >= options_.id_dropout;
}

float TwoTowerRows::ScaleOf(uint32_t item) const {
  const auto degree = static_cast<double>(std::max<int64_t>(1, degrees_[item]));
  return static_cast<float>(std::pow(degree, -options_.item_exponent));
}

void TwoTowerRows::Add(uint32_t item, float factor, Ids ids, int64_t step,
                       std::vector<std::pair<uint32_t, float>>* entries) const {
  if (UsesId(item, ids, step)) entries->emplace_back(item, factor);
  if (!HasFeatures(item)) return;
  const auto columns = features_.row_columns(item);
  const auto values = features_.row_values(item);
  for (size_t k = 0; k < columns.size(); ++k) {
    entries->emplace_back(static_cast<uint32_t>(items_) + columns[k],
                          values.empty() ? factor : factor * values[k]);
  }
}

void TwoTowerRows::EndRow(std::vector<std::pair<uint32_t, float>>* entries, CsrMatrix* out) const {
  std::ranges::stable_sort(*entries, {}, &std::pair<uint32_t, float>::first);
  const auto begin = out->columns.size();
  for (const auto& [column, value] : *entries) {
    if (out->columns.size() > begin && out->columns.back() == column) {
      out->values.back() += value;
      continue;
    }
    out->columns.push_back(column);
    out->values.push_back(value);
  }
  out->offsets.push_back(std::ssize(out->columns));
  entries->clear();
}

CsrMatrix TwoTowerRows::Histories(const CsrView& weights, int64_t step) const {
  CsrMatrix out;
  out.cols = table_rows();
  std::vector<std::pair<uint32_t, float>> entries;
  for (int64_t u = 0; u < weights.rows(); ++u) {
    const auto items = weights.row_columns(u);
    const auto values = weights.row_values(u);
    for (size_t k = 0; k < items.size(); ++k) {
      const float weight = values.empty() ? 1.0F : values[k];
      Add(items[k], weight * ScaleOf(items[k]), Ids::kOfStep, step, &entries);
    }
    EndRow(&entries, &out);
  }
  return out;
}

CsrMatrix TwoTowerRows::Items(std::span<const uint32_t> items, int64_t step) const {
  CsrMatrix out;
  out.cols = table_rows();
  std::vector<std::pair<uint32_t, float>> entries;
  const auto count = items.empty() ? items_ : std::ssize(items);
  for (int64_t k = 0; k < count; ++k) {
    const uint32_t item = items.empty() ? static_cast<uint32_t>(k) : items[static_cast<size_t>(k)];
    Add(item, 1, Ids::kOfStep, step, &entries);
    EndRow(&entries, &out);
  }
  return out;
}

CsrMatrix TwoTowerRows::HistoryItems() const {
  CsrMatrix out;
  out.cols = table_rows();
  std::vector<std::pair<uint32_t, float>> entries;
  for (uint32_t item = 0; item < items_; ++item) {
    Add(item, ScaleOf(item), Ids::kAll, 0, &entries);
    EndRow(&entries, &out);
  }
  return out;
}

CsrMatrix TwoTowerRows::KnownItems() const {
  CsrMatrix out;
  out.cols = table_rows();
  std::vector<std::pair<uint32_t, float>> entries;
  for (uint32_t item = 0; item < items_; ++item) {
    Add(item, 1, Ids::kAll, 0, &entries);
    EndRow(&entries, &out);
  }
  return out;
}

}  // namespace burgeon
