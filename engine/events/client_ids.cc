#include "engine/events/client_ids.h"

#include "engine/base/hash.h"
#include "engine/events/content_key.h"
#include "engine/events/staged_record.h"

namespace burgeon {
namespace {

// Of a hash map's entry, with its share of the free slots.
constexpr int64_t kBytesAnId = 64;
constexpr int64_t kLeastRecordBytes = 26;

struct Known {
  ContentKey content;
  bool stored = false;
  bool in_file = false;
};

// The ids whose key falls to one pass.
class IdPass {
 public:
  IdPass(uint64_t pass, uint64_t passes) : pass_(pass), passes_(passes) {}

  void AddStored(const EventView& stored) {
    const ContentKey id = KeyOfText(stored.event_id);
    if (id.first % passes_ != pass_) return;
    known_.try_emplace(id, Known{KeyOfContent(stored), true, false});
  }

  void Judge(const EventView& row, size_t ordinal, ClientIdVerdicts* out) {
    if (row.event_id.empty()) return;
    const ContentKey id = KeyOfText(row.event_id);
    if (id.first % passes_ != pass_) return;
    const ContentKey content = KeyOfContent(row);
    const auto [found, is_new] = known_.try_emplace(id, Known{content, false, true});
    if (is_new) return;
    Known& known = found->second;
    ++(known.in_file ? out->duplicates_in_file : out->already_stored);
    known.in_file = true;
    if (known.content != content) ++out->conflicts;
    out->drop[ordinal] = true;
  }

 private:
  const uint64_t pass_;
  const uint64_t passes_;
  HashMap<ContentKey, Known> known_;
};

}  // namespace

absl::StatusOr<ClientIdVerdicts> JudgeClientIds(const StagedBuckets& staged, int bucket,
                                                const StoredIds& stored, int64_t memory_bytes) {
  ClientIdVerdicts out;
  // At most so many: a record has more bytes.
  int64_t ids = staged.BytesOf(bucket) / kLeastRecordBytes;
  BURGEON_RETURN_IF_ERROR(stored([&](const EventView&) { ++ids; }));
  const auto passes = static_cast<uint64_t>(ids * kBytesAnId / memory_bytes + 1);
  for (uint64_t pass = 0; pass < passes; ++pass) {
    IdPass judge(pass, passes);
    BURGEON_RETURN_IF_ERROR(stored([&](const EventView& view) { judge.AddStored(view); }));
    size_t ordinal = 0;
    const auto take = [&](std::string_view records) -> absl::Status {
      while (!records.empty()) {
        const std::string_view record = records.substr(0, RecordSize(records));
        records.remove_prefix(record.size());
        EventView view;
        if (!DecodeRecord(record, &view)) {
          return DataLoss("bucket ", bucket, ": its staged rows did not read back whole");
        }
        if (out.drop.size() <= ordinal) out.drop.push_back(false);
        judge.Judge(view, ordinal++, &out);
      }
      return absl::OkStatus();
    };
    BURGEON_RETURN_IF_ERROR(staged.ReadRecords(bucket, take));
  }
  return out;
}

}  // namespace burgeon
