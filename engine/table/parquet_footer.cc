#include "engine/table/parquet_footer.h"

#include <cstring>

#include "engine/base/check.h"
#include "engine/table/thrift_compact.h"

namespace burgeon {
namespace {

using Kind = CompactWriter::Kind;

// Of parquet.thrift: enumerators, and below the ids of fields.
constexpr int32_t kInt64Type = 2, kDoubleType = 5, kBytesType = 6;
constexpr int32_t kRequired = 0, kOptional = 1;
constexpr int32_t kUtf8 = 0, kTimestampMicros = 10;
constexpr int32_t kDictionaryPage = 2, kDataPageV2 = 3;
constexpr int32_t kFormatVersion = 2;

int32_t Narrow(int64_t value) {
  BURGEON_CHECK(value >= 0 && value <= INT32_MAX);
  return static_cast<int32_t>(value);
}

int32_t PhysicalType(ColumnType type) {
  switch (type) {
    case ColumnType::kString:
      return kBytesType;
    case ColumnType::kInt64:
    case ColumnType::kTimestamp:
      return kInt64Type;
    case ColumnType::kDouble:
      return kDoubleType;
    case ColumnType::kFloat:
      break;
  }
  BURGEON_CHECK(false);
}

void AppendRoot(size_t columns, CompactWriter* to) {
  to->BeginStructElement();
  to->Int32(3, kRequired);
  to->Bytes(4, "schema");
  to->Int32(5, Narrow(static_cast<int64_t>(columns)));
  to->EndStruct();
}

void AppendColumn(const RowGroupColumn& column, CompactWriter* to) {
  to->BeginStructElement();
  to->Int32(1, PhysicalType(column.type));
  to->Int32(3, column.type == ColumnType::kString ? kRequired : kOptional);
  to->Bytes(4, column.name);
  if (column.type == ColumnType::kString) {
    to->Int32(6, kUtf8);
    to->BeginStruct(10);  // logical type
    to->BeginStruct(1);   // string
    to->EndStruct();
    to->EndStruct();
  } else if (column.type == ColumnType::kTimestamp) {
    to->Int32(6, kTimestampMicros);
    to->BeginStruct(10);
    to->BeginStruct(8);  // timestamp
    to->Bool(1, true);   // UTC
    to->BeginStruct(2);  // unit
    to->BeginStruct(2);  // microseconds
    for (int i = 0; i < 4; ++i) to->EndStruct();
  }
  to->EndStruct();
}

void AppendPageCount(int32_t page, PageEncoding encoding, CompactWriter* to) {
  to->BeginStructElement();
  to->Int32(1, page);
  to->Int32(2, static_cast<int32_t>(encoding));
  to->Int32(3, 1);
  to->EndStruct();
}

void AppendChunk(const RowGroupColumn& column, const ChunkRecord& chunk, CompactWriter* to) {
  const bool coded = chunk.encoding == PageEncoding::kDictionaryCodes;
  to->BeginStructElement();
  to->Int64(2, chunk.begin);
  to->BeginStruct(3);
  to->Int32(1, PhysicalType(column.type));
  to->BeginList(2, Kind::kInt32, coded ? 3 : 2);
  to->Int32Element(static_cast<int32_t>(chunk.encoding));
  to->Int32Element(static_cast<int32_t>(PageEncoding::kRuns));
  if (coded) to->Int32Element(static_cast<int32_t>(PageEncoding::kPlain));
  to->BeginList(3, Kind::kBytes, 1);
  to->BytesElement(column.name);
  to->Int32(4, static_cast<int32_t>(chunk.codec));
  to->Int64(5, chunk.values);
  to->Int64(6, chunk.unpacked);
  to->Int64(7, chunk.packed);
  to->Int64(9, chunk.data_begin);
  if (coded) to->Int64(11, chunk.begin);
  to->BeginList(13, Kind::kStruct, coded ? 2 : 1);
  if (coded) AppendPageCount(kDictionaryPage, PageEncoding::kPlain, to);
  AppendPageCount(kDataPageV2, chunk.encoding, to);
  to->EndStruct();
  to->EndStruct();
}

void AppendGroup(const std::vector<RowGroupColumn>& columns, const GroupRecord& group,
                 CompactWriter* to) {
  BURGEON_CHECK(group.chunks.size() == columns.size());
  int64_t unpacked = 0;
  int64_t packed = 0;
  for (const ChunkRecord& chunk : group.chunks) {
    unpacked += chunk.unpacked;
    packed += chunk.packed;
  }
  to->BeginStructElement();
  to->BeginList(1, Kind::kStruct, columns.size());
  for (size_t i = 0; i < columns.size(); ++i) AppendChunk(columns[i], group.chunks[i], to);
  to->Int64(2, unpacked);
  to->Int64(3, group.rows);
  if (!group.chunks.empty()) to->Int64(5, group.chunks.front().begin);
  to->Int64(6, packed);
  to->EndStruct();
}

}  // namespace

void AppendDictionaryHeader(const PageSizes& page, std::string* out) {
  CompactWriter to(out);
  to.Int32(1, kDictionaryPage);
  to.Int32(2, Narrow(page.unpacked));
  to.Int32(3, Narrow(page.packed));
  to.BeginStruct(7);
  to.Int32(1, Narrow(page.values));
  to.Int32(2, static_cast<int32_t>(PageEncoding::kPlain));
  to.EndStruct();
  to.EndStruct();
}

void AppendDataHeader(const DataPage& page, std::string* out) {
  CompactWriter to(out);
  to.Int32(1, kDataPageV2);
  to.Int32(2, Narrow(page.sizes.unpacked));
  to.Int32(3, Narrow(page.sizes.packed));
  to.BeginStruct(8);
  to.Int32(1, Narrow(page.sizes.values));
  to.Int32(2, Narrow(page.nulls));
  to.Int32(3, Narrow(page.sizes.values));  // rows
  to.Int32(4, static_cast<int32_t>(page.encoding));
  to.Int32(5, Narrow(page.level_bytes));
  to.Int32(6, 0);  // no repetition
  to.Bool(7, page.codec != PageCodec::kNone);
  to.EndStruct();
  to.EndStruct();
}

void AppendFooter(const std::vector<RowGroupColumn>& columns,
                  const std::vector<GroupRecord>& groups, std::string* out) {
  const size_t begin = out->size();
  CompactWriter to(out);
  to.Int32(1, kFormatVersion);
  to.BeginList(2, Kind::kStruct, columns.size() + 1);
  AppendRoot(columns.size(), &to);
  for (const RowGroupColumn& column : columns) AppendColumn(column, &to);
  int64_t rows = 0;
  for (const GroupRecord& group : groups) rows += group.rows;
  to.Int64(3, rows);
  to.BeginList(4, Kind::kStruct, groups.size());
  for (const GroupRecord& group : groups) AppendGroup(columns, group, &to);
  to.Bytes(6, "burgeon");
  to.EndStruct();
  const auto bytes = static_cast<uint32_t>(Narrow(static_cast<int64_t>(out->size() - begin)));
  char size[sizeof(bytes)];
  std::memcpy(size, &bytes, sizeof(bytes));
  out->append(size, sizeof(size));
  out->append(kParquetMagic);
}

}  // namespace burgeon
