// A small world for recommenders: customers of a group touch the items of that group.
#ifndef BURGEON_TESTS_SUPPORT_TASTE_GROUPS_H_
#define BURGEON_TESTS_SUPPORT_TASTE_GROUPS_H_

#include "engine/base/matrix.h"

namespace burgeon {

struct TasteGroups {
  CsrMatrix train;  // [customers, items], pattern
  CsrMatrix test;   // items held out, one or more a customer
};

// Customer u and item i belong to group u % groups and i % groups. A customer touches 60 % of the
// items of its group, 2 % of the others; a fifth of the first go to test.
TasteGroups MakeTasteGroups(int64_t customers, int64_t items, int64_t groups);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_TASTE_GROUPS_H_
