// A small table with every column type, nulls and awkward values.
#ifndef BURGEON_TESTS_ENGINE_TABLE_TYPED_TABLE_FIXTURE_H_
#define BURGEON_TESTS_ENGINE_TABLE_TYPED_TABLE_FIXTURE_H_

#include <limits>

#include "engine/table/table.h"

namespace burgeon {

inline Table AwkwardTable() {
  Table table;
  table.rows = 3;
  table.columns.resize(5);
  table.columns[0] = {.name = "id",
                      .type = ColumnType::kString,
                      .strings = {"a,\"b\"\nc", "", ""},
                      .ints = {},
                      .doubles = {},
                      .nulls = {0, 0, 1}};
  table.columns[1] = {.name = "count",
                      .type = ColumnType::kInt64,
                      .strings = {},
                      .ints = {std::numeric_limits<int64_t>::min(), 0, 7},
                      .doubles = {},
                      .nulls = {0, 1, 0}};
  table.columns[2] = {.name = "price",
                      .type = ColumnType::kDouble,
                      .strings = {},
                      .ints = {},
                      .doubles = {0.1, -0.0, 1e300},
                      .nulls = {}};
  table.columns[3] = {.name = "score",
                      .type = ColumnType::kFloat,
                      .strings = {},
                      .ints = {},
                      .doubles = {0.1F, 2.5, 0},
                      .nulls = {0, 0, 1}};
  table.columns[4] = {.name = "at",
                      .type = ColumnType::kTimestamp,
                      .strings = {},
                      .ints = {1'323'435'000'000'000, -1, 0},
                      .doubles = {},
                      .nulls = {}};
  return table;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_TABLE_TYPED_TABLE_FIXTURE_H_
