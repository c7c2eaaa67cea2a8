#include "engine/table/table.h"

#include "engine/base/check.h"

namespace burgeon {

std::string_view ColumnTypeName(ColumnType type) {
  switch (type) {
    case ColumnType::kString:
      return "string";
    case ColumnType::kInt64:
      return "int64";
    case ColumnType::kDouble:
      return "double";
    case ColumnType::kFloat:
      return "float";
    case ColumnType::kTimestamp:
      return "timestamp";
  }
  BURGEON_CHECK(false);
}

size_t Column::size() const {
  switch (type) {
    case ColumnType::kString:
      return strings.size();
    case ColumnType::kInt64:
    case ColumnType::kTimestamp:
      return ints.size();
    case ColumnType::kDouble:
    case ColumnType::kFloat:
      return doubles.size();
  }
  BURGEON_CHECK(false);
}

const Column* Table::Find(std::string_view name) const {
  for (const Column& column : columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

void CheckTable(const Table& table) {
  BURGEON_CHECK(table.rows >= 0);
  const auto rows = static_cast<size_t>(table.rows);
  for (const Column& column : table.columns) {
    BURGEON_CHECK(column.size() == rows);
    BURGEON_CHECK(column.nulls.empty() || column.nulls.size() == rows);
  }
}

absl::StatusOr<std::unique_ptr<TableChunk>> TableReader::NextChunk() {
  class Parsed : public TableChunk {
   public:
    explicit Parsed(TextBatch batch) : batch_(std::move(batch)) {}
    absl::StatusOr<TextBatch> Parse() override { return std::move(batch_); }

   private:
    TextBatch batch_;
  };
  BURGEON_ASSIGN_OR_RETURN(std::optional<TextBatch> batch, Next());
  if (!batch) return nullptr;
  return std::make_unique<Parsed>(*std::move(batch));
}

}  // namespace burgeon
