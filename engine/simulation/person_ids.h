// The ids of a person. Slots: 0 the account; 1 the hash of the e-mail address; 2 the loyalty card
// of the shops; 3 the name on a social network; 4 the phone's app; 5, 6, ... cookies of the
// browser, each of them for cookie_days. An event carries the id that the channel knew.
#ifndef BURGEON_ENGINE_SIMULATION_PERSON_IDS_H_
#define BURGEON_ENGINE_SIMULATION_PERSON_IDS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace burgeon {

enum PersonIdSlot : uint16_t {
  kAccountSlot = 0,
  kEmailSlot = 1,
  kCardSlot = 2,
  kSocialSlot = 3,
  kDeviceSlot = 4,
  kFirstCookieSlot = 5,
};

// "account", "email", "loyalty", "social", "device", "cookie": as engine/governance/identity.h.
std::string_view IdKindOf(uint16_t slot);
// "acc-17", the SHA-256 of the address in hexadecimal, "card-0000000017", "soc-...", "dev-...",
// "ck-...": random looking, different for every person and slot.
std::string PersonId(uint64_t seed, uint64_t person, uint16_t slot);
// "p17@example.org".
std::string EmailOf(uint64_t person);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_PERSON_IDS_H_
