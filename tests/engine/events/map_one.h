// Maps one row by a few lines of YAML. The event's texts are only good while `batch` is there.
#ifndef BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_
#define BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/events/row_mapper.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {

// One row with columns a, b, c, d; a value that is not given is null.
struct Mapped {
  std::shared_ptr<const TextBatch> batch;  // what the event points into
  std::shared_ptr<const RowMapper> mapper;
  RowOutcome outcome = RowOutcome::kBad;
  std::unique_ptr<MappedRow> holder = std::make_unique<MappedRow>();
  MappedRow& row = *holder;
  FieldProblem problem;
};

inline Mapped MapOne(const std::string& fields,
                     const std::vector<std::optional<std::string>>& values,
                     const std::string& more = "") {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  auto rows = std::make_shared<TextBatch>();
  TextBatch& batch = *rows;
  batch.columns.resize(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (i < values.size() && values[i]) {
      batch.columns[i].Append(*values[i]);
    } else {
      batch.columns[i].AppendNull();
    }
  }
  batch.lines = {2};
  auto mapper =
      RowMapper::Bind(ParseSource("  fields:\n" + fields, more), ColumnIndex::Of(names, "a.csv"));
  EXPECT_TRUE(mapper.ok()) << mapper.status();
  Mapped out;
  out.batch = rows;
  out.mapper = std::make_shared<const RowMapper>(*std::move(mapper));
  out.outcome = out.mapper->Map(batch, 0, &out.row, &out.problem);
  return out;
}

inline constexpr char kView[] = "    type: {default: view}\n    time: {constant: 2011-03-01}\n";

}  // namespace burgeon

#endif  // BURGEON_TESTS_ENGINE_EVENTS_MAP_ONE_H_
