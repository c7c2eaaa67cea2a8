#include "engine/dataset/event_log.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/limits.h"

namespace burgeon {
namespace {

// One bucket, as read: the columns of EventLog, with items numbered as they came.
class BucketReader {
 public:
  absl::Status Add(const Event& event) {
    BURGEON_RETURN_IF_ERROR(Place(event));
    item.push_back(event.item_id.empty() ? EventLog::kNoItem : ItemNumber(event.item_id));
    type.push_back(event.type);
    time.push_back(event.event_time);
    known_at.push_back(event.known_at);
    quantity.push_back(static_cast<float>(event.quantity));
    value_micros.push_back(event.value_micros.value_or(0));
    order.push_back(OrderNumber(event));
    ++offsets.back();
    if (event.type == EventType::kConsent) return AddConsent(event);
    if (event.type == EventType::kAttribute) return AddAttribute(event);
    if (event.type != EventType::kIdLink) return absl::OkStatus();
    BURGEON_ASSIGN_OR_RETURN(IdLink link, IdLinkOf(event));
    links.push_back(std::move(link));
    return absl::OkStatus();
  }

  // Consent changes in the order in which they count.
  void Finish() {
    for (size_t c = 0; c < customers.size(); ++c) {
      const auto begin = consent.begin() + consent_offsets[c];
      const auto end = consent.begin() + consent_offsets[c + 1];
      // Stable: of equal times the order of the source stays.
      std::stable_sort(begin, end, [](const ConsentChange& a, const ConsentChange& b) {
        return std::tie(a.event_time, a.known_at) < std::tie(b.event_time, b.known_at);
      });
    }
  }

  std::vector<std::string> customers;
  std::vector<std::string> items;  // by number
  std::vector<int64_t> offsets = {0};
  std::vector<uint32_t> item;
  std::vector<EventType> type;
  std::vector<TimeMicros> time;
  std::vector<TimeMicros> known_at;
  std::vector<float> quantity;
  std::vector<int64_t> value_micros;
  std::vector<uint32_t> order;
  std::vector<int64_t> consent_offsets = {0};
  std::vector<ConsentChange> consent;
  std::vector<IdLink> links;
  std::vector<AttributeValue> attributes;

 private:
  absl::Status Place(const Event& event) {
    if (!customers.empty() && event.customer_id == customers.back()) {
      if (event.event_time >= time.back()) return absl::OkStatus();
      return DataLoss("event '", Printable(event.event_id), "' of customer '",
                      Printable(event.customer_id), "' comes after a later one; wanted events in",
                      " order of time");
    }
    if (!customers.empty() && event.customer_id < customers.back()) {
      return DataLoss("customer '", Printable(event.customer_id), "' comes after '",
                      Printable(customers.back()), "'; wanted ascending ids");
    }
    customers.push_back(event.customer_id);
    offsets.push_back(offsets.back());
    consent_offsets.push_back(consent_offsets.back());
    session_numbers_.clear();
    order_time_.reset();
    orders_ = 0;
    return absl::OkStatus();
  }

  uint32_t ItemNumber(const std::string& id) {
    const auto [at, added] = item_numbers_.try_emplace(id, static_cast<uint32_t>(items.size()));
    if (added) items.push_back(id);
    return at->second;
  }

  uint32_t OrderNumber(const Event& event) {
    if (!event.session_id.empty()) {
      const auto [at, added] = session_numbers_.try_emplace(event.session_id, orders_);
      orders_ += added ? 1 : 0;
      return at->second;
    }
    // Times ascend: those that are equal come one after another, but for sessions between them.
    if (order_time_ != event.event_time) {
      order_time_ = event.event_time;
      time_order_ = orders_++;
    }
    return time_order_;
  }

