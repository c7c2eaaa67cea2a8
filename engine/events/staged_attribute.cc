#include "engine/events/staged_attribute.h"

#include <cstring>
#include <utility>

#include "engine/base/hash.h"
#include "engine/events/staged_record.h"

namespace burgeon {
namespace {

// Behind the record's size; then the bytes of id, name and value.
struct Head {
  int64_t event_time = 0, known_at = 0, line = 0;
  uint32_t id = 0, name = 0, value = 0, unused = 0;
};
constexpr size_t kFixedBytes = sizeof(uint32_t) + sizeof(Head);

bool Decode(std::string_view record, StagedAttribute* out) {
  Head head;
  if (record.size() < kFixedBytes) return false;
  std::memcpy(&head, record.data() + sizeof(uint32_t), sizeof(head));
  record.remove_prefix(kFixedBytes);
  if (record.size() != size_t{head.id} + head.name + head.value) return false;
  out->value.id = record.substr(0, head.id);
  out->value.name = record.substr(head.id, head.name);
  out->value.value = record.substr(size_t{head.id} + head.name);
  out->value.event_time = head.event_time;
  out->value.known_at = head.known_at;
  out->line = head.line;
  return true;
}

}  // namespace

int AttributeBucketOf(std::string_view id) {
  return static_cast<int>(StableHash64(id) % kEventBuckets);
}

void AppendAttribute(std::string_view id, std::string_view name, std::string_view value,
                     TimeMicros event_time, TimeMicros known_at, int64_t line, std::string* out) {
  const Head head{event_time,
                  known_at,
                  line,
                  static_cast<uint32_t>(id.size()),
                  static_cast<uint32_t>(name.size()),
                  static_cast<uint32_t>(value.size()),
                  0};
  const auto size = static_cast<uint32_t>(kFixedBytes + id.size() + name.size() + value.size());
  out->append(reinterpret_cast<const char*>(&size), sizeof(size));
  out->append(reinterpret_cast<const char*>(&head), sizeof(head));
  out->append(id);
  out->append(name);
  out->append(value);
}

absl::StatusOr<std::vector<StagedAttribute>> ReadStagedAttributes(const StagedBuckets& staged,
                                                                  int bucket,
                                                                  std::string_view what) {
  std::vector<StagedAttribute> out;
  const auto take = [&](std::string_view records) -> absl::Status {
    while (!records.empty()) {
      const std::string_view record = records.substr(0, RecordSize(records));
      records.remove_prefix(record.size());
      StagedAttribute attribute;
      if (!Decode(record, &attribute)) {
        return DataLoss(what, " bucket ", bucket, ": its staged values did not read back whole");
      }
      out.push_back(std::move(attribute));
    }
    return absl::OkStatus();
  };
  BURGEON_RETURN_IF_ERROR(staged.ReadRecords(bucket, take));
  return out;
}

}  // namespace burgeon
