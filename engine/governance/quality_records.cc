#include "engine/governance/quality_records.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace burgeon {
namespace {

constexpr size_t kParts = 256;
constexpr size_t kLeastRecords = 1024;
static_assert(sizeof(KeyedRecord) == 40);

size_t PartOf(const Hash128& key) { return key.high >> 56; }

bool Before(const KeyedRecord& a, const KeyedRecord& b) {
  return std::tie(a.key, a.value, a.row) < std::tie(b.key, b.value, b.row);
}

void VisitGroups(std::vector<KeyedRecord>& records, const KeyedRecords::Visitor& visit) {
  std::sort(records.begin(), records.end(), Before);
  for (size_t begin = 0; begin < records.size();) {
    size_t end = begin + 1;
    while (end < records.size() && records[end].key == records[begin].key) ++end;
    visit(std::span<const KeyedRecord>(records).subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

KeyedRecords::KeyedRecords(FileSystem& files, std::string folder, int64_t memory_bytes)
    : files_(files),
      folder_(std::move(folder)),
      capacity_(std::max(kLeastRecords, static_cast<size_t>(memory_bytes) / sizeof(KeyedRecord))) {}

KeyedRecords::~KeyedRecords() {
  if (!spilled_) return;
  spill_.clear();
  // What cannot be removed here is removed by whoever clears the folder of leftovers.
  files_.RemoveTree(folder_).IgnoreError();
}

std::string KeyedRecords::SpillPath(size_t part) const {
  return JoinPath(folder_, Concat("part-", part));
}

absl::Status KeyedRecords::Add(const KeyedRecord& record) {
  records_.push_back(record);
  if (records_.size() < capacity_) return absl::OkStatus();
  return Spill();
}

absl::Status KeyedRecords::OpenSpillFiles() {
  BURGEON_RETURN_IF_ERROR(files_.MakeDirectories(folder_));
  spilled_ = true;
  for (size_t part = 0; part < kParts; ++part) {
    BURGEON_ASSIGN_OR_RETURN(auto file, files_.OpenForWrite(SpillPath(part)));
    spill_.push_back(std::move(file));
  }
  return absl::OkStatus();
}

absl::Status KeyedRecords::Spill() {
  if (!spilled_) BURGEON_RETURN_IF_ERROR(OpenSpillFiles());
  std::sort(records_.begin(), records_.end(), Before);
  for (size_t begin = 0; begin < records_.size();) {
    const size_t part = PartOf(records_[begin].key);
    size_t end = begin + 1;
    while (end < records_.size() && PartOf(records_[end].key) == part) ++end;
    const std::string_view bytes(reinterpret_cast<const char*>(&records_[begin]),
                                 (end - begin) * sizeof(KeyedRecord));
    BURGEON_RETURN_IF_ERROR(spill_[part]->Append(bytes));
    begin = end;
  }
  records_.clear();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<KeyedRecord>> KeyedRecords::ReadSpill(const std::string& path) const {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files_.OpenForRead(path));
  if (file->size() % static_cast<int64_t>(sizeof(KeyedRecord)) != 0) {
    return DataLoss(path, ": ", file->size(), " bytes; a multiple of ", sizeof(KeyedRecord),
                    " was written");
  }
  std::vector<KeyedRecord> records(static_cast<size_t>(file->size()) / sizeof(KeyedRecord));
  BURGEON_RETURN_IF_ERROR(file->ReadAt(0, std::span<char>(reinterpret_cast<char*>(records.data()),
                                                          records.size() * sizeof(KeyedRecord))));
  return records;
}

absl::Status KeyedRecords::Finish(const Visitor& visit) {
  if (!spilled_) {
    VisitGroups(records_, visit);
    records_ = {};
    return absl::OkStatus();
  }
  BURGEON_RETURN_IF_ERROR(Spill());
  records_ = {};
  for (size_t part = 0; part < kParts; ++part) {
    BURGEON_RETURN_IF_ERROR(spill_[part]->Close());
    spill_[part].reset();
    BURGEON_ASSIGN_OR_RETURN(std::vector<KeyedRecord> records, ReadSpill(SpillPath(part)));
    VisitGroups(records, visit);
    BURGEON_RETURN_IF_ERROR(files_.RemoveFile(SpillPath(part)));
  }
  return files_.RemoveTree(folder_);
}

}  // namespace burgeon
