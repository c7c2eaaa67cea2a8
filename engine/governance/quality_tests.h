// Rules made ready to run over the rows of a pass: those of one row, and those of groups of rows.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_TESTS_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_TESTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/fast_hash.h"
#include "engine/base/status.h"
#include "engine/events/event.h"
#include "engine/events/field_source.h"
#include "engine/expression/expression.h"
#include "engine/governance/quality_rules.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// What quality looks at in an event; views into the row.
struct EventFacts {
  std::string_view customer_id;
  std::string_view item_id;
  std::string_view event_id;
  EventType type = EventType::kOther;
  TimeMicros event_time = 0;
  TimeMicros known_at = 0;
};
// Of an Event or an EventView.
template <class SomeEvent>
EventFacts FactsOf(const SomeEvent& event) {
  return {.customer_id = event.customer_id,
          .item_id = event.item_id,
          .event_id = event.event_id,
          .type = event.type,
          .event_time = event.event_time,
          .known_at = event.known_at};
}

// A row of a file, or an event of the store.
class QualityRow : public ExpressionRow {
 public:
  // The value as it stands, without regard to its type; nothing when it is absent: null, one of
  // the source's null_values, or nothing but blanks. `buffer` may hold it.
  virtual std::optional<std::string_view> Text(size_t column, std::string* buffer) const = 0;
  // What the row is by the mapping; nullptr when it is no event, or could not be mapped.
  virtual const EventFacts* event() const = 0;
  // Why it could not be mapped; nullptr when it could, or was not to be.
  virtual const FieldProblem* problem() const = 0;
};

enum class RowVerdict { kNotConcerned, kHolds, kFails };
using RowTest = std::function<RowVerdict(const QualityRow& row)>;

// The ids that a `references` rule looks for.
using ReferenceLoader =
    std::function<absl::StatusOr<std::vector<Hash128>>(const RuleReference& reference)>;

struct TestContext {
  std::span<const ExpressionColumn> columns;
  TimeMicros now = 0;
  FileSystem* files = nullptr;
  std::string spill_folder;
  int64_t memory_bytes = 0;  // of one rule of groups
  ReferenceLoader references;
};

// A test of one row, not thread-safe. kInvalidArgument naming the rule and what does not fit the
// columns.
absl::StatusOr<RowTest> MakeRowTest(const QualityRule& rule, const TestContext& context);

// `where` of a rule; nullptr when it has none.
absl::StatusOr<std::shared_ptr<const Expression>> MakeFilter(const QualityRule& rule,
                                                             const TestContext& context);

struct GroupOutcome {
  int64_t checked = 0;
  int64_t groups = 0;
  std::string note = {};
};
// Told of a failing row, and for how many rows it stands.
using FailingRow = std::function<void(int64_t row, int64_t count)>;

class GroupTest {
 public:
  virtual ~GroupTest() = default;
  virtual absl::Status Add(const QualityRow& row, int64_t number) = 0;
  virtual absl::StatusOr<GroupOutcome> Finish(const FailingRow& failing) = 0;
};

absl::StatusOr<std::unique_ptr<GroupTest>> MakeGroupTest(const QualityRule& rule,
                                                         const TestContext& context);
// Of rows that agree in every column, the second and further ones fail.
std::unique_ptr<GroupTest> MakeExactDuplicates(const TestContext& context);
// Purchases of one customer and item within `within`, exact duplicates left aside.
std::unique_ptr<GroupTest> MakeRepeatedPurchases(const TestContext& context, int64_t within_micros);
// Rows of one event id that say something else than the first of them.
std::unique_ptr<GroupTest> MakeEventIdConflicts(const TestContext& context);

bool IsGroupRule(RuleKind kind);

// The position of a column; kInvalidArgument naming the rule and the columns there are.
absl::StatusOr<size_t> FindColumn(const std::string& name, const QualityRule& rule,
                                  const TestContext& context);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_TESTS_H_
