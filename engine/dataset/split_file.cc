#include "engine/dataset/split_file.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/limits.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxSplitFileBytes = int64_t{4} << 30;

struct Line {
  int64_t number = 0;
  std::string_view customer;
  std::vector<std::string_view> items;
};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::vector<std::string_view> Tokens(std::string_view line) {
  std::vector<std::string_view> tokens;
  for (size_t i = 0; i < line.size();) {
    if (IsSpace(line[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < line.size() && !IsSpace(line[end])) ++end;
    tokens.push_back(line.substr(i, end - i));
    i = end;
  }
  return tokens;
}

absl::StatusOr<std::vector<Line>> ParseLines(std::string_view text, const std::string& path) {
  std::vector<Line> lines;
  StringSet customers;
  int64_t number = 0;
  while (!text.empty()) {
    ++number;
    const size_t end = text.find('\n');
    const std::vector<std::string_view> tokens = Tokens(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (tokens.empty()) continue;
    for (const std::string_view token : tokens) {
      if (token.size() > static_cast<size_t>(limits::kMaxIdBytes) || !IsValidUtf8(token)) {
        return InvalidArgument(path, ":", number, ": '", Printable(token),
                               "' is not an id; wanted UTF-8 of at most ", limits::kMaxIdBytes,
                               " bytes");
      }
    }
    if (!customers.emplace(tokens[0]).second) {
      return InvalidArgument(path, ":", number, ": user '", Printable(tokens[0]),
                             "' is there a second time; wanted one line a user");
    }
    lines.push_back({number, tokens[0], {tokens.begin() + 1, tokens.end()}});
  }
  if (lines.empty()) {
    return InvalidArgument(path, ": the file has no lines; wanted 'user item item ...'");
  }
  return lines;
}

// Ids of both files, each once.
absl::StatusOr<Vocabulary> IdsOf(const std::vector<std::string_view>& ids) {
  StringSet unique;
  for (const std::string_view id : ids) unique.emplace(id);
  return Vocabulary::FromIds({unique.begin(), unique.end()});
}

enum class Repeats { kRefuse, kOnce };

absl::StatusOr<CsrMatrix> ToMatrix(const std::vector<Line>& lines, const SplitData& split,
                                   Repeats repeats, const std::string& path) {
  std::vector<const Line*> line_of(static_cast<size_t>(split.customers.size()));
  for (const Line& line : lines) line_of[*split.customers.Find(line.customer)] = &line;
  CsrMatrix matrix;
  matrix.cols = split.items.size();
  for (const Line* line : line_of) {
    const auto begin = static_cast<std::ptrdiff_t>(matrix.columns.size());
    if (line != nullptr) {
      for (const std::string_view item : line->items) {
        matrix.columns.push_back(*split.items.Find(item));
      }
      const auto row = matrix.columns.begin() + begin;
      std::sort(row, matrix.columns.end());
      const auto twice = std::adjacent_find(row, matrix.columns.end());
      if (twice != matrix.columns.end() && repeats == Repeats::kRefuse) {
        return InvalidArgument(path, ":", line->number, ": item '",
                               Printable(split.items.id(*twice)),
                               "' is on the line twice; wanted each item once");
      }
      matrix.columns.erase(std::unique(row, matrix.columns.end()), matrix.columns.end());
    }
    matrix.offsets.push_back(static_cast<int64_t>(matrix.columns.size()));
  }
  return matrix;
}

}  // namespace

absl::StatusOr<SplitData> ReadSplitFiles(FileSystem& files, const std::string& train_path,
                                         const std::string& test_path) {
  BURGEON_ASSIGN_OR_RETURN(const std::string train_text,
                           ReadWholeFile(files, train_path, kMaxSplitFileBytes));
  BURGEON_ASSIGN_OR_RETURN(const std::string test_text,
                           ReadWholeFile(files, test_path, kMaxSplitFileBytes));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Line> train, ParseLines(train_text, train_path));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Line> test, ParseLines(test_text, test_path));
  std::vector<std::string_view> customers;
  std::vector<std::string_view> items;
  for (const std::vector<Line>* lines : {&train, &test}) {
    for (const Line& line : *lines) {
      customers.push_back(line.customer);
      items.insert(items.end(), line.items.begin(), line.items.end());
    }
  }
  SplitData split;
  BURGEON_ASSIGN_OR_RETURN(split.customers, IdsOf(customers));
  BURGEON_ASSIGN_OR_RETURN(split.items, IdsOf(items));
  BURGEON_ASSIGN_OR_RETURN(split.train, ToMatrix(train, split, Repeats::kRefuse, train_path));
  BURGEON_ASSIGN_OR_RETURN(split.test, ToMatrix(test, split, Repeats::kOnce, test_path));
  return split;
}

}  // namespace burgeon
