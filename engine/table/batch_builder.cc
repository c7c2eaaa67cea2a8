#include "engine/table/batch_builder.h"

#include <utility>

#include "engine/base/limits.h"

namespace burgeon {

BatchBuilder::BatchBuilder(size_t columns, int64_t max_rows, int64_t max_bytes)
    : columns_(columns), max_rows_(max_rows), max_bytes_(max_bytes) {
  batch_.columns.resize(columns_);
}

void BatchBuilder::EndRow(int64_t line, size_t bytes) {
  batch_.lines.push_back(line);
  bytes_ += static_cast<int64_t>(bytes);
}

void BatchBuilder::AddBadRow(int64_t line, std::string reason, std::string_view raw) {
  raw = raw.substr(0, static_cast<size_t>(limits::kMaxFieldBytes));
  batch_.bad_rows.push_back({.line = line, .reason = std::move(reason), .raw = std::string(raw)});
  bytes_ += static_cast<int64_t>(raw.size());
}

bool BatchBuilder::full() const {
  return batch_.rows() + static_cast<int64_t>(batch_.bad_rows.size()) >= max_rows_ ||
         bytes_ >= max_bytes_;
}

TextBatch BatchBuilder::Take(int64_t source_bytes) {
  TextBatch batch = std::exchange(batch_, TextBatch{});
  batch_.columns.resize(columns_);
  bytes_ = 0;
  batch.source_bytes = source_bytes;
  return batch;
}

}  // namespace burgeon
