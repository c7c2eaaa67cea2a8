#include <cmath>

#include "engine/release/query.h"
#include "engine/release/query_internal.h"

namespace burgeon {

namespace {

// Nothing without a churn model, and for customers outside its population.
std::optional<float> RiskOf(const ReleaseData& data, CustomerRow customer) {
  if (data.churn_risk.empty()) return std::nullopt;
  const float risk = data.churn_risk[customer.value];
  return std::isnan(risk) ? std::nullopt : std::optional<float>(risk);
}

}  // namespace

absl::StatusOr<ChurnAnswer> AnswerChurn(const ReleaseView& view,
                                        const std::optional<std::vector<std::string>>& customers) {
  const ReleaseData& data = view.release->data();
  if (!data.churn) {
    return FailedPrecondition("release ", view.release->id(), " has no churn model");
  }
  ChurnAnswer answer;
  const auto add = [&](CustomerRow row) {
    const std::optional<float> risk = RiskOf(data, row);
    if (risk) answer.rows.push_back({data.customers.id(row.value), *risk});
    return risk.has_value();
  };
  if (!customers) {
    for (const CustomerRow row : CustomersFor(view, Purpose::kScore)) add(row);
    return answer;
  }
  for (const std::string& id : *customers) {
    BURGEON_RETURN_IF_ERROR(CheckId("customers", id));
    const absl::StatusOr<CustomerRow> row = FindCustomer(view, id, Purpose::kScore);
    if (!row.ok() || !add(*row)) answer.missing.push_back(id);
  }
  return answer;
}

absl::StatusOr<CustomerProfile> AnswerProfile(const ReleaseView& view,
                                              std::string_view customer_id) {
  BURGEON_ASSIGN_OR_RETURN(const CustomerRow customer,
                           FindCustomer(view, customer_id, Purpose::kScore));
  const ReleaseData& data = view.release->data();
  CustomerProfile profile;
  profile.id = std::string(customer_id);
  const auto values = data.features.values.row(customer.value);
  for (size_t f = 0; f < data.features.names.size(); ++f) {
    profile.features.emplace_back(data.features.names[f], values[f]);
  }
  profile.churn_risk = RiskOf(data, customer);
  profile.items_bought = static_cast<int64_t>(data.seen.view().row_columns(customer.value).size());
  const ConsentBits consent = ConsentOf(view, customer.value);
  for (const Purpose purpose : kAllPurposes) {
    if (consent.Allows(purpose)) profile.consent.emplace_back(PurposeName(purpose));
  }
  return profile;
}

}  // namespace burgeon
