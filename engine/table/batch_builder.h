// Gathers rows into a TextBatch until it is full. Internal to this room.
#ifndef BURGEON_ENGINE_TABLE_BATCH_BUILDER_H_
#define BURGEON_ENGINE_TABLE_BATCH_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/table/table.h"

namespace burgeon {

// A batch is full at so many rows, or at so many bytes of them: long rows do not fill the memory.
inline constexpr int64_t kMaxBatchBytes = 16 << 20;

class BatchBuilder {
 public:
  BatchBuilder(size_t columns, int64_t max_rows, int64_t max_bytes = kMaxBatchBytes);

  // A row is a value for every column, then EndRow with the size it had in the file.
  TextColumn& column(size_t i) { return batch_.columns[i]; }
  void EndRow(int64_t line, size_t bytes);
  void AddBadRow(int64_t line, std::string reason, std::string_view raw);

  bool full() const;
  bool empty() const { return batch_.lines.empty() && batch_.bad_rows.empty(); }
  // What was gathered; the builder is empty afterwards.
  TextBatch Take(int64_t source_bytes);

 private:
  const size_t columns_;
  const int64_t max_rows_;
  const int64_t max_bytes_;
  TextBatch batch_;
  int64_t bytes_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_BATCH_BUILDER_H_
