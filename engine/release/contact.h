// Who may be contacted: rules about reaching out to a customer (a mail, a call, a notice), which
// are asked before a list is made. A list for a page that the customer opened is no contact.
//
//   ContactPolicy policy{.max = 3, .window_days = 7};
//   BURGEON_ASSIGN_OR_RETURN(const std::optional<ContactRefusal> no,
//                            RefuseContact(policy, data.contacts, row, id, now));
//
// Contacts are events of the types that the job names (release.contacts), known when the release
// was made; what was sent since is not among them. Consent is another matter and comes first: who
// refused `recommend` is not found at all. Plain data; thread-safe to read.
#ifndef BURGEON_ENGINE_RELEASE_CONTACT_H_
#define BURGEON_ENGINE_RELEASE_CONTACT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/ids.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/dataset/snapshot.h"
#include "engine/events/event.h"

namespace burgeon {

// What a release keeps of contacts.
struct ContactSpec {
  std::vector<EventType> events = {};  // types that are contacts; none: nothing is kept
  int64_t keep_days = 90;
};
// `contacts: {events: [impression], keep_days: 90}` of a node.
ContactSpec ParseContactSpec(const ConfigNode& node);

// When each customer was contacted in the `days` before the release's data end.
struct ContactHistory {
  std::vector<int64_t> offsets = {};   // [customers + 1]; empty: contacts were not kept
  std::vector<TimeMicros> times = {};  // ascending within a customer
  int64_t days = 0;
  bool kept() const { return !offsets.empty(); }
  std::span<const TimeMicros> of(CustomerRow row) const;
};
ContactHistory BuildContactHistory(const Snapshot& snapshot, const ContactSpec& spec);
// Those of some customers; `rows` ascending.
ContactHistory KeepRows(const ContactHistory& contacts, std::span<const uint32_t> rows);
// kDataLoss unless it fits so many customers.
absl::Status CheckContactHistory(int64_t customers, const ContactHistory& contacts);

struct ContactPolicy {
  int64_t max = 0;  // contacts within the window; 0: no cap
  int64_t window_days = 7;
  int64_t quiet_days = 0;  // after a contact; 0: none
  StringSet listed = {};   // stored ids of those who are not to be contacted
};
// `max`, `window_days`, `quiet_days` of a node; the list is a file, which the caller reads.
ContactPolicy ParseContactPolicy(const ConfigNode& node);

struct ContactRefusal {
  std::string rule = {};    // "do_not_contact", "frequency_cap", "quiet_period"
  std::string reason = {};  // in words
};

// Nothing when the customer may be contacted at the time `at`: not listed, fewer than `max`
// contacts in (at - window, at], none in (at - quiet, at]. kFailedPrecondition when the policy
// looks at contacts and the release keeps none, or not for so long.
absl::StatusOr<std::optional<ContactRefusal>> RefuseContact(const ContactPolicy& policy,
                                                            const ContactHistory& contacts,
                                                            CustomerRow row,
                                                            std::string_view customer_id,
                                                            TimeMicros at);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_CONTACT_H_