  absl::Status AddConsent(const Event& event) {
    ConsentBits from_none{0};
    ConsentBits from_all{(1U << kPurposes) - 1};
    for (ConsentBits* bits : {&from_none, &from_all}) {
      const absl::Status applied = ApplyConsentEvent(event, bits);
      if (!applied.ok()) {
        return Annotate(applied, Concat("consent event '", Printable(event.event_id),
                                        "' of customer '", Printable(event.customer_id), "'"));
      }
    }
    const auto denied = static_cast<uint8_t>(~from_all.bits & ((1U << kPurposes) - 1));
    consent.push_back({event.event_time, event.known_at, from_none.bits, denied});
    ++consent_offsets.back();
    return absl::OkStatus();
  }

  absl::Status AddAttribute(const Event& event) {
    const auto name = event.properties.find("name");
    const auto value = event.properties.find("value");
    if (name == event.properties.end() || value == event.properties.end()) {
      return InvalidArgument("attribute event '", Printable(event.event_id), "' of customer '",
                             Printable(event.customer_id), "': has no property '",
                             name == event.properties.end() ? "name" : "value", "'");
    }
    attributes.push_back({event.customer_id, name->second, value->second, event.event_time,
                          event.known_at, event.source, event.ingest});
    return absl::OkStatus();
  }

