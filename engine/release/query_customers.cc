#include <algorithm>

#include "engine/base/limits.h"
#include "engine/release/query.h"
#include "engine/release/query_internal.h"

namespace burgeon {

absl::Status CheckId(std::string_view field, std::string_view id) {
  if (id.empty()) return InvalidArgument(field, ": an empty id");
  if (static_cast<int64_t>(id.size()) > limits::kMaxIdBytes) {
    return InvalidArgument(field, ": '", Printable(id, 40), "' has ", id.size(),
                           " bytes, an id has at most ", limits::kMaxIdBytes);
  }
  return absl::OkStatus();
}

absl::Status CheckCount(std::string_view field, size_t size, int64_t max) {
  if (static_cast<int64_t>(size) <= max) return absl::OkStatus();
  return InvalidArgument(field, ": ", size, " entries, at most ", max, " are taken");
}

absl::Status CheckListSize(int k) {
  if (k >= 1 && k <= limits::kMaxK) return absl::OkStatus();
  return InvalidArgument("k: ", k, " is not from 1 to ", limits::kMaxK);
}

ConsentBits ConsentOf(const ReleaseView& view, uint32_t row) {
  const ReleaseData& data = view.release->data();
  const ConsentTimes& said = data.consent_said.empty() ? kNothingSaid : data.consent_said[row];
  return view.overlay->Apply(data.customers.id(row), data.consent[row], said);
}

absl::StatusOr<CustomerRow> FindCustomer(const ReleaseView& view, std::string_view customer_id,
                                         Purpose purpose) {
  BURGEON_RETURN_IF_ERROR(CheckId("customer_id", customer_id));
  const ReleaseData& data = view.release->data();
  const std::optional<uint32_t> row = data.customers.Find(customer_id);
  if (!row || !ConsentOf(view, *row).Allows(purpose)) {
    return NotFound("customer '", Printable(customer_id), "' is not known");
  }
  return CustomerRow(*row);
}

std::vector<uint8_t> AllowedCustomers(const ReleaseView& view, Purpose purpose) {
  const ReleaseData& data = view.release->data();
  std::vector<uint8_t> allowed(static_cast<size_t>(data.customers.size()));
  for (size_t row = 0; row < allowed.size(); ++row) {
    allowed[row] = data.consent[row].Allows(purpose) ? 1 : 0;
  }
  // The overlay speaks of few: looking those up beats asking it about everybody.
  for (const auto& [id, entry] : view.overlay->customers) {
    const std::optional<uint32_t> row = data.customers.Find(id);
    if (!row) continue;
    allowed[*row] = ConsentOf(view, *row).Allows(purpose) ? 1 : 0;
  }
  return allowed;
}

std::vector<CustomerRow> CustomersFor(const ReleaseView& view, Purpose purpose) {
  const std::vector<uint8_t> allowed = AllowedCustomers(view, purpose);
  std::vector<CustomerRow> rows;
  for (uint32_t row = 0; row < allowed.size(); ++row) {
    if (allowed[row] != 0) rows.emplace_back(row);
  }
  return rows;
}

absl::StatusOr<FoundCustomers> FindCustomers(const ReleaseView& view, std::string_view field,
                                             const std::vector<std::string>& ids, Purpose purpose) {
  FoundCustomers found;
  StringSet unknown;
  for (const std::string& id : ids) {
    BURGEON_RETURN_IF_ERROR(CheckId(field, id));
    const absl::StatusOr<CustomerRow> row = FindCustomer(view, id, purpose);
    if (row.ok()) {
      found.rows.push_back(*row);
    } else if (unknown.insert(id).second) {
      found.unknown.push_back(id);
    }
  }
  std::sort(found.rows.begin(), found.rows.end());
  found.rows.erase(std::unique(found.rows.begin(), found.rows.end()), found.rows.end());
  return found;
}

}  // namespace burgeon
