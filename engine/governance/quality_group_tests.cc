// The rules of groups of rows: GroupTest of quality_tests.h.
#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/governance/quality_records.h"
#include "engine/governance/quality_tests.h"
#include "engine/governance/quality_text.h"

namespace burgeon {
namespace {

constexpr size_t kMaxFormats = 10'000;      // different values of kOneFormat and kConstant
constexpr size_t kMaxNearValues = 200'000;  // different values of kNearIdentical
constexpr int kMaxLookBack = 64;            // rows of one key within the time of a near duplicate

// A text with its length before it, so that ("ab", "c") is not ("a", "bc"); nothing is not "".
void AppendPart(std::optional<std::string_view> text, std::string* key) {
  const uint64_t size = text ? text->size() + 1 : 0;
  key->append(reinterpret_cast<const char*>(&size), sizeof(size));
  if (text) key->append(*text);
}

// The row's values as one key. False when one of them is absent.
bool KeyOf(const QualityRow& row, const std::vector<size_t>& columns, std::string* buffer,
           std::string* key) {
  key->clear();
  bool whole = true;
  for (const size_t column : columns) {
    const auto text = row.Text(column, buffer);
    if (!text) whole = false;
    AppendPart(text, key);
  }
  return whole;
}

std::vector<size_t> AllColumns(const TestContext& context) {
  std::vector<size_t> columns(context.columns.size());
  for (size_t i = 0; i < columns.size(); ++i) columns[i] = i;
  return columns;
}

// Puts each row it is concerned with among the records, and looks at the groups at the end.
class RecordTest : public GroupTest {
 public:
  // What a row's record is; nothing when it is not concerned.
  using Recorder = std::function<std::optional<KeyedRecord>(const QualityRow& row)>;
  // Tells of the failing rows of a group, if any.
  using Judge = std::function<bool(std::span<const KeyedRecord> group, const FailingRow& failing)>;

  RecordTest(const TestContext& context, std::string name, Recorder record, Judge judge)
      : record_(std::move(record)),
        judge_(std::move(judge)),
        records_(*context.files, JoinPath(context.spill_folder, name), context.memory_bytes) {}

  absl::Status Add(const QualityRow& row, int64_t number) override {
    std::optional<KeyedRecord> record = record_(row);
    if (!record) return absl::OkStatus();
    ++outcome_.checked;
    record->row = number;
    return records_.Add(*record);
  }

  absl::StatusOr<GroupOutcome> Finish(const FailingRow& failing) override {
    BURGEON_RETURN_IF_ERROR(records_.Finish([&](std::span<const KeyedRecord> group) {
      if (judge_(group, failing)) ++outcome_.groups;
    }));
    return outcome_;
  }

 private:
  const Recorder record_;
  const Judge judge_;
  KeyedRecords records_;
  GroupOutcome outcome_;
};

bool AllButFirst(std::span<const KeyedRecord> group, const FailingRow& failing) {
  for (const KeyedRecord& record : group.subspan(1)) failing(record.row, 1);
  return group.size() > 1;
}

// The values of one key: all rows but those of the most frequent value fail (of two as frequent,
// the one that came first is kept). Records are sorted by value.
bool AllButMostFrequentValue(std::span<const KeyedRecord> group, const FailingRow& failing) {
  size_t best_begin = 0;
  size_t best_end = 0;
  for (size_t begin = 0; begin < group.size();) {
    size_t end = begin + 1;
    while (end < group.size() && group[end].value == group[begin].value) ++end;
    const size_t size = end - begin;
    const size_t best = best_end - best_begin;
    if (size > best || (size == best && group[begin].row < group[best_begin].row)) {
      best_begin = begin;
      best_end = end;
    }
    begin = end;
  }
  for (size_t i = 0; i < group.size(); ++i) {
    if (i < best_begin || i >= best_end) failing(group[i].row, 1);
  }
  return best_end - best_begin < group.size();
}

// Value: the time; tag: the row. A row fails that comes within `within` of another and is not the
// same row again.
RecordTest::Judge NearInTime(int64_t within) {
  return [within](std::span<const KeyedRecord> group, const FailingRow& failing) {
    bool any = false;
    for (size_t i = 1; i < group.size(); ++i) {
      bool near = false;
      bool same = false;
      for (size_t back = 1; back <= i && back <= kMaxLookBack && !same; ++back) {
        const KeyedRecord& other = group[i - back];
        if (group[i].value - other.value > within) break;
        near = true;
        same = other.tag == group[i].tag;
      }
      if (!near || same) continue;
      failing(group[i].row, 1);
      any = true;
    }
    return any;
  };
}

// Counts the values (or forms) of a column, and where each was first seen.
class ValueTest : public GroupTest {
 public:
  struct Seen {
    int64_t count = 0;
    int64_t first = 0;
  };
  ValueTest(size_t column, RuleKind kind) : column_(column), kind_(kind) {}

