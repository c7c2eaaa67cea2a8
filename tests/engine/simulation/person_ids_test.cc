#include "engine/simulation/person_ids.h"

#include <gtest/gtest.h>

#include <set>

namespace burgeon {
namespace {

TEST(PersonIds, AreDifferentForEveryPersonAndSlot) {
  std::set<std::string> ids;
  for (uint64_t person = 0; person < 3000; ++person) {
    for (uint16_t slot = 0; slot < 8; ++slot) {
      EXPECT_TRUE(ids.insert(PersonId(9, person, slot)).second) << person << " " << slot;
    }
  }
}

TEST(PersonIds, HaveTheFormOfTheirKind) {
  EXPECT_EQ(PersonId(1, 17, kAccountSlot), "acc-17");
  EXPECT_EQ(PersonId(1, 17, kCardSlot), "card-0000000017");
  // SHA-256 of "p17@example.org", by sha256sum.
  EXPECT_EQ(PersonId(1, 17, kEmailSlot),
            "cb87d0c5b6c38ed1260e291c86198d4d16f677e3092aad7a484788a20055c9fe");
  EXPECT_EQ(PersonId(1, 17, kFirstCookieSlot + 2).size(), 3U + 16U);
  EXPECT_NE(PersonId(1, 17, kDeviceSlot), PersonId(2, 17, kDeviceSlot));
  EXPECT_EQ(IdKindOf(kAccountSlot), "account");
  EXPECT_EQ(IdKindOf(kFirstCookieSlot), "cookie");
  EXPECT_EQ(IdKindOf(kFirstCookieSlot + 90), "cookie");
}

}  // namespace
}  // namespace burgeon
