// Row numbers of customers and items. They mean something only within one snapshot or release;
// everything that leaves one carries the external id, a string.
#ifndef BURGEON_ENGINE_BASE_IDS_H_
#define BURGEON_ENGINE_BASE_IDS_H_

#include <compare>
#include <cstdint>

namespace burgeon {

template <class Tag>
struct RowId {
  uint32_t value = 0;
  constexpr RowId() = default;
  constexpr explicit RowId(uint32_t v) : value(v) {}
  friend constexpr auto operator<=>(RowId, RowId) = default;
};

using CustomerRow = RowId<struct CustomerTag>;
using ItemRow = RowId<struct ItemTag>;

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_IDS_H_
