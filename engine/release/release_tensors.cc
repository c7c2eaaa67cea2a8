#include "engine/release/release_tensors.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace burgeon {
namespace {

constexpr char kChurnPrefix[] = "churn.";
constexpr uint8_t kAllConsentBits = (1 << kPurposes) - 1;

absl::Status CheckCount(std::string_view what, int64_t actual, int64_t wanted,
                        std::string_view of) {
  if (actual == wanted) return absl::OkStatus();
  return DataLoss(what, ": ", actual, "; there are ", wanted, " ", of);
}

absl::Status CheckFinite(std::string_view what, std::span<const float> values) {
  const auto bad =
      std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  if (bad == values.end()) return absl::OkStatus();
  return DataLoss(what, ": number ", bad - values.begin(), " is ", *bad,
                  "; a finite one was wanted");
}

absl::Status CheckSparse(std::string_view what, const CsrMatrix& matrix, const ReleaseData& data) {
  BURGEON_RETURN_IF_ERROR(
      CheckCount(Concat(what, ": rows"), matrix.rows(), data.customers.size(), "customers"));
  BURGEON_RETURN_IF_ERROR(
      CheckCount(Concat(what, ": columns"), matrix.cols, data.items.size(), "items"));
  return CheckFinite(what, matrix.values);
}

absl::Status CheckModel(const ReleaseData& data) {
  const RecommenderModel& model = data.recommender;
  BURGEON_RETURN_IF_ERROR(CheckCount("customer embeddings", model.customer_embeddings.rows(),
                                     data.customers.size(), "customers"));
  BURGEON_RETURN_IF_ERROR(
      CheckCount("item embeddings", model.item_embeddings.rows(), data.items.size(), "items"));
  if (model.dim() < 1) return DataLoss("item embeddings: no dimensions; at least 1 was wanted");
  BURGEON_RETURN_IF_ERROR(CheckCount("customer embeddings: dimensions",
                                     model.customer_embeddings.cols(), model.dim(),
                                     "dimensions of the items"));
  BURGEON_RETURN_IF_ERROR(CheckCount("popularity", static_cast<int64_t>(model.popularity.size()),
                                     data.items.size(), "items"));
  if (model.kind == RecommenderKind::kSequence) {
    BURGEON_RETURN_IF_ERROR(
        CheckCount("sequence items", model.encoder.items.rows(), data.items.size(), "items"));
    BURGEON_RETURN_IF_ERROR(
        CheckCount("sequence dimensions", model.encoder.dim(), model.dim(), "dimensions"));
  } else if (model.kind == RecommenderKind::kTwoTower) {
    BURGEON_RETURN_IF_ERROR(CheckCount("two-tower items", model.two_tower.history_items.rows(),
                                       data.items.size(), "items"));
    BURGEON_RETURN_IF_ERROR(
        CheckCount("two-tower dimensions", model.two_tower.dim(), model.dim(), "dimensions"));
  } else if (model.kind != RecommenderKind::kAls && model.kind != RecommenderKind::kBlend) {
    BURGEON_RETURN_IF_ERROR(
        CheckCount("fold-in embeddings", model.fold_in_items.rows(), data.items.size(), "items"));
    BURGEON_RETURN_IF_ERROR(CheckCount("fold-in embeddings: dimensions", model.fold_in_items.cols(),
                                       model.dim(), "dimensions"));
    BURGEON_RETURN_IF_ERROR(
        CheckCount("filter", static_cast<int64_t>(model.filter.size()), model.dim(), "dimensions"));
  }
  if (model.has_operator()) {
    BURGEON_RETURN_IF_ERROR(
        CheckCount("item operator: rows", model.item_operator.rows(), data.items.size(), "items"));
    BURGEON_RETURN_IF_ERROR(
        CheckCount("item operator: columns", model.item_operator.cols, data.items.size(), "items"));
    BURGEON_RETURN_IF_ERROR(CheckFinite("item operator", model.item_operator.values));
  }
  BURGEON_RETURN_IF_ERROR(CheckFinite("customer embeddings", model.customer_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("item embeddings", model.item_embeddings.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("fold-in embeddings", model.fold_in_items.values()));
  BURGEON_RETURN_IF_ERROR(CheckFinite("filter", model.filter));
  return CheckFinite("popularity", model.popularity);
}

absl::Status CheckChurn(const ReleaseData& data) {
  if (!data.churn)
    return CheckCount("churn risks without a model", std::ssize(data.churn_risk), 0, "wanted");
  BURGEON_RETURN_IF_ERROR(
      CheckCount("churn risks", std::ssize(data.churn_risk), data.customers.size(), "customers"));
  for (size_t i = 0; i < data.churn_risk.size(); ++i) {
    const float risk = data.churn_risk[i];
    if (!std::isnan(risk) && !(risk >= 0 && risk <= 1)) {
      return DataLoss("churn risks: number ", i, " is ", risk,
                      "; a number from 0 to 1, or NaN, was wanted");
    }
  }
  return absl::OkStatus();
}

// The ids in the order they lie in the file, which is the order of rows.
absl::StatusOr<Vocabulary> ReadVocabulary(const TensorFile& file, const std::string& name) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> ids, file.GetStrings(name));
  for (size_t i = 1; i < ids.size(); ++i) {
    if (ids[i] <= ids[i - 1]) {
      return DataLoss("tensor '", name, "': id ", i, " does not come after the one before it");
    }
  }
  auto vocabulary = Vocabulary::FromIds(std::move(ids));
  if (!vocabulary.ok()) return DataLoss("tensor '", name, "': ", MessageOf(vocabulary.status()));
  return vocabulary;
}

void AddAliases(const Vocabulary& customers, TensorFile* file) {
  if (customers.aliases().empty()) return;
  std::vector<std::string> ids;
  std::vector<uint32_t> rows;
  for (const Alias& alias : customers.aliases()) {
    ids.push_back(alias.id);
    rows.push_back(alias.row);
  }
  file->AddStrings("customers.alias", ids);
  file->Add("customers.alias_row", std::span<const uint32_t>(rows));
}

absl::Status ReadAliases(const TensorFile& file, Vocabulary* customers) {
  if (!file.Has("customers.alias_row")) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(std::vector<std::string> ids, file.GetStrings("customers.alias"));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint32_t> rows,
                           file.GetUint32s("customers.alias_row"));
  BURGEON_RETURN_IF_ERROR(
      CheckCount("customers.alias_row", std::ssize(rows), std::ssize(ids), "aliases"));
  std::vector<Alias> aliases;
  for (size_t i = 0; i < ids.size(); ++i) aliases.push_back({std::move(ids[i]), rows[i]});
  const absl::Status set = customers->SetAliases(std::move(aliases));
  return set.ok() ? set : DataLoss("tensor 'customers.alias': ", MessageOf(set));
}