  absl::Status Add(const QualityRow& row, int64_t number) override {
    const auto text = row.Text(column_, &buffer_);
    if (!text) return absl::OkStatus();
    ++outcome_.checked;
    std::string_view value = *text;
    if (kind_ == RuleKind::kOneFormat) {
      ShapeOf(value, &shape_);
      value = shape_;
    }
    const auto found = seen_.find(value);
    if (found != seen_.end()) {
      ++found->second.count;
    } else if (seen_.size() < (kind_ == RuleKind::kNearIdentical ? kMaxNearValues : kMaxFormats)) {
      seen_.emplace(std::string(value), Seen{1, number});
    } else {
      if (others_.count++ == 0) others_.first = number;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<GroupOutcome> Finish(const FailingRow& failing) override {
    std::vector<std::pair<TextCount, int64_t>> values;  // with the first row
    for (const auto& [text, seen] : seen_) values.push_back({{text, seen.count}, seen.first});
    std::sort(values.begin(), values.end(),
              [](const auto& a, const auto& b) { return a.first.text < b.first.text; });
    if (kind_ == RuleKind::kNearIdentical) {
      FailNearIdentical(values, failing);
    } else {
      FailAllButMostFrequent(values, failing);
    }
    return outcome_;
  }

 private:
  using Values = std::vector<std::pair<TextCount, int64_t>>;

  void FailNearIdentical(const Values& values, const FailingRow& failing) {
    std::vector<TextCount> counts;
    for (const auto& [count, first] : values) counts.push_back(count);
    const std::vector<size_t> should_be = NearIdentical(counts);
    for (size_t i = 0; i < values.size(); ++i) {
      if (should_be[i] == i) continue;
      failing(values[i].second, counts[i].count);
      ++outcome_.groups;
      if (outcome_.groups <= 3) {
        outcome_.note += Concat(outcome_.note.empty() ? "" : "; ", "'", Printable(counts[i].text),
                                "' should be '", Printable(counts[should_be[i]].text), "'");
      }
    }
    if (others_.count > 0) {
      outcome_.note += Concat(" (", others_.count, " rows of values beyond the first ",
                              kMaxNearValues, " were not looked at)");
      outcome_.checked -= others_.count;
    }
  }

  void FailAllButMostFrequent(const Values& values, const FailingRow& failing) {
    const auto most =
        std::max_element(values.begin(), values.end(), [](const auto& a, const auto& b) {
          if (a.first.count != b.first.count) return a.first.count < b.first.count;
          return a.second > b.second;
        });
    if (most == values.end()) return;
    outcome_.note = Concat("most are '", Printable(most->first.text), "'");
    for (const auto& value : values) {
      if (&value == &*most) continue;
      failing(value.second, value.first.count);
      ++outcome_.groups;
    }
    if (others_.count > 0) failing(others_.first, others_.count);
  }

  const size_t column_;
  const RuleKind kind_;
  std::string buffer_;
  std::string shape_;
  StringMap<Seen> seen_;
  Seen others_;
  GroupOutcome outcome_;
};

// Leaves the rows out that `where` is not true for.
class FilteredTest : public GroupTest {
 public:
  FilteredTest(std::shared_ptr<const Expression> filter, std::unique_ptr<GroupTest> test)
      : filter_(std::move(filter)), test_(std::move(test)) {}
  absl::Status Add(const QualityRow& row, int64_t number) override {
    if (!filter_->IsTrue(row, &scratch_)) return absl::OkStatus();
    return test_->Add(row, number);
  }
  absl::StatusOr<GroupOutcome> Finish(const FailingRow& failing) override {
    return test_->Finish(failing);
  }

 private:
  const std::shared_ptr<const Expression> filter_;
  ExpressionScratch scratch_;
  const std::unique_ptr<GroupTest> test_;
};

// Memory of the keys, used again from row to row.
struct KeyScratch {
  std::string buffer;
  std::string key;
};

std::unique_ptr<GroupTest> MakeKeyed(const QualityRule& rule, const TestContext& context,
                                     std::vector<size_t> columns, size_t field) {
  auto scratch = std::make_shared<KeyScratch>();
  if (rule.kind == RuleKind::kUnique) {
    return std::make_unique<RecordTest>(
        context, "records",
        [columns, scratch](const QualityRow& row) -> std::optional<KeyedRecord> {
          if (!KeyOf(row, columns, &scratch->buffer, &scratch->key)) return std::nullopt;
          return KeyedRecord{.key = Hash128Of(scratch->key)};
        },
        AllButFirst);
  }
  if (rule.kind == RuleKind::kOneValuePer) {
    return std::make_unique<RecordTest>(
        context, "records",
        [columns, field, scratch](const QualityRow& row) -> std::optional<KeyedRecord> {
          if (!KeyOf(row, columns, &scratch->buffer, &scratch->key)) return std::nullopt;
          const auto value = row.Text(field, &scratch->buffer);
          if (!value) return std::nullopt;
          return KeyedRecord{.key = Hash128Of(scratch->key),
                             .value = static_cast<int64_t>(Hash128Of(*value).low)};
        },
        AllButMostFrequentValue);
  }
  return std::make_unique<RecordTest>(
      context, "records",
      [columns, field, scratch,
       all = AllColumns(context)](const QualityRow& row) -> std::optional<KeyedRecord> {
        if (!KeyOf(row, columns, &scratch->buffer, &scratch->key)) return std::nullopt;
        const ExpressionValue time = row.Column(field);
        if (time.is_null()) return std::nullopt;
        KeyedRecord record{.key = Hash128Of(scratch->key), .value = time.micros};
        KeyOf(row, all, &scratch->buffer, &scratch->key);
        record.tag = Hash128Of(scratch->key).low;
        return record;
      },
      NearInTime(rule.within_micros));
}

absl::StatusOr<std::unique_ptr<GroupTest>> MakeUnfiltered(const QualityRule& rule,
                                                          const TestContext& context) {
  std::vector<size_t> columns;
  for (const std::string& name : rule.columns) {
    BURGEON_ASSIGN_OR_RETURN(const size_t column, FindColumn(name, rule, context));
    columns.push_back(column);
  }
  size_t field = 0;
  if (rule.kind == RuleKind::kNearDuplicates) {
    BURGEON_ASSIGN_OR_RETURN(field, FindColumn(rule.time_column, rule, context));
    if (context.columns[field].type != ExpressionType::kTime) {
      return InvalidArgument("quality rule '", Printable(rule.name), "': time: the column ",
                             Printable(rule.time_column), " is a ",
                             ExpressionTypeName(context.columns[field].type),
                             "; name it a time under quality.columns");
    }
  } else if (rule.kind != RuleKind::kUnique) {
    BURGEON_ASSIGN_OR_RETURN(field, FindColumn(rule.field, rule, context));
  }
  if (!rule.columns.empty()) return MakeKeyed(rule, context, std::move(columns), field);
  return std::unique_ptr<GroupTest>(std::make_unique<ValueTest>(field, rule.kind));
}

}  // namespace

bool IsGroupRule(RuleKind kind) {
  switch (kind) {
    case RuleKind::kUnique:
    case RuleKind::kOneValuePer:
    case RuleKind::kNearDuplicates:
    case RuleKind::kNearIdentical:
    case RuleKind::kOneFormat:
    case RuleKind::kConstant:
      return true;
    default:
      return false;
  }
}

absl::StatusOr<std::unique_ptr<GroupTest>> MakeGroupTest(const QualityRule& rule,
                                                         const TestContext& context) {
  BURGEON_ASSIGN_OR_RETURN(std::shared_ptr<const Expression> filter, MakeFilter(rule, context));
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<GroupTest> test, MakeUnfiltered(rule, context));
  if (filter == nullptr) return test;
  return std::unique_ptr<GroupTest>(
      std::make_unique<FilteredTest>(std::move(filter), std::move(test)));
}

std::unique_ptr<GroupTest> MakeExactDuplicates(const TestContext& context) {
  auto scratch = std::make_shared<KeyScratch>();
  return std::make_unique<RecordTest>(
      context, "exact_duplicates",
      [scratch, all = AllColumns(context)](const QualityRow& row) -> std::optional<KeyedRecord> {
        KeyOf(row, all, &scratch->buffer, &scratch->key);
        return KeyedRecord{.key = Hash128Of(scratch->key)};
      },
      AllButFirst);
}

std::unique_ptr<GroupTest> MakeRepeatedPurchases(const TestContext& context,
                                                 int64_t within_micros) {
  auto scratch = std::make_shared<KeyScratch>();
  return std::make_unique<RecordTest>(
      context, "repeated_purchases",
      [scratch, all = AllColumns(context)](const QualityRow& row) -> std::optional<KeyedRecord> {
        const EventFacts* const event = row.event();
        if (event == nullptr || event->type != EventType::kPurchase) return std::nullopt;
        if (event->customer_id.empty() || event->item_id.empty()) return std::nullopt;
        scratch->key.clear();
        AppendPart(event->customer_id, &scratch->key);
        AppendPart(event->item_id, &scratch->key);
        KeyedRecord record{.key = Hash128Of(scratch->key), .value = event->event_time};
        KeyOf(row, all, &scratch->buffer, &scratch->key);
        record.tag = Hash128Of(scratch->key).low;
        return record;
      },
      NearInTime(within_micros));
}

std::unique_ptr<GroupTest> MakeEventIdConflicts(const TestContext& context) {
  auto scratch = std::make_shared<KeyScratch>();
  return std::make_unique<RecordTest>(
      context, "event_id_conflicts",
      [scratch, all = AllColumns(context)](const QualityRow& row) -> std::optional<KeyedRecord> {
        const EventFacts* const event = row.event();
        if (event == nullptr || event->event_id.empty()) return std::nullopt;
        KeyedRecord record{.key = Hash128Of(event->event_id)};
        KeyOf(row, all, &scratch->buffer, &scratch->key);
        record.value = static_cast<int64_t>(Hash128Of(scratch->key).low);
        return record;
      },
      AllButMostFrequentValue);
}

}  // namespace burgeon
