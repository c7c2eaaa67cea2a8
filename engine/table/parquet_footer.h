// The headers of pages and the footer of a Parquet file of ours (Apache Parquet, parquet.thrift).
// Internal to this room.
//
//   AppendDictionaryHeader({.values = 12, .unpacked = 96, .packed = 60}, &bytes);
//   AppendDataHeader({.values = 100, ...}, &bytes);
//   AppendFooter({columns, groups}, &bytes);
#ifndef BURGEON_ENGINE_TABLE_PARQUET_FOOTER_H_
#define BURGEON_ENGINE_TABLE_PARQUET_FOOTER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/table/row_group_file.h"

namespace burgeon {

inline constexpr char kParquetMagic[] = "PAR1";

// Numbers as the format has them.
enum class PageEncoding : int32_t {
  kPlain = 0,
  kRuns = 3,
  kDifferences = 5,
  kDictionaryCodes = 8,
};
enum class PageCodec : int32_t { kNone = 0, kLz4 = 7 };

struct PageSizes {
  int64_t values = 0;
  int64_t unpacked = 0;  // bytes, the header apart
  int64_t packed = 0;
};
void AppendDictionaryHeader(const PageSizes& page, std::string* out);

// A page whose levels come first and are never compressed (data page V2).
struct DataPage {
  PageSizes sizes;  // nulls are values here; levels included
  int64_t nulls = 0;
  int64_t level_bytes = 0;
  PageEncoding encoding = PageEncoding::kPlain;
  PageCodec codec = PageCodec::kNone;
};
void AppendDataHeader(const DataPage& page, std::string* out);

// One data page, and one of words before it where there is a dictionary.
struct ChunkRecord {
  PageEncoding encoding = PageEncoding::kPlain;  // of the data page
  PageCodec codec = PageCodec::kNone;
  int64_t values = 0;
  int64_t unpacked = 0;  // bytes, headers included
  int64_t packed = 0;
  int64_t begin = 0;  // in the file
  int64_t data_begin = 0;
};

struct GroupRecord {
  int64_t rows = 0;
  std::vector<ChunkRecord> chunks = {};
};

// From the footer's own bytes to the end of the file. Strings are required, numbers optional.
void AppendFooter(const std::vector<RowGroupColumn>& columns,
                  const std::vector<GroupRecord>& groups, std::string* out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PARQUET_FOOTER_H_
