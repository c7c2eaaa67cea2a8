#include "engine/simulation/event_row.h"

#include <charconv>

#include "engine/base/check.h"
#include "engine/simulation/feedback_text.h"
#include "engine/simulation/person_ids.h"

namespace burgeon {
namespace {

void AppendNumber(uint64_t value, std::string* out) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  out->append(digits, static_cast<size_t>(end - digits));
}

// 1995 with two digits is "19.95".
void AppendMoney(int32_t minor, int digits, std::string* out) {
  if (digits == 0) return AppendNumber(static_cast<uint64_t>(minor), out);
  AppendNumber(static_cast<uint64_t>(minor / 100), out);
  out->push_back('.');
  out->push_back(static_cast<char>('0' + minor % 100 / 10));
  out->push_back(static_cast<char>('0' + minor % 10));
}

void AppendItem(uint32_t item, std::string* out) {
  char digits[8] = "i000000";
  if (item > 999'999) {
    out->append(Catalogue::ItemId(item));
    return;
  }
  for (size_t k = 6; k > 0; --k, item /= 10) digits[k] = static_cast<char>('0' + item % 10);
  out->append(digits, 7);
}

constexpr std::array<std::string_view, 4> kPurposeNames = {"recommend", "score", "audience",
                                                           "export"};

}  // namespace

std::string_view EventColumnName(size_t column) {
  constexpr std::array<std::string_view, kEventColumns> kNames = {
      "event_id", "time",      "known_at",      "customer",         "type",
      "item",     "quantity",  "unit_price",    "currency",         "session",
      "channel",  "query",     "dwell_seconds", "discount_percent", "purpose",
      "granted",  "linked_id", "id_kind",       "linked_kind",      "kind",
      "score",    "scale_max", "text",          "language"};
  return kNames[column];
}

void EventRowMaker::Add(const PersonHistory& history) {
  if (persons_.empty()) first_ = history.person.number;
  BURGEON_CHECK(history.person.number == first_ + persons_.size());
  KnownPerson& person = persons_.emplace_back();
  person.region = &RegionOf(history.person.region);
  for (const UsedId& used : history.ids) {
    person.ids.emplace_back(used.slot,
                            PersonId(world_.config().seed, history.person.number, used.slot));
  }
}

const std::string& EventRowMaker::KnownPerson::IdOf(uint16_t slot) const {
  size_t k = 0;
  while (ids[k].first != slot) ++k;  // every slot of an event was used
  return ids[k].second;
}

void EventRowMaker::Make(const SimEvent& event, EventRow* row_out) {
  EventRow& row = *row_out;
  const KnownPerson& person = persons_[event.person - first_];
  const Region& region = *person.region;
  for (std::string& field : row) field.clear();
  AppendNumber(event.person, &row[kEventIdColumn]);
  row[kEventIdColumn].push_back('-');
  AppendNumber(event.sequence, &row[kEventIdColumn]);
  time_.Append(event.time, &row[kTimeColumn]);
  known_at_.Append(event.known_at, &row[kKnownAtColumn]);
  row[kCustomerColumn] = person.IdOf(event.id_slot);
  row[kTypeColumn] = EventTypeName(event.type);
  row[kChannelColumn] = SimChannelName(event.channel);
  if (event.item != kSimNoItem) AppendItem(event.item, &row[kItemColumn]);
  if (event.session != 0) {
    row[kSessionColumn].push_back('s');
    AppendNumber(event.person, &row[kSessionColumn]);
    row[kSessionColumn].push_back('-');
    AppendNumber(event.session, &row[kSessionColumn]);
  }
  if (event.price_cents >= 0) {
    AppendNumber(event.quantity, &row[kQuantityColumn]);
    AppendMoney(event.price_cents, region.minor_digits, &row[kUnitPriceColumn]);
    row[kCurrencyColumn] = region.currency;
  }
  switch (event.type) {
    case EventType::kView:
      AppendNumber(event.detail / 10, &row[kDwellColumn]);
      row[kDwellColumn].push_back('.');
      row[kDwellColumn].push_back(static_cast<char>('0' + event.detail % 10));
      break;
    case EventType::kSearch: {
      const Category& category = CategoryOf(static_cast<int>(event.detail));
      row[kQueryColumn] = region.chinese ? category.chinese : category.name;
      break;
    }
    case EventType::kPurchase:
      if (event.detail > 0) AppendNumber(event.detail, &row[kDiscountColumn]);
      break;
    case EventType::kConsent:
      row[kPurposeColumn] = kPurposeNames[event.detail];
      row[kGrantedColumn] = event.granted ? "true" : "false";
      break;
    case EventType::kIdLink:
      row[kLinkedIdColumn] = person.IdOf(static_cast<uint16_t>(event.detail));
      row[kIdKindColumn] = IdKindOf(event.id_slot);
      row[kLinkedKindColumn] = IdKindOf(static_cast<uint16_t>(event.detail));
      break;
    case EventType::kFeedback:
      MakeFeedback(event, region, &row);
      break;
    default:
      break;
  }
}

void EventRowMaker::MakeFeedback(const SimEvent& event, const Region& region,
                                 EventRow* row_out) const {
  EventRow& row = *row_out;
  row[kKindColumn] = SimFeedbackName(event.feedback);
  const bool scored =
      event.feedback != SimFeedback::kSupport && event.feedback != SimFeedback::kComplaint;
  if (scored) {
    AppendNumber(event.detail, &row[kScoreColumn]);
    row[kScaleMaxColumn] = event.feedback == SimFeedback::kNps ? "10" : "5";
  }
  if (event.feedback == SimFeedback::kCsat) return;  // a number only
  Draws draws(world_.config().seed, Stream::kTexts, event.person, event.sequence);
  std::string_view thing;
  if (event.item != kSimNoItem) {
    const Category& category = CategoryOf(world_.catalogue().item(event.item).category());
    thing = region.chinese ? category.chinese : category.name;
  }
  row[kTextColumn] = FeedbackText(event.feedback, event.topic, event.sentiment,
                                  region.chinese ? TextLanguage::kChinese : TextLanguage::kEnglish,
                                  draws.Word(), thing);
  row[kLanguageColumn] = region.chinese ? "zh" : "en";
}

Event EventOfRow(const SimEvent& from, const EventRow& row) {
  Event event;
  event.customer_id = row[kCustomerColumn];
  event.item_id = row[kItemColumn];
  event.type = from.type;
  event.event_time = from.time;
  event.known_at = from.known_at;
  event.session_id = row[kSessionColumn];
  event.channel = row[kChannelColumn];
  event.event_id = row[kEventIdColumn];
  if (from.price_cents >= 0) {
    event.quantity = from.quantity;
    event.currency = row[kCurrencyColumn];
    const bool whole = row[kUnitPriceColumn].find('.') == std::string::npos;
    event.value_micros = int64_t{from.price_cents} * (whole ? 1'000'000 : 10'000) * from.quantity;
  }
  for (size_t c = kQueryColumn; c < kEventColumns; ++c) {
    if (!row[c].empty()) event.properties.emplace(EventColumnName(c), row[c]);
  }
  return event;
}

}  // namespace burgeon
