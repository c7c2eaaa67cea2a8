#include "engine/events/cleaning_log.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <tuple>

#include "engine/events/event_manifest.h"
#include "engine/events/event_parts.h"
#include "engine/events/staged_record.h"
#include "engine/events/word_dictionary.h"
#include "engine/table/row_group_file.h"

namespace burgeon {
namespace {

constexpr size_t kTexts = 5;  // customer, field, rule, before, after
// Buckets brought together at once, before their entries are written.
constexpr int64_t kBucketsAtOnce = 16;

std::vector<RowGroupColumn> Columns() {
  return {{"customer_id"},
          {"field"},
          {"rule"},
          {"before"},
          {"after"},
          {"count", ColumnType::kInt64},
          {"first_line", ColumnType::kInt64}};
}

std::array<std::string*, kTexts> TextsOf(CleaningEntry* entry) {
  return {&entry->customer_id, &entry->field, &entry->rule, &entry->before, &entry->after};
}

bool EntryBefore(const CleaningEntry& a, const CleaningEntry& b) {
  return std::tie(a.customer_id, a.field, a.rule, a.before, a.after) <
         std::tie(b.customer_id, b.field, b.rule, b.before, b.after);
}

template <class T>
void Put(T value, std::string* out) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out->append(bytes, sizeof(T));
}

template <class T>
bool Get(std::string_view* in, T* value) {
  if (in->size() < sizeof(T)) return false;
  std::memcpy(value, in->data(), sizeof(T));
  in->remove_prefix(sizeof(T));
  return true;
}

// A record: its size, count, first line, and the texts.
bool DecodeChange(std::string_view record, CleaningEntry* out) {
  uint32_t size = 0;
  if (!Get(&record, &size) || !Get(&record, &out->count) || !Get(&record, &out->first_line)) {
    return false;
  }
  for (std::string* text : TextsOf(out)) {
    if (!Get(&record, &size) || size > record.size()) return false;
    *text = record.substr(0, size);
    record.remove_prefix(size);
  }
  return record.empty();
}

// Equal changes become one.
void Collapse(std::vector<CleaningEntry>* entries) {
  std::sort(entries->begin(), entries->end(), EntryBefore);
  size_t kept = 0;
  for (size_t i = 0; i < entries->size(); ++i) {
    CleaningEntry& entry = (*entries)[i];
    if (kept > 0 && !EntryBefore((*entries)[kept - 1], entry)) {
      CleaningEntry& same = (*entries)[kept - 1];
      same.count += entry.count;
      same.first_line = std::min(same.first_line, entry.first_line);
      continue;
    }
    if (kept != i) (*entries)[kept] = std::move(entry);
    ++kept;
  }
  entries->resize(kept);
}

class LogWriter {
 public:
  LogWriter(FileSystem& files, std::string folder, std::string file)
      : files_(files), folder_(std::move(folder)) {
    part_.file = std::move(file);
  }

  absl::Status Add(CleaningEntry entry) {
    if (writer_ == nullptr) {
      BURGEON_ASSIGN_OR_RETURN(
          writer_, RowGroupWriter::Open(files_, JoinPath(folder_, part_.file), Columns()));
    }
    const auto texts = TextsOf(&entry);
    for (size_t i = 0; i < kTexts; ++i) codes_[i].push_back(words_[i].Code(*texts[i]));
    count_.push_back(entry.count);
    line_.push_back(entry.first_line);
    ++part_.rows;
    return static_cast<int64_t>(line_.size()) == kRowGroupRows ? Flush() : absl::OkStatus();
  }

  absl::StatusOr<std::optional<EventPart>> Finish() {
    if (writer_ == nullptr) return std::optional<EventPart>();
    BURGEON_RETURN_IF_ERROR(Flush());
    BURGEON_ASSIGN_OR_RETURN(const FileDigest digest, writer_->Finish());
    part_.bytes = digest.bytes;
    part_.sha256 = digest.sha256;
    return std::optional<EventPart>(part_);
  }

 private:
  absl::Status Flush() {
    RowGroup group;
    group.rows = static_cast<int64_t>(line_.size());
    for (size_t i = 0; i < kTexts; ++i) {
      group.columns.push_back({.dictionary = words_[i].words(), .codes = codes_[i]});
    }
    group.columns.push_back({.ints = count_});
    group.columns.push_back({.ints = line_});
    BURGEON_RETURN_IF_ERROR(writer_->Write(group));
    for (size_t i = 0; i < kTexts; ++i) {
      words_[i].Clear();
      codes_[i].clear();
    }
    count_.clear();
    line_.clear();
    return absl::OkStatus();
  }

  FileSystem& files_;
  const std::string folder_;
  EventPart part_;
  std::unique_ptr<RowGroupWriter> writer_;
  static WordDictionary Words() { return WordDictionary(WordDictionary::Bytes::kCopied); }
  std::array<WordDictionary, kTexts> words_ = {Words(), Words(), Words(), Words(), Words()};
  std::array<std::vector<int32_t>, kTexts> codes_;
  std::vector<int64_t> count_, line_;
};

absl::StatusOr<std::vector<CleaningEntry>> ReadBucket(const StagedBuckets& staged, int bucket) {
  std::vector<CleaningEntry> entries;
  size_t collapsed = 0;  // of them, when last looked at
  const auto take = [&](std::string_view records) -> absl::Status {
    while (!records.empty()) {
      const std::string_view record = records.substr(0, RecordSize(records));
      records.remove_prefix(record.size());
      CleaningEntry entry;
      if (!DecodeChange(record, &entry)) {
        return DataLoss("cleaning log of bucket ", bucket, ": did not read back whole");
      }
      entries.push_back(std::move(entry));
    }
    // Most repeat what another piece has told.
    if (entries.size() > 2 * collapsed + 4096) {
      Collapse(&entries);
      collapsed = entries.size();
    }
    return absl::OkStatus();
  };
  BURGEON_RETURN_IF_ERROR(staged.ReadRecords(bucket, take));
  Collapse(&entries);
  return entries;
}

}  // namespace

