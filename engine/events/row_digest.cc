#include "engine/events/row_digest.h"

#include <algorithm>

namespace burgeon {
namespace {

void PutText(std::string_view text, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) {
    out->push_back(static_cast<char>(static_cast<uint32_t>(text.size()) >> shift & 0xff));
  }
  out->append(text);
}

}  // namespace

RowDigester::RowDigester(std::string_view source, const std::vector<std::string>& column_names,
                         std::optional<size_t> replaced)
    : replaced_(replaced) {
  PutText("burgeon row 1", &head_);
  PutText(source, &head_);
  std::vector<size_t> order(column_names.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return column_names[a] < column_names[b]; });
  for (const size_t at : order) {
    std::string name;
    PutText(column_names[at], &name);
    columns_.emplace_back(at, std::move(name));
  }
}

Sha256Digest RowDigester::Digest(const TextBatch& batch, int64_t row,
                                 std::string_view replacement) const {
  std::string message = head_;
  for (const auto& [at, name] : columns_) {
    const TextColumn& column = batch.columns[at];
    std::string_view value = column.is_null(row) ? std::string_view() : column.value(row);
    if (replaced_ == at) value = replacement;
    if (value.empty()) continue;
    message += name;
    PutText(value, &message);
  }
  return Sha256Of(message);
}

std::string EventIdOf(const Sha256Digest& row, int64_t occurrence) {
  if (occurrence == 1) return ToHex(row);
  std::string message(reinterpret_cast<const char*>(row.data()), row.size());
  for (int shift = 0; shift < 64; shift += 8) {
    message.push_back(static_cast<char>(static_cast<uint64_t>(occurrence) >> shift & 0xff));
  }
  return Sha256Hex(message);
}

}  // namespace burgeon