constexpr char kAttributes[] = "item_attributes";

void AddItemAttributes(const ItemAttributes& attributes, TensorFile* file) {
  if (attributes.columns.empty()) return;
  std::vector<std::string> names;
  std::vector<std::string> types;
  for (const ItemAttribute& column : attributes.columns) {
    const std::string prefix = Concat(kAttributes, ".", names.size());
    names.push_back(column.name);
    types.emplace_back(AttributeTypeName(column.type));
    file->AddStrings(prefix + ".values", column.words);
    file->Add(prefix + ".codes", std::span<const uint32_t>(column.code));
  }
  file->AddStrings(Concat(kAttributes, ".names"), names);
  file->AddStrings(Concat(kAttributes, ".types"), types);
}

absl::Status ReadItemAttributes(const TensorFile& file, ReleaseData* data) {
  data->item_attributes = {};
  if (!file.Has(Concat(kAttributes, ".names.offsets")) &&
      !file.Has(Concat(kAttributes, ".types.offsets"))) {
    return absl::OkStatus();
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                           file.GetStrings(Concat(kAttributes, ".names")));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> types,
                           file.GetStrings(Concat(kAttributes, ".types")));
  BURGEON_RETURN_IF_ERROR(
      CheckCount("item_attributes.types", std::ssize(types), std::ssize(names), "names"));
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string prefix = Concat(kAttributes, ".", i);
    const std::optional<AttributeType> type = ParseAttributeType(types[i]);
    if (!type || names[i].empty() || (i > 0 && names[i] <= names[i - 1])) {
      return DataLoss("item_attributes: number ", i, " is '", Printable(names[i]), "' of type '",
                      Printable(types[i]), "'; ascending names and text or number are wanted");
    }
    ItemAttribute column;
    column.name = names[i];
    column.type = *type;
    BURGEON_ASSIGN_OR_RETURN(column.words, file.GetStrings(prefix + ".values"));
    BURGEON_ASSIGN_OR_RETURN(column.code, file.GetUint32s(prefix + ".codes"));
    BURGEON_RETURN_IF_ERROR(CheckItemAttribute(data->items.size(), &column));
    data->item_attributes.columns.push_back(std::move(column));
  }
  return absl::OkStatus();
}

void AddContacts(const ContactHistory& contacts, TensorFile* file) {
  if (!contacts.kept()) return;
  file->Add("contacts.offsets", std::span<const int64_t>(contacts.offsets));
  file->Add("contacts.times", std::span<const int64_t>(contacts.times));
  file->Add("contacts.days", std::span<const int64_t>(&contacts.days, 1));
}

