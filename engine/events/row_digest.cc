#include "engine/events/row_digest.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

namespace burgeon {

UnmappedDigest::UnmappedDigest(const ColumnIndex& columns, const std::vector<size_t>& used) {
  for (size_t c = 0; c < columns.names.size(); ++c) {
    if (std::find(used.begin(), used.end(), c) != used.end()) continue;
    const std::string& name = columns.names[c];
    unused_.push_back({c, XXH3_64bits(name.data(), name.size())});
  }
  std::sort(unused_.begin(), unused_.end(), [&](const Unused& a, const Unused& b) {
    return columns.names[a.column] < columns.names[b.column];
  });
}

uint64_t UnmappedDigest::Of(const TextBatch& batch, int64_t row) const {
  uint64_t digest = 0;
  for (const Unused& unused : unused_) {
    const TextColumn& column = batch.columns[unused.column];
    if (column.is_null(row)) continue;
    const std::string_view text = column.value(row);
    if (text.empty()) continue;
    digest = XXH3_64bits_withSeed(text.data(), text.size(), digest ^ unused.name_hash);
  }
  return digest;
}

}  // namespace burgeon
