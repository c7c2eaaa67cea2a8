// ReadParquet: columns of a Parquet file of ours, typed, as a Table.
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include "engine/base/check.h"
#include "engine/table/parquet_file.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

// The type of ours that an Arrow type stands for, or nothing.
std::optional<ColumnType> TypeOf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::STRING:
    case arrow::Type::LARGE_STRING:
      return ColumnType::kString;
    case arrow::Type::INT64:
      return ColumnType::kInt64;
    case arrow::Type::DOUBLE:
      return ColumnType::kDouble;
    case arrow::Type::FLOAT:
      return ColumnType::kFloat;
    case arrow::Type::TIMESTAMP:
      if (static_cast<const arrow::TimestampType&>(type).unit() != arrow::TimeUnit::MICRO) {
        return std::nullopt;
      }
      return ColumnType::kTimestamp;
    default:
      return std::nullopt;
  }
}

struct Selection {
  std::vector<int> leaves;
  std::vector<Column> columns;  // empty, in the order of the leaves
};

absl::StatusOr<Selection> SelectAll(const ParquetFile& file) {
  Selection selection;
  for (int i = 0; i < file.schema->num_fields(); ++i) {
    const auto& field = *file.schema->field(i);
    const auto type = TypeOf(*field.type());
    if (!type || file.leaf[static_cast<size_t>(i)] < 0) {
      return DataLoss(file.input->path(), ": column '", Printable(field.name()), "' has the type ",
                      field.type()->ToString(),
                      "; string, int64, double, float or timestamp[us] wanted");
    }
    Column column;
    column.name = field.name();
    column.type = *type;
    selection.columns.push_back(std::move(column));
    selection.leaves.push_back(file.leaf[static_cast<size_t>(i)]);
  }
  return selection;
}

absl::StatusOr<Selection> SelectWanted(const ParquetFile& file, const std::vector<Column>& wanted) {
  Selection selection;
  for (const Column& want : wanted) {
    const std::vector<int> at = file.schema->GetAllFieldIndices(want.name);
    if (at.size() != 1) {
      return DataLoss(file.input->path(), ": has ", at.empty() ? "no" : "more than one",
                      " column '", want.name, "' (", ColumnTypeName(want.type), " wanted)");
    }
    const auto& found = *file.schema->field(at[0])->type();
    if (TypeOf(found) != want.type) {
      return DataLoss(file.input->path(), ": column '", want.name, "' has the type ",
                      found.ToString(), "; ", ColumnTypeName(want.type), " wanted");
    }
    Column column;
    column.name = want.name;
    column.type = want.type;
    selection.columns.push_back(std::move(column));
    selection.leaves.push_back(file.leaf[static_cast<size_t>(at[0])]);
  }
  return selection;
}

template <class ArrayType, class Values>
void AppendValues(const arrow::Array& array, Values& values) {
  const auto& typed = static_cast<const ArrayType&>(array);
  for (int64_t i = 0; i < typed.length(); ++i) {
    if (typed.IsNull(i)) {
      values.emplace_back();
    } else if constexpr (std::is_same_v<Values, std::vector<std::string>>) {
      values.emplace_back(typed.GetView(i));
    } else {
      values.push_back(typed.Value(i));
    }
  }
}

void AppendArray(const arrow::Array& array, Column& column) {
  const size_t before = column.size();
  switch (array.type_id()) {
    case arrow::Type::STRING:
      AppendValues<arrow::StringArray>(array, column.strings);
      break;
    case arrow::Type::LARGE_STRING:
      AppendValues<arrow::LargeStringArray>(array, column.strings);
      break;
    case arrow::Type::INT64:
      AppendValues<arrow::Int64Array>(array, column.ints);
      break;
    case arrow::Type::TIMESTAMP:
      AppendValues<arrow::TimestampArray>(array, column.ints);
      break;
    case arrow::Type::DOUBLE:
      AppendValues<arrow::DoubleArray>(array, column.doubles);
      break;
    case arrow::Type::FLOAT:
      AppendValues<arrow::FloatArray>(array, column.doubles);
      break;
    default:
      BURGEON_CHECK(false);  // TypeOf let it through
  }
  if (array.null_count() == 0 && column.nulls.empty()) return;
  column.nulls.resize(before, 0);
  for (int64_t i = 0; i < array.length(); ++i) column.nulls.push_back(array.IsNull(i) ? 1 : 0);
}

absl::Status AppendRowGroup(const ParquetFile& file, int group, const std::vector<int>& leaves,
                            Table& table) {
  std::shared_ptr<arrow::Table> read;
  const auto read_group = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(read, file.reader->ReadRowGroup(group, leaves));
    return read->Validate();
  };
  BURGEON_RETURN_IF_ERROR(file.input->Run(read_group));
  for (size_t i = 0; i < table.columns.size(); ++i) {
    for (const auto& chunk : read->column(static_cast<int>(i))->chunks()) {
      AppendArray(*chunk, table.columns[i]);
    }
  }
  table.rows += read->num_rows();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Table> ReadParquet(FileSystem& files, const std::string& path,
                                  const std::vector<Column>& wanted) {
  constexpr int64_t kBatchRows = 65'536;
  auto opened = OpenParquet(files, path, kBatchRows);
  if (absl::IsInvalidArgument(opened.status())) return DataLoss(MessageOf(opened.status()));
  BURGEON_ASSIGN_OR_RETURN(const auto file, std::move(opened));
  BURGEON_ASSIGN_OR_RETURN(Selection selection,
                           wanted.empty() ? SelectAll(*file) : SelectWanted(*file, wanted));
  Table table;
  table.columns = std::move(selection.columns);
  for (int group = 0; group < static_cast<int>(file->groups.size()); ++group) {
    BURGEON_RETURN_IF_ERROR(AppendRowGroup(*file, group, selection.leaves, table));
  }
  if (table.rows != file->rows) {
    return DataLoss(path, ": has ", table.rows, " rows, its footer says ", file->rows);
  }
  return table;
}

}  // namespace burgeon
