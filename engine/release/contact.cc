#include "engine/release/contact.h"

#include <algorithm>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kMaxDays = 3650;

// Times in (at - days, at].
std::span<const TimeMicros> Within(std::span<const TimeMicros> times, TimeMicros at, int64_t days) {
  const auto end = std::upper_bound(times.begin(), times.end(), at);
  const auto begin = std::upper_bound(times.begin(), end, at - days * kMicrosPerDay);
  return {begin, end};
}

}  // namespace

ContactSpec ParseContactSpec(const ConfigNode& node) {
  ContactSpec spec;
  const ConfigNode contacts = node.Child("contacts");
  for (const std::string& name : contacts.GetStrings("events")) {
    const std::optional<EventType> type = ParseEventType(name);
    if (type) {
      spec.events.push_back(*type);
    } else {
      contacts.Fail("events", Concat("'", Printable(name), "' is not a type of event"));
    }
  }
  spec.keep_days = contacts.GetInt("keep_days", spec.keep_days, {1, kMaxDays});
  return spec;
}

std::span<const TimeMicros> ContactHistory::of(CustomerRow row) const {
  if (!kept()) return {};
  const auto begin = static_cast<size_t>(offsets[row.value]);
  const auto end = static_cast<size_t>(offsets[row.value + size_t{1}]);
  return std::span(times).subspan(begin, end - begin);
}

ContactHistory BuildContactHistory(const Snapshot& snapshot, const ContactSpec& spec) {
  ContactHistory out;
  if (spec.events.empty()) return out;
  out.days = spec.keep_days;
  out.offsets = {0};
  const TimeMicros since = snapshot.as_of - spec.keep_days * kMicrosPerDay;
  const SnapshotEvents& events = snapshot.events;
  for (int64_t row = 0; row < snapshot.customers.size(); ++row) {
    const auto end = static_cast<size_t>(events.offsets[static_cast<size_t>(row) + 1]);
    for (auto k = static_cast<size_t>(events.offsets[static_cast<size_t>(row)]); k < end; ++k) {
      const bool contact =
          std::find(spec.events.begin(), spec.events.end(), events.type[k]) != spec.events.end();
      if (contact && events.time[k] > since) out.times.push_back(events.time[k]);
    }
    out.offsets.push_back(std::ssize(out.times));
  }
  return out;
}

ContactHistory KeepRows(const ContactHistory& contacts, std::span<const uint32_t> rows) {
  if (!contacts.kept()) return contacts;
  ContactHistory out;
  out.days = contacts.days;
  out.offsets = {0};
  for (const uint32_t row : rows) {
    const auto times = contacts.of(CustomerRow(row));
    out.times.insert(out.times.end(), times.begin(), times.end());
    out.offsets.push_back(std::ssize(out.times));
  }
  return out;
}

absl::Status CheckContactHistory(int64_t customers, const ContactHistory& contacts) {
  if (!contacts.kept()) return absl::OkStatus();
  const auto& offsets = contacts.offsets;
  if (std::ssize(offsets) != customers + 1 || offsets.front() != 0 ||
      !std::is_sorted(offsets.begin(), offsets.end()) ||
      offsets.back() != std::ssize(contacts.times)) {
    return DataLoss("contacts: ", offsets.size(), " offsets do not fit ", customers,
                    " customers and ", contacts.times.size(), " times");
  }
  if (contacts.days < 1 || contacts.days > kMaxDays) {
    return DataLoss("contacts: of ", contacts.days, " days; 1 to ", kMaxDays, " were wanted");
  }
  for (uint32_t row = 0; row < customers; ++row) {
    const auto times = contacts.of(CustomerRow(row));
    if (!std::is_sorted(times.begin(), times.end())) {
      return DataLoss("contacts: the times of customer row ", row, " are not in order");
    }
  }
  return absl::OkStatus();
}

ContactPolicy ParseContactPolicy(const ConfigNode& node) {
  ContactPolicy policy;
  policy.max = node.GetInt("max", policy.max, {0, 1'000'000});
  policy.window_days = node.GetInt("window_days", policy.window_days, {1, kMaxDays});
  policy.quiet_days = node.GetInt("quiet_days", policy.quiet_days, {0, kMaxDays});
  return policy;
}

absl::StatusOr<std::optional<ContactRefusal>> RefuseContact(const ContactPolicy& policy,
                                                            const ContactHistory& contacts,
                                                            CustomerRow row,
                                                            std::string_view customer_id,
                                                            TimeMicros at) {
  using Answer = std::optional<ContactRefusal>;
  const int64_t looks_back = std::max(policy.max > 0 ? policy.window_days : 0, policy.quiet_days);
  if (looks_back > 0 && !contacts.kept()) {
    return FailedPrecondition("contact: the release keeps no contacts; name their events in ",
                              "release.contacts.events and publish again");
  }
  if (looks_back > contacts.days) {
    return FailedPrecondition("contact: the rules look back ", looks_back, " days, the release ",
                              "keeps contacts of ", contacts.days, "; see release.contacts");
  }
  if (policy.listed.contains(customer_id)) {
    return Answer({"do_not_contact", "the customer is on the list of those not to be contacted"});
  }
  const std::span<const TimeMicros> times = contacts.of(row);
  const auto recent = Within(times, at, policy.window_days);
  if (policy.max > 0 && std::ssize(recent) >= policy.max) {
    return Answer({"frequency_cap", Concat(recent.size(), " contacts in the last ",
                                           policy.window_days, " days, at most ", policy.max)});
  }
  const auto quiet = Within(times, at, policy.quiet_days);
  if (policy.quiet_days > 0 && !quiet.empty()) {
    return Answer({"quiet_period", Concat("contacted at ", FormatTime(quiet.back()), ", and ",
                                          policy.quiet_days, " days are to pass")});
  }
  return Answer();
}

}  // namespace burgeon