absl::Status ReadContacts(const TensorFile& file, ContactHistory* contacts) {
  *contacts = {};
  if (!file.Has("contacts.offsets") && !file.Has("contacts.times")) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(contacts->offsets, file.GetInt64s("contacts.offsets"));
  BURGEON_ASSIGN_OR_RETURN(contacts->times, file.GetInt64s("contacts.times"));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> days, file.GetInt64s("contacts.days"));
  if (days.size() != 1 || contacts->offsets.empty()) {
    return DataLoss("contacts: ", days.size(), " numbers of days and ", contacts->offsets.size(),
                    " offsets; one, and some, were wanted");
  }
  contacts->days = days.front();
  return absl::OkStatus();
}

void AddOrder(const ItemSequences& order, TensorFile* file) {
  if (order.rows() == 0) return;
  file->Add("order.offsets", std::span<const int64_t>(order.offsets));
  file->Add("order.items", std::span<const uint32_t>(order.items));
}

absl::Status ReadOrder(const TensorFile& file, ItemSequences* order) {
  *order = {};
  if (!file.Has("order.offsets") && !file.Has("order.items")) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(order->offsets, file.GetInt64s("order.offsets"));
  BURGEON_ASSIGN_OR_RETURN(order->items, file.GetUint32s("order.items"));
  if (order->offsets.empty() || order->offsets.front() != 0 ||
      order->offsets.back() != std::ssize(order->items) ||
      !std::is_sorted(order->offsets.begin(), order->offsets.end())) {
    return DataLoss("order.offsets: do not ascend from 0 to the ", order->items.size(),
                    " items of order.items");
  }
  return absl::OkStatus();
}