void ChangeCollector::Add(std::string_view customer_id, const FieldChange& change, int64_t line) {
  key_.clear();
  const std::string_view texts[] = {customer_id, change.field, change.rule, change.before,
                                    change.after};
  for (const std::string_view text : texts) {
    Put(static_cast<uint32_t>(text.size()), &key_);
    key_.append(text);
  }
  ++values_;
  const auto [found, is_new] = changes_.try_emplace(key_, Told{0, line});
  ++found->second.count;
  found->second.first_line = std::min(found->second.first_line, line);
}

void ChangeCollector::Take(BucketSorter* sorter) {
  for (const auto& [key, told] : changes_) {
    std::string* out = sorter->bytes();
    Put(static_cast<uint32_t>(sizeof(uint32_t) + sizeof(told) + key.size()), out);
    Put(told.count, out);
    Put(told.first_line, out);
    out->append(key);
    uint32_t size = 0;
    std::memcpy(&size, key.data(), sizeof(size));
    sorter->Done(BucketOf(std::string_view(key).substr(sizeof(size), size)));
  }
  changes_.clear();
  values_ = 0;
}

absl::StatusOr<std::optional<EventPart>> WriteCleaningLog(FileSystem& files, ThreadPool& pool,
                                                          const std::string& folder,
                                                          const std::string& file,
                                                          const StagedBuckets& staged) {
  LogWriter writer(files, folder, file);
  for (int64_t first = 0; first <= kNoCustomerBucket; first += kBucketsAtOnce) {
    const int64_t count = std::min<int64_t>(kBucketsAtOnce, kNoCustomerBucket + 1 - first);
    std::vector<std::vector<CleaningEntry>> buckets(static_cast<size_t>(count));
    BURGEON_RETURN_IF_ERROR(
        pool.ParallelForStatus(count, 1, [&](int64_t i, int64_t) -> absl::Status {
          BURGEON_ASSIGN_OR_RETURN(buckets[static_cast<size_t>(i)],
                                   ReadBucket(staged, static_cast<int>(first + i)));
          return absl::OkStatus();
        }));
    for (auto& entries : buckets) {
      for (CleaningEntry& entry : entries) {
        BURGEON_RETURN_IF_ERROR(writer.Add(std::move(entry)));
      }
    }
  }
  return writer.Finish();
}

absl::Status VisitCleaningLog(FileSystem& files, const std::string& folder, const EventPart& part,
                              const std::function<absl::Status(const CleaningEntry&)>& visit) {
  BURGEON_RETURN_IF_ERROR(CheckPartFile(files, folder, part));
  const std::string path = JoinPath(folder, part.file);
  BURGEON_ASSIGN_OR_RETURN(const auto reader, RowGroupReader::Open(files, path, Columns()));
  CleaningEntry entry;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const RowGroup* group, reader->Next());
    if (group == nullptr) return absl::OkStatus();
    const auto rows = static_cast<size_t>(group->rows);
    for (size_t c = 0; c < group->columns.size(); ++c) {
      const RowGroupValues& values = group->columns[c];
      if ((c < kTexts ? values.codes.size() : values.ints.size()) != rows) {
        return DataLoss(path, ": is no whole cleaning log");
      }
    }
    for (size_t i = 0; i < rows; ++i) {
      const auto texts = TextsOf(&entry);
      for (size_t c = 0; c < kTexts; ++c) {
        const RowGroupValues& values = group->columns[c];
        *texts[c] = values.dictionary[static_cast<size_t>(values.codes[i])];
      }
      entry.count = group->columns[kTexts].ints[i];
      entry.first_line = group->columns[kTexts + 1].ints[i];
      BURGEON_RETURN_IF_ERROR(visit(entry));
    }
  }
}

absl::StatusOr<std::optional<EventPart>> FilterCleaningLog(
    FileSystem& files, const std::string& folder, const EventPart& part, const std::string& file,
    const std::function<bool(const CleaningEntry&)>& keep, int64_t* removed) {
  LogWriter writer(files, folder, file);
  BURGEON_RETURN_IF_ERROR(
      VisitCleaningLog(files, folder, part, [&](const CleaningEntry& entry) -> absl::Status {
        if (keep(entry)) return writer.Add(entry);
        ++*removed;
        return absl::OkStatus();
      }));
  BURGEON_ASSIGN_OR_RETURN(std::optional<EventPart> out, writer.Finish());
  if (out) out->ingest = part.ingest;
  return out;
}

absl::StatusOr<std::vector<CleaningEntry>> ReadCleaningLog(FileSystem& files,
                                                           const std::string& folder,
                                                           const EventManifest& manifest,
                                                           int64_t number) {
  std::vector<CleaningEntry> out;
  for (const EventPart& part : manifest.cleaning_parts) {
    if (part.ingest != number) continue;
    BURGEON_RETURN_IF_ERROR(
        VisitCleaningLog(files, folder, part, [&](const CleaningEntry& entry) -> absl::Status {
          out.push_back(entry);
          return absl::OkStatus();
        }));
  }
  return out;
}

}  // namespace burgeon
