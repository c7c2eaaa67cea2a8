#include "engine/erasure/line_sweep.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/erasure/file_scan.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxFileBytes = int64_t{4} << 30;

bool IsTable(std::string_view path) { return path.ends_with(".csv") || path.ends_with(".tsv"); }
bool IsJsonLines(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

// First lines of the rows of a table, and whether each is to go.
absl::StatusOr<std::map<int64_t, bool>> RowsOf(FileSystem& files, const std::string& path,
                                               const PersonForms& forms) {
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, ReadOptions{}));
  const std::vector<std::string>& names = reader->column_names();
  for (const std::string& name : names) {
    if (forms.Holds(name)) return FailedPrecondition("its first line names a person");
  }
  std::map<int64_t, bool> rows;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return rows;
    for (int64_t i = 0; i < batch->rows(); ++i) {
      bool named = false;
      for (size_t c = 0; c < names.size() && !named; ++c) {
        const std::string_view value = batch->columns[c].value(i);
        named = forms.Names(names[c], value);
      }
      rows[batch->lines[static_cast<size_t>(i)]] = named;
    }
    for (const BadRow& bad : batch->bad_rows)
      rows[bad.line] = forms.IsIn(bad.raw, PersonForms::Text::kRaw);
  }
}

// Keeps what `goes` answers false for, line by line; gives the text and counts the rows that went.
template <class Goes>
std::string KeepLines(std::string_view text, const Goes& goes) {
  std::string kept;
  for (int64_t line = 1; !text.empty(); ++line) {
    const size_t newline = text.find('\n');
    const size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
    if (!goes(line, text.substr(0, end))) kept += text.substr(0, end);
    text.remove_prefix(end);
  }
  return kept;
}

std::string_view WithoutEnd(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The rows that name a person, without their line ends; what is left of the file is in *kept.
absl::StatusOr<std::vector<std::string>> TakeLines(FileSystem& files, const std::string& path,
                                                   const PersonForms& forms, std::string* kept) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(files, path, kMaxFileBytes));
  std::vector<std::string> taken;
  if (IsTable(path)) {
    const auto read = RowsOf(files, path, forms);
    if (!read.ok() || (text.find('\r') != std::string::npos && text.find("\r\n") == text.npos)) {
      return FailedPrecondition(path, ": its rows cannot be told apart",
                                read.ok() ? "" : ": " + MessageOf(read.status()));
    }
    bool going = false;  // of the row that the line is of
    *kept = KeepLines(text, [&](int64_t number, std::string_view line) {
      const auto row = read->find(number);
      const bool first = row != read->end();
      if (first) going = row->second;
      if (going && first) taken.emplace_back();
      if (going) taken.back() += line;
      return going;
    });
  } else {
    *kept = KeepLines(text, [&](int64_t, std::string_view line) {
      const std::string_view content = WithoutEnd(line);
      const bool goes = IsJsonLines(path) ? JsonNamesAPerson(content, forms)
                                          : forms.IsIn(content, PersonForms::Text::kRaw);
      if (goes) taken.emplace_back(line);
      return goes;
    });
  }
  for (std::string& row : taken) row = std::string(WithoutEnd(row));
  return taken;
}

}  // namespace

bool IsFileOfLines(const std::string& path) {
  return IsTable(path) || IsJsonLines(path) || path.ends_with(".txt");
}

absl::StatusOr<std::vector<std::string>> RowsNaming(FileSystem& files, const std::string& path,
                                                    const PersonForms& forms) {
  std::string unused;
  return TakeLines(files, path, forms, &unused);
}

absl::StatusOr<int64_t> SweepLines(FileSystem& files, const std::string& path,
                                   const PersonForms& forms) {
  std::string kept;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> taken,
                           TakeLines(files, path, forms, &kept));
  if (taken.empty()) return 0;
  BURGEON_RETURN_IF_ERROR(WriteFileAtomically(files, path, kept));
  return std::ssize(taken);
}

}  // namespace burgeon
