#include "engine/release/keep_rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr uint32_t kGone = UINT32_MAX;

std::vector<float> Popularity(const ReleaseData& data) {
  std::vector<double> sums(static_cast<size_t>(data.items.size()), 0);
  const CsrView all = data.interactions.view();
  for (int64_t row = 0; row < all.rows(); ++row) {
    if (!data.consent[static_cast<size_t>(row)].Allows(Purpose::kRecommend)) continue;
    const auto columns = all.row_columns(row);
    const auto values = all.row_values(row);
    for (size_t i = 0; i < columns.size(); ++i) {
      sums[columns[i]] += values.empty() ? 1.0 : static_cast<double>(values[i]);
    }
  }
  return {sums.begin(), sums.end()};
}

}  // namespace

std::vector<uint32_t> RowsWithout(const Vocabulary& customers,
                                  const std::function<bool(std::string_view)>& drop) {
  std::vector<uint8_t> gone(static_cast<size_t>(customers.size()), 0);
  for (size_t row = 0; row < gone.size(); ++row) {
    if (drop(customers.id(static_cast<uint32_t>(row)))) gone[row] = 1;
  }
  for (const Alias& alias : customers.aliases()) {
    if (drop(alias.id)) gone[alias.row] = 1;
  }
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < gone.size(); ++row) {
    if (gone[row] == 0) rows.push_back(row);
  }
  return rows;
}

CsrMatrix KeepRows(const CsrMatrix& matrix, std::span<const uint32_t> rows) {
  CsrMatrix kept;
  kept.cols = matrix.cols;
  for (const uint32_t row : rows) {
    const auto begin = matrix.offsets[row];
    const auto end = matrix.offsets[row + 1];
    kept.columns.insert(kept.columns.end(), matrix.columns.begin() + begin,
                        matrix.columns.begin() + end);
    if (!matrix.values.empty()) {
      kept.values.insert(kept.values.end(), matrix.values.begin() + begin,
                         matrix.values.begin() + end);
    }
    kept.offsets.push_back(std::ssize(kept.columns));
  }
  return kept;
}

FloatMatrix KeepRows(const FloatMatrix& matrix, std::span<const uint32_t> rows) {
  FloatMatrix kept(std::ssize(rows), matrix.cols());
  for (size_t i = 0; i < rows.size(); ++i) {
    for (int64_t c = 0; c < matrix.cols(); ++c) {
      kept.at(static_cast<int64_t>(i), c) = matrix.at(rows[i], c);
    }
  }
  return kept;
}

ItemSequences KeepRows(const ItemSequences& sequences, std::span<const uint32_t> rows) {
  ItemSequences kept;
  if (sequences.rows() == 0) return kept;
  for (const uint32_t row : rows) {
    const int64_t begin = sequences.offsets[row];
    const int64_t end = sequences.offsets[row + 1];
    kept.items.insert(kept.items.end(), sequences.items.begin() + begin,
                      sequences.items.begin() + end);
    if (!sequences.times.empty()) {
      kept.times.insert(kept.times.end(), sequences.times.begin() + begin,
                        sequences.times.begin() + end);
    }
    kept.offsets.push_back(std::ssize(kept.items));
  }
  return kept;
}

Vocabulary KeepRows(const Vocabulary& customers, std::span<const uint32_t> rows) {
  std::vector<std::string> ids;
  std::vector<uint32_t> new_row(static_cast<size_t>(customers.size()), kGone);
  for (const uint32_t row : rows) {
    new_row[row] = static_cast<uint32_t>(ids.size());
    ids.push_back(customers.id(row));
  }
  // A part of what was sorted and unique is so too.
  auto kept = Vocabulary::FromIds(std::move(ids));
  BURGEON_CHECK(kept.ok());
  std::vector<Alias> aliases;
  for (const Alias& alias : customers.aliases()) {
    if (new_row[alias.row] != kGone) aliases.push_back({alias.id, new_row[alias.row]});
  }
  BURGEON_CHECK(kept->SetAliases(std::move(aliases)).ok());
  return *std::move(kept);
}

ReleaseData KeepCustomers(const ReleaseData& data, std::span<const uint32_t> rows) {
  ReleaseData kept = data;
  kept.customers = KeepRows(data.customers, rows);
  kept.consent = KeepRows(data.consent, rows);
  kept.consent_said = KeepRows(data.consent_said, rows);
  kept.interactions = KeepRows(data.interactions, rows);
  kept.seen = KeepRows(data.seen, rows);
  kept.order = KeepRows(data.order, rows);
  kept.contacts = KeepRows(data.contacts, rows);
  kept.features.values = KeepRows(data.features.values, rows);
  kept.recommender.customer_embeddings = KeepRows(data.recommender.customer_embeddings, rows);
  kept.recommender.popularity = Popularity(kept);
  kept.churn_risk = KeepRows(data.churn_risk, rows);
  return kept;
}

}  // namespace burgeon
