#include "engine/events/file_shape.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "engine/base/hash.h"
#include "engine/events/column_profile.h"

namespace burgeon {
namespace {

constexpr size_t kHeadLines = 200;

bool IsNumber(std::string_view text) { return ParseDouble(TrimAscii(text)).has_value(); }

std::vector<std::string> SplitAt(std::string_view line, char delimiter) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == delimiter && !quoted) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

std::vector<std::string> SplitAtBlanks(std::string_view line) {
  std::vector<std::string> out;
  while (!(line = TrimAscii(line)).empty()) {
    const size_t size = std::min(line.find_first_of(" \t"), line.size());
    out.emplace_back(line.substr(0, size));
    line.remove_prefix(size);
  }
  return out;
}

// The number of fields that most of the rows have, and the share that has it.
struct Regularity {
  size_t fields = 0;
  double share = 0;
};

Regularity RegularityOf(const std::vector<std::vector<std::string>>& rows) {
  std::map<size_t, size_t> counts;
  for (const auto& row : rows) ++counts[row.size()];
  Regularity out;
  for (const auto& [fields, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(rows.size());
    if (share > out.share) out = {fields, share};
  }
  return out;
}

// The first lines, read as a table of one column: a byte that no text has separates the fields.
absl::StatusOr<std::vector<std::string>> FirstLines(FileSystem& files, const std::string& path) {
  ReadOptions options;
  options.format = TableFormat::kFixedWidth;
  options.column_names = {"line"};
  options.widths = {int64_t{1} << 20};
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, options));
  std::vector<std::string> lines;
  while (lines.size() < kHeadLines) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) break;
    for (int64_t i = 0; i < batch->rows() && lines.size() < kHeadLines; ++i) {
      lines.emplace_back(batch->columns[0].value(i));
    }
  }
  if (lines.empty()) return InvalidArgument(path, ": has no line of text in UTF-8");
  return lines;
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void TakeText(const std::vector<std::string>& lines, FileShape* shape) {
  static constexpr std::array<std::pair<char, const char*>, 4> kDelimiters = {
      {{',', "commas"}, {'\t', "tabs"}, {';', "semicolons"}, {'|', "bars"}}};
  std::vector<std::vector<std::string>> best;
  Regularity best_shape;
  const char* words = "";
  for (const auto& [delimiter, name] : kDelimiters) {
    std::vector<std::vector<std::string>> rows;
    for (const std::string& line : lines) rows.push_back(SplitAt(line, delimiter));
    const Regularity found = RegularityOf(rows);
    if (found.fields < 2 || found.share < 0.8 || found.fields <= best_shape.fields) continue;
    best_shape = found;
    best = std::move(rows);
    shape->read.delimiter = delimiter;
    words = name;
  }
  shape->format = "csv";
  shape->read.format = TableFormat::kCsv;
  if (best.empty()) {
    for (const std::string& line : lines) best.push_back(SplitAtBlanks(line));
    best_shape = RegularityOf(best);
    if (best_shape.fields > 1 && best_shape.share >= 0.8) {
      shape->format = "blanks";
      shape->read.format = TableFormat::kBlanks;
      words = "runs of blanks";
    } else {
      for (auto& row : best) row = {row.empty() ? "" : row[0]};
      best_shape = {1, 1};
      words = "nothing";
    }
  }
  shape->notes.push_back(Concat(best_shape.fields, " columns with ", words, " between them (",
                                static_cast<int>(best_shape.share * 100), "% of the first ",
                                lines.size(), " lines have so many)"));
  shape->header = LooksLikeHeader(best);
  shape->notes.push_back(shape->header ? "the first line names the columns"
                                       : "no line that names the columns: they are called c1, c2, "
                                         "...");
  if (shape->header) return;
  for (size_t i = 1; i <= best_shape.fields; ++i) {
    shape->read.column_names.push_back(Concat("c", i));
  }
}

bool Holds(const std::vector<std::string>& lines, std::string_view text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

void TakeJson(const std::vector<std::string>& lines, FileShape* shape) {
  shape->format = "json_lines";
  shape->read.format = TableFormat::kJsonLines;
  if (Holds(lines, "\"messageId\"") &&
      (Holds(lines, "\"track\"") || Holds(lines, "\"page\"") || Holds(lines, "\"identify\""))) {
    shape->format = "segment";
    shape->notes.push_back("calls of Segment's spec: they have a messageId and a type");
  } else if (Holds(lines, "\"event_params\"") && Holds(lines, "\"event_timestamp\"")) {
    shape->format = "ga4";
    shape->notes.push_back("the export of Google Analytics 4: it has event_params");
  } else {
    shape->notes.push_back("JSON objects");
  }
}

}  // namespace

bool LooksLikeHeader(const std::vector<std::vector<std::string>>& rows) {
  if (rows.size() < 2) return false;
  StringSet names;
  for (const std::string& name : rows[0]) {
    if (TrimAscii(name).empty() || IsNumber(name) || !names.insert(name).second) return false;
  }
  // A column of numbers or times that begins with a word has a name; so has one whose first text is
  // never seen again while the others repeat.
  std::vector<StringSet> seen(rows[0].size());
  std::vector<size_t> numbers(rows[0].size());
  std::vector<std::vector<std::string>> texts(rows[0].size());
  size_t others = 0;
  for (size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != rows[0].size()) continue;
    ++others;
    for (size_t c = 0; c < rows[i].size(); ++c) {
      seen[c].insert(rows[i][c]);
      texts[c].push_back(rows[i][c]);
      numbers[c] += IsNumber(rows[i][c]) || TrimAscii(rows[i][c]).empty() ? 1 : 0;
    }
  }
  for (size_t c = 0; c < seen.size(); ++c) {
    if (2 * numbers[c] > others) return true;
    if (GuessTimeFormat(texts[c]).share > 0.9 && GuessTimeFormat({rows[0][c]}).share == 0) {
      return true;
    }
    if (seen[c].size() * 2 < others && !seen[c].contains(rows[0][c])) return true;
  }
  return others == 0;
}

absl::StatusOr<FileShape> DetectFileShape(FileSystem& files, const std::string& path,
                                          const std::string& format) {
  FileShape shape;
  std::string name = Lower(path);
  if (format == "parquet" || (format.empty() && name.ends_with(".parquet"))) {
    shape.format = "parquet";
    shape.read.format = TableFormat::kParquet;
    return shape;
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> lines, FirstLines(files, path));
  const char first = lines[0][0];
  if (format.empty() ? first == '{' || first == '['
                     : format == "json_lines" || format == "segment" || format == "ga4") {
    TakeJson(lines, &shape);
  } else {
    TakeText(lines, &shape);
  }
  if (format == "json_lines") shape.format = format;
  if (shape.format == "csv" && shape.header && Holds({lines[0]}, ":token")) {
    shape.notes.push_back("the names of the columns have types, as RecBole's atomic files");
  }
  return shape;
}

}  // namespace burgeon
