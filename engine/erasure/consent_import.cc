#include "engine/erasure/consent_import.h"

#include <algorithm>
#include <optional>

#include "engine/events/time_format.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct Columns {
  size_t customer = 0;
  size_t purpose = 0;
  size_t granted = 0;
  std::optional<size_t> time;
};

absl::StatusOr<Columns> FindColumns(const std::vector<std::string>& names,
                                    const std::string& path) {
  const auto find = [&](std::string_view name) -> std::optional<size_t> {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<size_t>(found - names.begin());
  };
  for (const char* const name : {"customer_id", "purpose", "granted"}) {
    if (!find(name)) {
      return InvalidArgument(path, ": no column '", name, "'; there are ", JoinComma(names));
    }
  }
  return Columns{*find("customer_id"), *find("purpose"), *find("granted"), find("time")};
}

// One row, in the purposes it speaks about.
class RowReader {
 public:
  RowReader(const std::string& path, TimeMicros now) : path_(path), now_(now) {}

  absl::Status Read(const TextBatch& batch, int64_t row, const Columns& columns,
                    std::vector<ConsentRecord>* out) const {
    const int64_t line = batch.lines[static_cast<size_t>(row)];
    const auto refuse = [&](std::string_view field, std::string_view value,
                            std::string_view wanted) {
      return InvalidArgument(path_, ":", line, ": ", field, " '", Printable(value), "'; wanted ",
                             wanted);
    };
    ConsentRecord record;
    record.customer = TrimAscii(batch.columns[columns.customer].value(row));
    if (record.customer.empty()) return refuse("customer_id", "", "an id");
    const std::string_view granted = TrimAscii(batch.columns[columns.granted].value(row));
    if (granted != "true" && granted != "false") return refuse("granted", granted, "true or false");
    record.granted = granted == "true";
    record.time = now_;
    if (columns.time && !batch.columns[*columns.time].is_null(row)) {
      const std::string_view text = TrimAscii(batch.columns[*columns.time].value(row));
      const auto time = format_.Parse(text);
      if (!time) return refuse("time", text, format_.Wanted());
      if (*time > now_) return refuse("time", text, "a time that is not to come");
      record.time = *time;
    }
    const std::string_view purpose = TrimAscii(batch.columns[columns.purpose].value(row));
    if (purpose != "all" && !ParsePurpose(purpose)) {
      return refuse("purpose", purpose, "recommend, score, audience, export or all");
    }
    for (const Purpose each : kAllPurposes) {
      if (purpose != "all" && PurposeName(each) != purpose) continue;
      record.purpose = each;
      out->push_back(record);
    }
    return absl::OkStatus();
  }

 private:
  const std::string& path_;
  const TimeMicros now_;
  const TimeFormat format_;
};

}  // namespace

absl::StatusOr<ConsentImport> ReadConsentFile(FileSystem& files, const std::string& path,
                                              TimeMicros now) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, ReadOptions{}));
  BURGEON_ASSIGN_OR_RETURN(const Columns columns, FindColumns(reader->column_names(), path));
  const RowReader rows(path, now);
  ConsentImport import;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return import;
    if (!batch->bad_rows.empty()) {
      const BadRow& bad = batch->bad_rows.front();
      return InvalidArgument(path, ":", bad.line, ": ", bad.reason);
    }
    for (int64_t row = 0; row < batch->rows(); ++row) {
      BURGEON_RETURN_IF_ERROR(rows.Read(*batch, row, columns, &import.records));
      ++import.rows;
    }
  }
}

}  // namespace burgeon
