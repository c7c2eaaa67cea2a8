// RowGroupReader: row groups of a Parquet file as views into Arrow's memory.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include "engine/base/check.h"
#include "engine/table/arrow_file_adapter.h"
#include "engine/table/row_group_file.h"

namespace burgeon {
namespace {

bool IsOfType(const arrow::DataType& type, ColumnType wanted) {
  switch (wanted) {
    case ColumnType::kString:
      return type.id() == arrow::Type::DICTIONARY || type.id() == arrow::Type::STRING;
    case ColumnType::kInt64:
      return type.id() == arrow::Type::INT64;
    case ColumnType::kDouble:
      return type.id() == arrow::Type::DOUBLE;
    case ColumnType::kTimestamp:
      return type.id() == arrow::Type::TIMESTAMP &&
             static_cast<const arrow::TimestampType&>(type).unit() == arrow::TimeUnit::MICRO;
    case ColumnType::kFloat:
      break;
  }
  BURGEON_CHECK(false);
}

// What a column of a group is held in where Arrow's own memory is not one piece of the right form.
struct Held {
  std::vector<std::string_view> dictionary;
  std::vector<int32_t> codes;
  std::vector<int64_t> ints;
  std::vector<double> doubles;
  std::vector<uint8_t> nulls;

  void Clear() {
    dictionary.clear();
    codes.clear();
    ints.clear();
    doubles.clear();
    nulls.clear();
  }
};

arrow::Status AppendStrings(const arrow::Array& array, Held* held) {
  if (array.type_id() != arrow::Type::DICTIONARY) {
    return arrow::Status::Invalid("a string column that is not read as a dictionary");
  }
  const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
  const auto& words = static_cast<const arrow::StringArray&>(*coded.dictionary());
  const auto& indices = static_cast<const arrow::Int32Array&>(*coded.indices());
  const auto base = static_cast<int32_t>(held->dictionary.size());
  for (int64_t i = 0; i < words.length(); ++i) held->dictionary.push_back(words.GetView(i));
  int32_t empty = -1;  // the code of "", which stands for null
  for (int64_t i = 0; i < indices.length(); ++i) {
    if (!indices.IsNull(i)) {
      held->codes.push_back(base + indices.Value(i));
      continue;
    }
    if (empty < 0) {
      empty = static_cast<int32_t>(held->dictionary.size());
      held->dictionary.emplace_back();
    }
    held->codes.push_back(empty);
  }
  return arrow::Status::OK();
}

template <class ArrayType, class T>
void AppendNumbers(const arrow::Array& array, std::vector<T>* values, std::vector<uint8_t>* nulls) {
  const auto& typed = static_cast<const ArrayType&>(array);
  const size_t before = values->size();
  values->insert(values->end(), typed.raw_values(), typed.raw_values() + typed.length());
  if (array.null_count() == 0 && nulls->empty()) return;
  nulls->resize(before, 0);
  for (int64_t i = 0; i < array.length(); ++i) nulls->push_back(array.IsNull(i) ? 1 : 0);
}

arrow::Status Append(const arrow::Array& array, Held* held) {
  switch (array.type_id()) {
    case arrow::Type::INT64:
      AppendNumbers<arrow::Int64Array>(array, &held->ints, &held->nulls);
      return arrow::Status::OK();
    case arrow::Type::TIMESTAMP:
      AppendNumbers<arrow::TimestampArray>(array, &held->ints, &held->nulls);
      return arrow::Status::OK();
    case arrow::Type::DOUBLE:
      AppendNumbers<arrow::DoubleArray>(array, &held->doubles, &held->nulls);
      return arrow::Status::OK();
    default:
      return AppendStrings(array, held);
  }
}

}  // namespace

struct RowGroupReader::State {
  std::vector<RowGroupColumn> wanted;
  std::unique_ptr<ArrowInput> input;  // owns the memory pool: first in, last out
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::vector<int> leaves;                  // of the columns there are
  std::vector<std::optional<size_t>> from;  // of each wanted column: index into leaves
  int64_t rows = 0;
  int groups = 0;
  int next = 0;
  std::shared_ptr<arrow::Table> table;
  std::vector<Held> held;
  RowGroup group;

