// The stored parts of a bucket, read side by side in order.
#ifndef BURGEON_ENGINE_EVENTS_STORED_ROWS_H_
#define BURGEON_ENGINE_EVENTS_STORED_ROWS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event_parts.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// All rows of some parts in the order of ViewBefore.
class StoredRows {
 public:
  static absl::StatusOr<StoredRows> Open(FileSystem& files, const std::string& folder,
                                         const std::vector<EventPart>& parts);
  // nullptr behind the last; void after Advance.
  const EventView* row() const { return next_ == nullptr ? nullptr : next_->row(); }
  absl::Status Advance();
  // The columns of any part.
  EventFields fields() const { return fields_; }

 private:
  void FindNext();

  // At most a handful (ingest compacts them): the smallest head is found by looking.
  std::vector<std::unique_ptr<EventPartReader>> parts_;
  EventPartReader* next_ = nullptr;
  EventFields fields_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_STORED_ROWS_H_
