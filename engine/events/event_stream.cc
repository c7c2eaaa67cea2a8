#include "engine/events/event_stream.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/events/staged_record.h"
#include "engine/events/word_dictionary.h"

namespace burgeon {
namespace {

// What merging reads of each run at once.
constexpr int64_t kLeastRunBuffer = 64 << 10;
// Times of one customer: fewer than so many are sorted by insertion.
constexpr ptrdiff_t kFewRows = 24;
constexpr size_t kPrefetchRows = 12;

struct TimeRange {
  TimeMicros first = INT64_MAX;
  TimeMicros last = INT64_MIN;
};

struct Entry {
  TimeMicros time = 0;
  const char* record = nullptr;
  uint32_t size = 0;
  int32_t customer = 0;  // its rank among those of the bucket
};

absl::Status Damaged(int bucket) {
  return DataLoss("bucket ", bucket, ": its staged rows did not read back whole");
}

void SortTimes(Entry* begin, Entry* end) {
  const auto before = [](const Entry& a, const Entry& b) { return a.time < b.time; };
  if (std::is_sorted(begin, end, before)) return;
  if (end - begin > kFewRows) {
    std::stable_sort(begin, end, before);
    return;
  }
  for (Entry* at = begin + 1; at < end; ++at) {
    const Entry moved = *at;
    Entry* to = at;
    for (; to > begin && moved.time < to[-1].time; --to) *to = to[-1];
    *to = moved;
  }
}

// Records in memory, which the caller keeps.
class MemorySorter {
 public:
  // False for a damaged record.
  bool Add(std::string_view record) {
    std::string_view customer;
    TimeMicros time = 0;
    if (!DecodeKey(record, &customer, &time)) return false;
    range_.first = std::min(range_.first, time);
    range_.last = std::max(range_.last, time);
    entries_.push_back(
        {time, record.data(), static_cast<uint32_t>(record.size()), customers_.Code(customer)});
    return true;
  }

  std::vector<Entry> Sort() {
    const auto names = customers_.words();
    std::vector<int32_t> order(names.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int32_t>(i);
    std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
      return names[static_cast<size_t>(a)] < names[static_cast<size_t>(b)];
    });
    std::vector<int32_t> rank(names.size());
    for (size_t i = 0; i < order.size(); ++i) {
      rank[static_cast<size_t>(order[i])] = static_cast<int32_t>(i);
    }
    std::vector<size_t> begins(names.size() + 1, 0);
    for (Entry& entry : entries_) {
      entry.customer = rank[static_cast<size_t>(entry.customer)];
      ++begins[static_cast<size_t>(entry.customer) + 1];
    }
    for (size_t i = 0; i < names.size(); ++i) begins[i + 1] += begins[i];
    std::vector<Entry> sorted(entries_.size());
    std::vector<size_t> to = begins;
    for (const Entry& entry : entries_) sorted[to[static_cast<size_t>(entry.customer)]++] = entry;
    for (size_t i = 0; i < names.size(); ++i) {
      SortTimes(sorted.data() + begins[i], sorted.data() + begins[i + 1]);
    }
    entries_.clear();
    customers_.Clear();
    return sorted;
  }

  TimeRange range() const { return range_; }

 private:
  TimeRange range_;
  WordDictionary customers_{WordDictionary::Bytes::kBorrowed};
  std::vector<Entry> entries_;
};

class MemoryStream : public EventStream {
 public:
  MemoryStream(std::string owned, std::vector<Entry> entries, const TimeRange& range)
      : owned_(std::move(owned)), entries_(std::move(entries)) {
    first_time_ = range.first;
    last_time_ = range.last;
  }
  // Before anything else.
  absl::Status Start() { return Decode(); }
  const EventView* row() const override { return at_ < entries_.size() ? &view_ : nullptr; }
  bool next_is_same_instant() const override {
    if (at_ + 1 >= entries_.size()) return false;
    const Entry& here = entries_[at_];
    const Entry& next = entries_[at_ + 1];
    return here.customer == next.customer && here.time == next.time;
  }
  absl::Status Advance() override {
    ++at_;
    return Decode();
  }