// There for a recommender that reads it, and no longer than it reads.
absl::Status CheckOrder(const ReleaseData& data) {
  const int64_t length = data.recommender.order_length();
  if (length == 0) return CheckCount("order: rows", data.order.rows(), 0, "wanted by this model");
  BURGEON_RETURN_IF_ERROR(
      CheckCount("order: rows", data.order.rows(), data.customers.size(), "customers"));
  const SequenceView order = data.order.view();
  for (int64_t u = 0; u < order.rows(); ++u) {
    const auto row = order.row(u);
    const auto known = data.interactions.view().row_columns(u);
    if (std::ssize(row) > length) {
      return DataLoss("order: customer row ", u, " has ", row.size(), " items; the model reads ",
                      length);
    }
    for (const uint32_t item : row) {
      if (std::binary_search(known.begin(), known.end(), item)) continue;
      return DataLoss("order: customer row ", u, " has item row ", item,
                      ", which is none of the customer's interactions");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadConsentSaid(const TensorFile& file, ReleaseData* data) {
  data->consent_said.clear();
  if (!file.Has("consent_said")) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> said, file.GetInt64s("consent_said"));
  BURGEON_RETURN_IF_ERROR(CheckCount("consent_said: numbers", std::ssize(said),
                                     kPurposes * data->customers.size(),
                                     "wanted, four a customer"));
  data->consent_said.resize(said.size() / kPurposes);
  for (size_t i = 0; i < said.size(); ++i) {
    data->consent_said[i / kPurposes][i % kPurposes] = said[i];
  }
  return absl::OkStatus();
}

}  // namespace

TensorFile ReleaseTensors(const ReleaseData& data) {
  TensorFile file;
  file.AddStrings("customers", data.customers.ids());
  AddAliases(data.customers, &file);
  file.AddStrings("items", data.items.ids());
  file.AddStrings("item_label", data.item_label);
  AddItemAttributes(data.item_attributes, &file);
  if (!data.item_content.empty()) {
    file.Add("item_content", std::span<const uint8_t>(data.item_content));
  }
  std::vector<uint8_t> consent;
  consent.reserve(data.consent.size());
  for (const ConsentBits bits : data.consent) consent.push_back(bits.bits);
  file.Add("consent", std::span<const uint8_t>(consent));
  if (!data.consent_said.empty()) {
    std::vector<int64_t> said;
    said.reserve(data.consent_said.size() * kPurposes);
    for (const ConsentTimes& times : data.consent_said) {
      said.insert(said.end(), times.begin(), times.end());
    }
    file.Add("consent_said", std::span<const int64_t>(said));
  }
  file.AddCsr("interactions", data.interactions.view());
  file.AddCsr("seen", data.seen.view());
  AddOrder(data.order, &file);
  AddContacts(data.contacts, &file);
  file.AddStrings("features.names", data.features.names);
  file.Add("features.values", data.features.values.view());
  AddModelTensors(data.recommender, &file);
  if (data.churn) {
    AddChurnTensors(*data.churn, kChurnPrefix, &file);
    file.Add("churn_risk", std::span<const float>(data.churn_risk));
  }
  return file;
}

absl::Status ReadReleaseTensors(const TensorFile& file, ChurnPart churn, ReleaseData* data) {
  BURGEON_ASSIGN_OR_RETURN(data->customers, ReadVocabulary(file, "customers"));
  BURGEON_RETURN_IF_ERROR(ReadAliases(file, &data->customers));
  BURGEON_ASSIGN_OR_RETURN(data->items, ReadVocabulary(file, "items"));
  BURGEON_ASSIGN_OR_RETURN(data->item_label, file.GetStrings("item_label"));
  BURGEON_RETURN_IF_ERROR(ReadItemAttributes(file, data));
  data->item_content.clear();
  if (file.Has("item_content")) {
    BURGEON_ASSIGN_OR_RETURN(data->item_content, file.GetBytes("item_content"));
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint8_t> consent, file.GetBytes("consent"));
  data->consent.clear();
  for (const uint8_t bits : consent) data->consent.push_back(ConsentBits{bits});
  BURGEON_RETURN_IF_ERROR(ReadConsentSaid(file, data));
  BURGEON_RETURN_IF_ERROR(ReadContacts(file, &data->contacts));
  BURGEON_ASSIGN_OR_RETURN(data->interactions, file.GetCsr("interactions"));
  BURGEON_ASSIGN_OR_RETURN(data->seen, file.GetCsr("seen"));
  BURGEON_RETURN_IF_ERROR(ReadOrder(file, &data->order));
  BURGEON_ASSIGN_OR_RETURN(data->features.names, file.GetStrings("features.names"));
  BURGEON_ASSIGN_OR_RETURN(data->features.values, file.GetMatrix("features.values"));
  BURGEON_ASSIGN_OR_RETURN(data->recommender, ReadModelTensors(file));
  data->churn.reset();
  data->churn_risk.clear();
  if (churn == ChurnPart::kPresent) {
    BURGEON_ASSIGN_OR_RETURN(data->churn, ReadChurnTensors(file, kChurnPrefix));
    BURGEON_ASSIGN_OR_RETURN(data->churn_risk, file.GetFloats("churn_risk"));
  }
  return absl::OkStatus();
}

absl::Status CheckReleaseData(const ReleaseData& data) {
  if (data.customers.size() < 1) return DataLoss("customers: none; at least 1 was wanted");
  if (data.items.size() < 1) return DataLoss("items: none; at least 1 was wanted");
  BURGEON_RETURN_IF_ERROR(
      CheckCount("item labels", std::ssize(data.item_label), data.items.size(), "items"));
  BURGEON_RETURN_IF_ERROR(
      CheckCount("consent", std::ssize(data.consent), data.customers.size(), "customers"));
  if (!data.consent_said.empty()) {
    BURGEON_RETURN_IF_ERROR(CheckCount("consent_said", std::ssize(data.consent_said),
                                       data.customers.size(), "customers"));
  }
  for (ItemAttribute column : data.item_attributes.columns) {
    BURGEON_RETURN_IF_ERROR(CheckItemAttribute(data.items.size(), &column));
  }
  for (size_t i = 0; i < data.consent.size(); ++i) {
    if ((data.consent[i].bits & ~kAllConsentBits) != 0) {
      return DataLoss("consent: number ", i, " is ", data.consent[i].bits, "; at most ",
                      kAllConsentBits, " was wanted");
    }
  }
  if (!data.item_content.empty()) {
    BURGEON_RETURN_IF_ERROR(
        CheckCount("item_content", std::ssize(data.item_content), data.items.size(), "items"));
  }
  BURGEON_RETURN_IF_ERROR(CheckContactHistory(data.customers.size(), data.contacts));
  BURGEON_RETURN_IF_ERROR(CheckSparse("interactions", data.interactions, data));
  BURGEON_RETURN_IF_ERROR(CheckSparse("seen items", data.seen, data));
  const FeatureTable& features = data.features;
  BURGEON_RETURN_IF_ERROR(
      CheckCount("features: rows", features.values.rows(), data.customers.size(), "customers"));
  BURGEON_RETURN_IF_ERROR(
      CheckCount("features: columns", features.values.cols(), std::ssize(features.names), "names"));
  BURGEON_RETURN_IF_ERROR(CheckFinite("features", features.values.values()));
  BURGEON_RETURN_IF_ERROR(CheckModel(data));
  BURGEON_RETURN_IF_ERROR(CheckOrder(data));
  return CheckChurn(data);
}

}  // namespace burgeon
