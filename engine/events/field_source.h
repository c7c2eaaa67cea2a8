// Where one field of an event comes from: a column or a constant, the transforms its text goes
// through, and a table of values. Part of a mapping (mapping.h).
//
//   customer: {column: CustomerID, transforms: [trim, strip_decimal], required: true}
//   channel: {constant: web}
//   type: {column: event, values: {buy: purchase}, otherwise: other}
//
// Transforms, applied in the order written:
//   trim               takes blanks off both ends
//   lower, upper       ASCII letters only
//   strip_decimal      "17850.0" becomes "17850"; a fraction that is not zeros is a bad value
//   strip_prefix=X     takes X off the beginning, where it is there
//   absolute           takes a minus sign off the beginning
// and those of engine/expression/standard_transform.h: nfc, nfkc, email, phone=GB, unit=lb>kg,
// category=FILE... (a file is named relative to the configuration and read by Bind).
// Then `values`: the text must be one of its names and becomes what stands there; `otherwise` is
// for all the rest, without it they are bad values. What is null, one of the `null_values` of the
// source or of the field (compared before the transforms), or empty after all this is absent;
// `required: true` makes that a bad value too.
#ifndef BURGEON_ENGINE_EVENTS_FIELD_SOURCE_H_
#define BURGEON_ENGINE_EVENTS_FIELD_SOURCE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/expression/standard_transform.h"
#include "engine/table/table.h"

namespace burgeon {

enum class TransformKind {
  kTrim,
  kLower,
  kUpper,
  kStripDecimal,
  kStripPrefix,
  kAbsolute,
  kStandard
};

struct Transform {
  TransformKind kind = TransformKind::kTrim;
  std::string rule = {};    // as configured: "strip_prefix=u-"
  std::string prefix = {};  // of kStripPrefix
  // Of kStandard: its name and argument, and what it does; of one that reads a file, once bound.
  std::string name = {};
  std::string argument = {};
  StandardTransform standard = {};
};

struct FieldSource {
  std::string column;  // "" for a constant
  std::string constant;
  std::vector<Transform> transforms;
  bool has_values = false;
  StringMap<std::string> values;
  std::optional<std::string> otherwise;
  std::vector<std::string> null_values;  // beside those of the whole source
  bool required = false;
};

// Reads a field's map; problems are remembered by the node. Fields of the caller's own beside
// these (a time's `format`) are for the caller to ask for.
FieldSource ParseFieldSource(const ConfigNode& node);

// Why a row went to quarantine.
struct FieldProblem {
  std::string field;   // of the event: "customer", "time"
  std::string value;   // as it stood in the row
  std::string wanted;  // "a number not below 0"
};

// The columns of a file by name.
struct ColumnIndex {
  StringMap<size_t> positions;
  std::vector<std::string> names;
  std::string file;  // for messages

  static ColumnIndex Of(const std::vector<std::string>& names, const std::string& file);
  // kInvalidArgument naming file, column and the columns there are.
  absl::StatusOr<size_t> Find(std::string_view column, std::string_view field) const;
};

enum class Presence { kAbsent, kPresent, kBad };

// One value that a cleaning rule changed (cleaning_log.h).
struct FieldChange {
  std::string field;
  std::string rule;  // the transform as configured: "email", "phone=GB"
  std::string before;
  std::string after;
};

// What reading a field needs beside the row; kept from row to row.
struct FieldScratch {
  std::string text = {};                        // holds a value that a transform changed
  std::string spare = {};                       // where the next transform writes
  std::vector<FieldChange>* changes = nullptr;  // where changes go; nullptr: not wanted
};

// A FieldSource tied to the columns of a file. Immutable, thread-safe.
class BoundField {
 public:
  BoundField() = default;  // a field the mapping does not have: always absent
  static absl::StatusOr<BoundField> Bind(const std::string& name, const FieldSource& source,
                                         const std::vector<std::string>& null_values,
                                         const ColumnIndex& columns);

  bool bound() const { return bound_; }
  const std::string& name() const { return name_; }
  // The column it reads, or nothing for a constant.
  std::optional<size_t> column() const { return column_; }
  // The value of the row as a number or a time, where the source has it so and nothing of the
  // mapping looks at its text; nullptr: Read. Its place in the column is `row`.
  const TypedValues* Typed(const TextBatch& batch, int64_t row) const {
    if (!as_is_ || !column_) return nullptr;
    const TypedValues& typed = batch.columns[*column_].typed();
    return typed.kind == TypedValues::Kind::kNone || typed.is_null(row) ? nullptr : &typed;
  }
  // The text after all transforms. It points into the batch, the mapping or the scratch, and is
  // void at the next call with the same scratch. Every transform that changed the text, and the
  // table of values (rule "values"), adds to scratch->changes; of a field that goes through sha256
  // the texts before the hash are left out, as they are what it is to hide. kBad fills *problem.
  Presence Read(const TextBatch& batch, int64_t row, std::string_view* text, FieldScratch* scratch,
                FieldProblem* problem) const {
    if (!plain_) return ReadAny(batch, row, text, scratch, problem);
    *text = column_ ? batch.columns[*column_].value(row) : std::string_view(source_.constant);
    return text->empty() ? Presence::kAbsent : Presence::kPresent;
  }
  // The same into a string of the caller's.
  Presence Read(const TextBatch& batch, int64_t row, std::string* text,
                FieldProblem* problem) const;
  // The problem of this field's value in a row.
  FieldProblem Problem(const TextBatch& batch, int64_t row, std::string wanted) const;

 private:
  Presence ReadAny(const TextBatch& batch, int64_t row, std::string_view* text,
                   FieldScratch* scratch, FieldProblem* problem) const;
  bool IsNull(std::string_view raw) const;
  std::string_view RawOf(const TextBatch& batch, int64_t row) const;
  bool ApplyAll(std::string_view* text, FieldScratch* scratch, std::string* wanted) const;

  bool bound_ = false;
  bool as_is_ = false;  // the text is what stands in the column
  bool plain_ = false;  // and may be absent
  std::string name_;
  FieldSource source_;
  StringSet null_values_;
  bool hashed_ = false;      // sha256 is among the transforms
  uint64_t null_sizes_ = 0;  // bit min(n, 63): a null value of n bytes is there
  std::optional<size_t> column_;
};

// An id as text: at most limits::kMaxIdBytes of UTF-8 without control characters. What is wrong
// with it, or "".
std::string_view ProblemOfId(std::string_view id);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_FIELD_SOURCE_H_