 private:
  absl::Status Decode() {
    if (at_ == entries_.size()) return absl::OkStatus();
    // Records lie as they came, so that each is a miss of the cache but for this.
    if (at_ + kPrefetchRows < entries_.size()) {
      const char* soon = entries_[at_ + kPrefetchRows].record;
      __builtin_prefetch(soon);
      __builtin_prefetch(soon + 64);
    }
    const Entry& entry = entries_[at_];
    if (DecodeRecord({entry.record, entry.size}, &view_)) return absl::OkStatus();
    return DataLoss("a staged row did not read back whole");
  }

  std::string owned_;
  std::vector<Entry> entries_;
  size_t at_ = 0;
  EventView view_;
};

// A sorted run in a file, record by record.
class RunCursor {
 public:
  static absl::StatusOr<std::unique_ptr<RunCursor>> Open(FileSystem& files, const std::string& path,
                                                         int64_t buffer_bytes) {
    auto out = std::make_unique<RunCursor>();
    BURGEON_ASSIGN_OR_RETURN(out->file_, files.OpenForRead(path));
    out->reader_ =
        std::make_unique<RecordFileReader>(*out->file_, path, 0, out->file_->size(), buffer_bytes);
    BURGEON_RETURN_IF_ERROR(out->Advance());
    return out;
  }
  bool done() const { return record_.empty(); }
  std::string_view record() const { return record_; }
  const EventView& view() const { return view_; }

  absl::Status Advance() {
    if (block_.empty()) {
      BURGEON_ASSIGN_OR_RETURN(block_, reader_->Next());
      if (block_.empty()) {
        record_ = {};
        return absl::OkStatus();
      }
    }
    record_ = block_.substr(0, RecordSize(block_));
    block_.remove_prefix(record_.size());
    if (!DecodeRecord(record_, &view_)) return DataLoss("a sorted run did not read back whole");
    return absl::OkStatus();
  }

 private:
  std::unique_ptr<RandomAccessFile> file_;
  std::unique_ptr<RecordFileReader> reader_;
  std::string_view block_, record_;
  EventView view_;
};

// A heap has its largest first: the row that comes first must be that. Runs were cut in the order
// of the file.
struct AfterInHeap {
  const std::vector<std::unique_ptr<RunCursor>>* runs;
  bool operator()(size_t a, size_t b) const {
    const EventView& x = (*runs)[a]->view();
    const EventView& y = (*runs)[b]->view();
    return std::tie(y.customer_id, y.event_time, b) < std::tie(x.customer_id, x.event_time, a);
  }
};

class MergeStream : public EventStream {
 public:
  absl::Status Open(FileSystem& files, const std::vector<std::string>& paths,
                    const TimeRange& range, int64_t memory_bytes) {
    first_time_ = range.first;
    last_time_ = range.last;
    const int64_t buffer =
        std::max(kLeastRunBuffer, memory_bytes / static_cast<int64_t>(2 * paths.size()));
    for (const std::string& path : paths) {
      BURGEON_ASSIGN_OR_RETURN(auto run, RunCursor::Open(files, path, buffer));
      runs_.push_back(std::move(run));
      if (!runs_.back()->done()) heap_.push_back(runs_.size() - 1);
    }
    std::make_heap(heap_.begin(), heap_.end(), AfterInHeap{&runs_});
    return Advance();
  }

  const EventView* row() const override { return record_.empty() ? nullptr : &view_; }
  bool next_is_same_instant() const override {
    if (heap_.empty()) return false;
    const EventView& next = runs_[heap_.front()]->view();
    return next.event_time == view_.event_time && next.customer_id == view_.customer_id;
  }