  arrow::Status OpenReader();
  absl::Status Select();
  arrow::Status ReadGroup();
};

arrow::Status RowGroupReader::State::OpenReader() {
  parquet::ReaderProperties properties(input->pool());
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(input->stream(), properties));
  const auto metadata = builder.raw_reader()->metadata();
  parquet::ArrowReaderProperties arrow_properties;
  arrow_properties.set_use_threads(false);
  arrow_properties.set_pre_buffer(false);
  for (int i = 0; i < metadata->num_columns(); ++i) {
    const bool text = metadata->schema()->Column(i)->physical_type() == parquet::Type::BYTE_ARRAY;
    arrow_properties.set_read_dictionary(i, text);
  }
  builder.memory_pool(input->pool())->properties(arrow_properties);
  ARROW_ASSIGN_OR_RAISE(reader, builder.Build());
  rows = metadata->num_rows();
  groups = metadata->num_row_groups();
  return arrow::Status::OK();
}

absl::Status RowGroupReader::State::Select() {
  std::shared_ptr<arrow::Schema> schema;
  BURGEON_RETURN_IF_ERROR(input->Run([&] { return reader->GetSchema(&schema); }));
  for (const RowGroupColumn& column : wanted) {
    const int at = schema->GetFieldIndex(column.name);
    if (at < 0) {
      from.emplace_back();
      continue;
    }
    const auto& field = reader->manifest().schema_fields[static_cast<size_t>(at)];
    if (!field.is_leaf() || !IsOfType(*schema->field(at)->type(), column.type)) {
      return DataLoss(input->path(), ": column '", column.name, "' has the type ",
                      schema->field(at)->type()->ToString(), "; ", ColumnTypeName(column.type),
                      " wanted");
    }
    from.emplace_back(leaves.size());
    leaves.push_back(field.column_index);
  }
  held.resize(wanted.size());
  group.columns.resize(wanted.size());
  return absl::OkStatus();
}

arrow::Status RowGroupReader::State::ReadGroup() {
  ARROW_ASSIGN_OR_RAISE(table, reader->ReadRowGroup(next, leaves));
  ARROW_RETURN_NOT_OK(table->ValidateFull());  // codes beyond their dictionary, too
  const int64_t group_rows = reader->parquet_reader()->metadata()->RowGroup(next)->num_rows();
  for (size_t i = 0; i < wanted.size(); ++i) {
    held[i].Clear();
    group.columns[i] = {};
    if (!from[i]) continue;
    const auto& column = *table->column(static_cast<int>(*from[i]));
    if (column.length() != group_rows) return arrow::Status::Invalid("a column that is too short");
    for (const auto& chunk : column.chunks()) ARROW_RETURN_NOT_OK(Append(*chunk, &held[i]));
    group.columns[i] = {held[i].dictionary, held[i].codes, held[i].ints, held[i].doubles,
                        held[i].nulls};
  }
  group.rows = group_rows;
  ++next;
  return arrow::Status::OK();
}

RowGroupReader::RowGroupReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
RowGroupReader::~RowGroupReader() = default;

absl::StatusOr<std::unique_ptr<RowGroupReader>> RowGroupReader::Open(
    FileSystem& files, const std::string& path, std::vector<RowGroupColumn> wanted) {
  auto state = std::make_unique<State>();
  state->wanted = std::move(wanted);
  BURGEON_ASSIGN_OR_RETURN(state->input, ArrowInput::Open(files, path));
  if (state->input->size() == 0) return DataLoss(path, ": the file is empty");
  BURGEON_RETURN_IF_ERROR(state->input->Run([&] { return state->OpenReader(); }));
  BURGEON_RETURN_IF_ERROR(state->Select());
  return std::unique_ptr<RowGroupReader>(new RowGroupReader(std::move(state)));
}

int64_t RowGroupReader::rows() const { return state_->rows; }

absl::StatusOr<const RowGroup*> RowGroupReader::Next() {
  if (state_->next == state_->groups) return nullptr;
  BURGEON_RETURN_IF_ERROR(state_->input->Run([&] { return state_->ReadGroup(); }));
  return &state_->group;
}

}  // namespace burgeon