  StringMap<uint32_t> item_numbers_;
  // Of the current customer.
  StringMap<uint32_t> session_numbers_;
  std::optional<TimeMicros> order_time_;  // of the latest event without a session
  uint32_t time_order_ = 0;               // its number
  uint32_t orders_ = 0;
};

absl::Status ReadOneBucket(const EventSource& source, int bucket, BucketReader* reader) {
  absl::Status problem;
  BURGEON_RETURN_IF_ERROR(Annotate(source.ReadBucket(bucket,
                                                     [&](const Event& event) {
                                                       if (problem.ok()) {
                                                         problem = reader->Add(event);
                                                       }
                                                     }),
                                   Concat("events of bucket ", bucket)));
  BURGEON_RETURN_IF_ERROR(Annotate(problem, Concat("events of bucket ", bucket)));
  reader->Finish();
  return absl::OkStatus();
}

struct CustomerPlace {
  const std::string* id;
  size_t bucket;
  size_t index;  // in the bucket
};

std::vector<CustomerPlace> SortedCustomers(const std::vector<BucketReader>& buckets) {
  std::vector<CustomerPlace> places;
  for (size_t b = 0; b < buckets.size(); ++b) {
    for (size_t i = 0; i < buckets[b].customers.size(); ++i) {
      places.push_back({&buckets[b].customers[i], b, i});
    }
  }
  std::sort(places.begin(), places.end(),
            [](const CustomerPlace& a, const CustomerPlace& b) { return *a.id < *b.id; });
  return places;
}

// The log's row of every item number of every bucket; fills log->items.
std::vector<std::vector<uint32_t>> MergeItems(const std::vector<BucketReader>& buckets,
                                              EventLog* log) {
  StringSet all;
  for (const BucketReader& bucket : buckets) all.insert(bucket.items.begin(), bucket.items.end());
  log->items.assign(all.begin(), all.end());
  std::sort(log->items.begin(), log->items.end());
  StringMap<uint32_t> rows;
  rows.reserve(log->items.size());
  for (const std::string& id : log->items) rows.emplace(id, static_cast<uint32_t>(rows.size()));
  std::vector<std::vector<uint32_t>> row_of(buckets.size());
  for (size_t b = 0; b < buckets.size(); ++b) {
    for (const std::string& id : buckets[b].items) row_of[b].push_back(rows.find(id)->second);
  }
  return row_of;
}

absl::Status CheckSizes(size_t customers, size_t items) {
  if (static_cast<int64_t>(customers) > limits::kMaxCustomers) {
    return ResourceExhausted("the events have ", customers, " customers; at most ",
                             limits::kMaxCustomers, " fit a snapshot");
  }
  if (static_cast<int64_t>(items) > limits::kMaxItems) {
    return ResourceExhausted("the events have ", items, " items; at most ", limits::kMaxItems,
                             " fit a snapshot");
  }
  return absl::OkStatus();
}

void Resize(int64_t rows, int64_t consents, EventLog* log) {
  const auto n = static_cast<size_t>(rows);
  log->item.resize(n);
  log->type.resize(n);
  log->time.resize(n);
  log->known_at.resize(n);
  log->quantity.resize(n);
  log->value_micros.resize(n);
  log->order.resize(n);
  log->consent.resize(static_cast<size_t>(consents));
}

// Copies one customer's rows of a bucket into the log's rows [to, ...).
void CopyCustomer(const BucketReader& from, size_t index, const std::vector<uint32_t>& item_row,
                  size_t customer, EventLog* log) {
  const int64_t to = log->offsets[customer];
  const int64_t begin = from.offsets[index];
  const int64_t end = from.offsets[index + 1];
  const auto copy = [&](const auto& source, auto& target) {
    std::copy(source.begin() + begin, source.begin() + end, target.begin() + to);
  };
  copy(from.type, log->type);
  copy(from.time, log->time);
  copy(from.known_at, log->known_at);
  copy(from.quantity, log->quantity);
  copy(from.value_micros, log->value_micros);
  copy(from.order, log->order);
  for (int64_t k = begin; k < end; ++k) {
    const uint32_t item = from.item[static_cast<size_t>(k)];
    log->item[static_cast<size_t>(to + k - begin)] =
        item == EventLog::kNoItem ? EventLog::kNoItem : item_row[item];
  }
  std::copy(from.consent.begin() + from.consent_offsets[index],
            from.consent.begin() + from.consent_offsets[index + 1],
            log->consent.begin() + log->consent_offsets[customer]);
}

void FindSpan(EventLog* log) {
  if (log->time.empty()) return;
  const auto [first, last] = std::minmax_element(log->time.begin(), log->time.end());
  log->first_event_time = *first;
  log->last_event_time = *last;
  log->last_known_at = *std::max_element(log->known_at.begin(), log->known_at.end());
}

}  // namespace

absl::StatusOr<EventLog> EventLog::Read(ThreadPool& pool, const EventSource& source) {
  std::vector<BucketReader> buckets(kEventBuckets);
  BURGEON_RETURN_IF_ERROR(
      pool.ParallelForStatus(kEventBuckets, 1, [&](int64_t begin, int64_t) -> absl::Status {
        return ReadOneBucket(source, static_cast<int>(begin), &buckets[static_cast<size_t>(begin)]);
      }));

  EventLog log;
  const std::vector<CustomerPlace> places = SortedCustomers(buckets);
  const std::vector<std::vector<uint32_t>> item_row = MergeItems(buckets, &log);
  BURGEON_RETURN_IF_ERROR(CheckSizes(places.size(), log.items.size()));
  for (const CustomerPlace& place : places) {
    const BucketReader& bucket = buckets[place.bucket];
    log.customers.push_back(*place.id);
    log.offsets.push_back(log.offsets.back() + bucket.offsets[place.index + 1] -
                          bucket.offsets[place.index]);
    log.consent_offsets.push_back(log.consent_offsets.back() +
                                  bucket.consent_offsets[place.index + 1] -
                                  bucket.consent_offsets[place.index]);
  }
  Resize(log.offsets.back(), log.consent_offsets.back(), &log);
  pool.ParallelFor(static_cast<int64_t>(places.size()), 256, [&](int64_t begin, int64_t end) {
    for (auto c = static_cast<size_t>(begin); c < static_cast<size_t>(end); ++c) {
      const CustomerPlace& place = places[c];
      CopyCustomer(buckets[place.bucket], place.index, item_row[place.bucket], c, &log);
    }
  });
  FindSpan(&log);
  for (BucketReader& bucket : buckets) {
    std::move(bucket.links.begin(), bucket.links.end(), std::back_inserter(log.links));
    std::move(bucket.attributes.begin(), bucket.attributes.end(),
              std::back_inserter(log.attribute_changes));
  }

  BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> attributes, source.ReadItemAttributes());
  for (AttributeValue& value : attributes) {
    if (value.name == "description") log.item_descriptions.push_back(std::move(value));
  }
  return log;
}

}  // namespace burgeon
