#include "engine/events/stored_rows.h"

#include <utility>

namespace burgeon {

absl::StatusOr<StoredRows> StoredRows::Open(FileSystem& files, const std::string& folder,
                                            const std::vector<EventPart>& parts) {
  StoredRows out;
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(auto reader, EventPartReader::Open(files, folder, part));
    out.fields_ |= reader->fields();
    out.parts_.push_back(std::move(reader));
  }
  out.FindNext();
  return out;
}

absl::Status StoredRows::Advance() {
  BURGEON_RETURN_IF_ERROR(next_->Advance());
  if (parts_.size() > 1 || next_->row() == nullptr) FindNext();
  return absl::OkStatus();
}

void StoredRows::FindNext() {
  next_ = nullptr;
  for (const auto& part : parts_) {
    if (part->row() == nullptr) continue;
    if (next_ == nullptr || ViewBefore(*part->row(), *next_->row())) next_ = part.get();
  }
}

}  // namespace burgeon