  absl::Status Advance() override {
    if (heap_.empty()) {
      record_.clear();
      return absl::OkStatus();
    }
    std::pop_heap(heap_.begin(), heap_.end(), AfterInHeap{&runs_});
    RunCursor& run = *runs_[heap_.back()];
    record_.assign(run.record());
    BURGEON_CHECK(DecodeRecord(record_, &view_));
    BURGEON_RETURN_IF_ERROR(run.Advance());
    if (run.done()) {
      heap_.pop_back();
    } else {
      std::push_heap(heap_.begin(), heap_.end(), AfterInHeap{&runs_});
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::unique_ptr<RunCursor>> runs_;
  std::vector<size_t> heap_;
  std::string record_;  // a copy: the run has gone on, so that the next row is known
  EventView view_;
};

absl::Status WriteRun(FileSystem& files, const std::string& path, const std::vector<Entry>& run) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(ParentOf(path)));
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForWrite(path));
  std::string buffer;
  for (const Entry& entry : run) {
    buffer.append(entry.record, entry.size);
    if (static_cast<int64_t>(buffer.size()) < kLeastRunBuffer) continue;
    BURGEON_RETURN_IF_ERROR(file->Append(buffer));
    buffer.clear();
  }
  if (!buffer.empty()) BURGEON_RETURN_IF_ERROR(file->Append(buffer));
  return file->Close();
}

// Adds the records that are kept; false for a damaged one.
bool AddRecords(std::string_view records, const std::function<bool(int64_t)>& drop,
                int64_t* ordinal, MemorySorter* sorter) {
  while (!records.empty()) {
    const std::string_view record = records.substr(0, RecordSize(records));
    records.remove_prefix(record.size());
    if (drop && drop((*ordinal)++)) continue;
    if (!sorter->Add(record)) return false;
  }
  return true;
}

absl::StatusOr<std::unique_ptr<EventStream>> SortInRuns(const SortOptions& options,
                                                        const StagedBuckets& staged, int bucket,
                                                        const std::function<bool(int64_t)>& drop) {
  std::vector<std::string> paths;
  TimeRange range;
  int64_t ordinal = 0;
  const auto sort_block = [&](std::string_view records) -> absl::Status {
    MemorySorter sorter;
    if (!AddRecords(records, drop, &ordinal, &sorter)) return Damaged(bucket);
    range.first = std::min(range.first, sorter.range().first);
    range.last = std::max(range.last, sorter.range().last);
    paths.push_back(JoinPath(options.folder, Concat("sort-", bucket, "-", paths.size())));
    return WriteRun(*options.files, paths.back(), sorter.Sort());
  };
  // Half for the records, half for sorting them.
  BURGEON_RETURN_IF_ERROR(staged.ReadRecords(bucket, sort_block, options.memory_bytes / 2));
  auto stream = std::make_unique<MergeStream>();
  BURGEON_RETURN_IF_ERROR(stream->Open(*options.files, paths, range, options.memory_bytes));
  return stream;
}

}  // namespace

absl::StatusOr<std::unique_ptr<EventStream>> SortBucket(
    const SortOptions& options, const StagedBuckets& staged, int bucket,
    const std::function<bool(int64_t record)>& drop) {
  if (staged.spilled() && staged.BytesOf(bucket) > options.memory_bytes) {
    return SortInRuns(options, staged, bucket, drop);
  }
  std::string owned;
  std::vector<std::string_view> records;
  BURGEON_RETURN_IF_ERROR(staged.Load(bucket, &owned, &records));
  MemorySorter sorter;
  int64_t ordinal = 0;
  for (const std::string_view piece : records) {
    if (!AddRecords(piece, drop, &ordinal, &sorter)) return Damaged(bucket);
  }
  const TimeRange range = sorter.range();
  auto stream = std::make_unique<MemoryStream>(std::move(owned), sorter.Sort(), range);
  BURGEON_RETURN_IF_ERROR(stream->Start());
  return stream;
}

}  // namespace burgeon
