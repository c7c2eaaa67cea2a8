#include "engine/events/ingest_staging.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/base/check.h"
#include "engine/events/staged_record.h"

namespace burgeon {
namespace {

// The longest prefix of whole records.
size_t WholeRecords(std::string_view bytes) {
  size_t whole = 0;
  for (;;) {
    const size_t size = RecordSize(bytes.substr(whole));
    if (size == 0 || size > bytes.size() - whole) return whole;
    whole += size;
  }
}

// So many show how large the others will be.
constexpr size_t kRecordsToJudgeBy = 256;

// 16 bytes at a time: records are some 50 bytes long.
void CopyRecord(const char* from, size_t size, char* to) {
  constexpr size_t kStep = 16;
  if (size < kStep) {
    std::memcpy(to, from, size);
    return;
  }
  for (size_t at = 0; at + kStep < size; at += kStep) std::memcpy(to + at, from + at, kStep);
  std::memcpy(to + size - kStep, from + size - kStep, kStep);
}

}  // namespace

void BucketSorter::Done(int bucket) {
  const size_t size = bytes_.size() - done_;
  BURGEON_CHECK(size > 0 && size <= UINT32_MAX);
  records_.push_back({static_cast<uint32_t>(bucket), static_cast<uint32_t>(size)});
  sizes_[static_cast<size_t>(bucket)] += size;
  done_ = bytes_.size();
  if (records_.size() == kRecordsToJudgeBy && expected_ > kRecordsToJudgeBy) {
    records_.reserve(expected_);
    bytes_.reserve(done_ * (expected_ + expected_ / 16) / kRecordsToJudgeBy);
  }
}

BucketedRecords BucketSorter::Take() {
  BucketedRecords out;
  if (records_.empty()) return out;
  out.begins.resize(sizes_.size() + 1, 0);
  for (size_t b = 0; b < sizes_.size(); ++b) out.begins[b + 1] = out.begins[b] + sizes_[b];
  out.bytes.resize(bytes_.size());
  std::vector<size_t> to(out.begins.begin(), out.begins.end() - 1);
  const char* from = bytes_.data();
  for (const Record& record : records_) {
    CopyRecord(from, record.size, out.bytes.data() + to[record.bucket]);
    to[record.bucket] += record.size;
    from += record.size;
  }
  bytes_.clear();
  records_.clear();
  std::fill(sizes_.begin(), sizes_.end(), 0);
  done_ = 0;
  return out;
}

StagedBuckets::StagedBuckets(FileSystem& files, std::string folder, std::string name, int buckets)
    : files_(files), folder_(std::move(folder)), name_(std::move(name)), buckets_(buckets) {}

void StagedBuckets::Add(BucketedRecords piece) {
  if (piece.begins.empty()) return;
  BURGEON_CHECK(piece.begins.size() == static_cast<size_t>(buckets_) + 1);
  held_bytes_ += static_cast<int64_t>(piece.bytes.size());
  held_.push_back(std::move(piece));
}

absl::Status StagedBuckets::Spill() {
  if (held_.empty()) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(folder_));
  Run run;
  run.path = JoinPath(folder_, Concat(name_, "-", runs_.size()));
  BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForWrite(run.path));
  int64_t at = 0;
  std::string bucket_bytes;
  for (int b = 0; b < buckets_; ++b) {
    run.begins.push_back(at);
    bucket_bytes.clear();
    for (const BucketedRecords& piece : held_) bucket_bytes.append(piece.Of(b));
    at += static_cast<int64_t>(bucket_bytes.size());
    if (!bucket_bytes.empty()) BURGEON_RETURN_IF_ERROR(file->Append(bucket_bytes));
  }
  run.begins.push_back(at);
  BURGEON_RETURN_IF_ERROR(file->Close());
  runs_.push_back(std::move(run));
  held_.clear();
  held_bytes_ = 0;
  return absl::OkStatus();
}

int64_t StagedBuckets::BytesOf(int bucket) const {
  const auto b = static_cast<size_t>(bucket);
  int64_t bytes = 0;
  for (const Run& run : runs_) bytes += run.begins[b + 1] - run.begins[b];
  for (const BucketedRecords& piece : held_) bytes += static_cast<int64_t>(piece.Of(bucket).size());
  return bytes;
}

absl::Status StagedBuckets::ReadRecords(
    int bucket, const std::function<absl::Status(std::string_view records)>& take,
    int64_t block_bytes) const {
  const auto b = static_cast<size_t>(bucket);
  for (const Run& run : runs_) {
    if (run.begins[b] == run.begins[b + 1]) continue;
    BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(run.path));
    RecordFileReader reader(*file, run.path, run.begins[b], run.begins[b + 1], block_bytes);
    for (;;) {
      BURGEON_ASSIGN_OR_RETURN(const std::string_view records, reader.Next());
      if (records.empty()) break;
      BURGEON_RETURN_IF_ERROR(take(records));
    }
  }
  for (const BucketedRecords& piece : held_) {
    const std::string_view records = piece.Of(bucket);
    if (!records.empty()) BURGEON_RETURN_IF_ERROR(take(records));
  }
  return absl::OkStatus();
}

absl::Status StagedBuckets::Load(int bucket, std::string* owned,
                                 std::vector<std::string_view>* records) const {
  const auto b = static_cast<size_t>(bucket);
  int64_t spilled = 0;
  for (const Run& run : runs_) spilled += run.begins[b + 1] - run.begins[b];
  owned->resize(static_cast<size_t>(spilled));
  records->clear();
  size_t at = 0;
  for (const Run& run : runs_) {
    const auto size = static_cast<size_t>(run.begins[b + 1] - run.begins[b]);
    if (size == 0) continue;
    BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(run.path));
    const std::span<char> to(owned->data() + at, size);
    BURGEON_RETURN_IF_ERROR(file->ReadAt(run.begins[b], to));
    const std::string_view read(to.data(), size);
    if (WholeRecords(read) != size) {
      return DataLoss(run.path, ": its spilled rows did not read back whole");
    }
    records->push_back(read);
    at += size;
  }
  for (const BucketedRecords& piece : held_) {
    if (const std::string_view held = piece.Of(bucket); !held.empty()) records->push_back(held);
  }
  return absl::OkStatus();
}

RecordFileReader::RecordFileReader(const RandomAccessFile& file, std::string path, int64_t begin,
                                   int64_t end, int64_t buffer_bytes)
    : file_(file),
      path_(std::move(path)),
      at_(begin),
      end_(end),
      buffer_bytes_(static_cast<size_t>(buffer_bytes)) {}

absl::StatusOr<std::string_view> RecordFileReader::Next() {
  buffer_.erase(0, used_);
  used_ = 0;
  size_t wanted = buffer_bytes_;
  for (;;) {
    const size_t before = buffer_.size();
    const size_t room = wanted > before ? wanted - before : 0;
    const size_t more = std::min(room, static_cast<size_t>(end_ - at_));
    buffer_.resize(before + more);
    BURGEON_RETURN_IF_ERROR(file_.ReadAt(at_, std::span<char>(buffer_.data() + before, more)));
    at_ += static_cast<int64_t>(more);
    used_ = WholeRecords(buffer_);
    if (used_ > 0) return std::string_view(buffer_).substr(0, used_);
    if (at_ == end_) {
      if (buffer_.empty()) return std::string_view();
      return DataLoss(path_, ": its spilled rows did not read back whole");
    }
    wanted = std::max(wanted * 2, buffer_.size() + 1);  // one record larger than the buffer
  }
}

}  // namespace burgeon
