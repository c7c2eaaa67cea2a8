// The same data with only some of its customer rows: what a release, or a model that was not
// published, is without somebody who was erased.
#ifndef BURGEON_ENGINE_RELEASE_KEEP_ROWS_H_
#define BURGEON_ENGINE_RELEASE_KEEP_ROWS_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/dataset/vocabulary.h"
#include "engine/release/release_data.h"

namespace burgeon {

// Rows, ascending, of those for whom `drop` answers false for their id and all their aliases.
std::vector<uint32_t> RowsWithout(const Vocabulary& customers,
                                  const std::function<bool(std::string_view)>& drop);

CsrMatrix KeepRows(const CsrMatrix& matrix, std::span<const uint32_t> rows);
FloatMatrix KeepRows(const FloatMatrix& matrix, std::span<const uint32_t> rows);
// No rows stay no rows: an order that is not there.
ItemSequences KeepRows(const ItemSequences& sequences, std::span<const uint32_t> rows);
template <class T>
std::vector<T> KeepRows(const std::vector<T>& values, std::span<const uint32_t> rows) {
  std::vector<T> kept;
  if (values.empty()) return kept;  // an optional column that is not there
  kept.reserve(rows.size());
  for (const uint32_t row : rows) kept.push_back(values[row]);
  return kept;
}
// With the aliases of those who stay, under their new rows.
Vocabulary KeepRows(const Vocabulary& customers, std::span<const uint32_t> rows);

// The release with these customers alone. Item vectors stay as they were trained; popularity is
// counted anew over those who stay and consent to `recommend`, as training counts it.
ReleaseData KeepCustomers(const ReleaseData& data, std::span<const uint32_t> rows);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_KEEP_ROWS_H_
