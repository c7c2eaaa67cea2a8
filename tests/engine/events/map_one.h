// Maps one row by a few lines of YAML.
#ifndef BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_
#define BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/events/row_mapper.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {

// One row with columns a, b, c, d; a value that is not given is null.
struct Mapped {
  RowOutcome outcome = RowOutcome::kBad;
  MappedRow row;
  FieldProblem problem;
};

inline Mapped MapOne(const std::string& fields,
                     const std::vector<std::optional<std::string>>& values,
                     const std::string& more = "") {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  TextBatch batch;
  batch.columns.resize(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (i < values.size() && values[i]) {
      batch.columns[i].Append(*values[i]);
    } else {
      batch.columns[i].AppendNull();
    }
  }
  batch.lines = {2};
  const auto mapper =
      RowMapper::Bind(ParseSource("  fields:\n" + fields, more), ColumnIndex::Of(names, "a.csv"));
  EXPECT_TRUE(mapper.ok()) << mapper.status();
  Mapped out;
  out.outcome = mapper->Map(batch, 0, &out.row, &out.problem);
  return out;
}

inline constexpr char kView[] = "    type: {default: view}\n    time: {constant: 2011-03-01}\n";

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_
