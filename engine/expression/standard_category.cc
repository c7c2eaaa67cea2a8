#include "engine/expression/standard_category.h"

#include <optional>
#include <vector>

#include "engine/expression/standard_text.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

constexpr size_t kMaxCategories = 1'000'000;
constexpr size_t kMaxDepth = 64;
constexpr std::string_view kBetween = " > ";

std::string KeyOf(std::string_view text) { return FoldCase(Collapse(ToNfkc(text))); }

// The names of a path, without blanks around them.
std::vector<std::string> NamesOf(std::string_view path, char between) {
  std::vector<std::string> out;
  for (;;) {
    const size_t end = path.find(between);
    out.push_back(Collapse(path.substr(0, end)));
    if (end == std::string_view::npos) return out;
    path.remove_prefix(end + 1);
  }
}

std::string Join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += Concat(out.empty() ? "" : kBetween, name);
  return out;
}

struct Row {
  int64_t line = 0;
  std::string id;
  std::string parent;
  std::string name;
};

struct Columns {
  std::optional<size_t> id, parent, name, path;
};

absl::StatusOr<Columns> ColumnsOf(const std::vector<std::string>& names, const std::string& file) {
  Columns out;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "id") out.id = i;
    if (names[i] == "parent") out.parent = i;
    if (names[i] == "name") out.name = i;
    if (names[i] == "path") out.path = i;
  }
  if (out.path || (out.id && out.parent)) return out;
  return InvalidArgument(file,
                         ":1: wanted the column `path`, or `id` and `parent`; its columns are ",
                         Printable(JoinComma(names), 500));
}

std::string TextAt(const TextBatch& batch, std::optional<size_t> column, int64_t row) {
  if (!column || batch.columns[*column].is_null(row)) return "";
  return Collapse(batch.columns[*column].value(row));
}

absl::Status Problem(const std::string& file, int64_t line, std::string_view text) {
  return InvalidArgument(file, ":", line, ": ", text);
}

// The rows of a file with a column `path`, as rows with ids: a path is the id of its category.
absl::Status TakePath(const std::string& file, int64_t line, const std::string& path,
                      StringMap<std::string>* seen, std::vector<Row>* rows) {
  const std::vector<std::string> names = NamesOf(path, '>');
  std::string parent;
  for (const std::string& name : names) {
    if (name.empty()) return Problem(file, line, "a path has a category without a name");
    const std::string whole = parent.empty() ? name : Concat(parent, kBetween, name);
    // A beginning that stood there before stays as it was written first.
    const auto [at, added] = seen->emplace(KeyOf(whole), whole);
    if (added) rows->push_back({line, whole, parent, name});
    parent = at->second;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Row>> ReadRows(FileSystem& files, const std::string& path) {
  ReadOptions options;
  options.format = TableFormat::kCsv;
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, path, options));
  BURGEON_ASSIGN_OR_RETURN(const Columns columns, ColumnsOf(reader->column_names(), path));
  std::vector<Row> rows;
  StringMap<std::string> seen;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return rows;
    if (!batch->bad_rows.empty()) {
      return Problem(path, batch->bad_rows[0].line, batch->bad_rows[0].reason);
    }
    for (int64_t row = 0; row < batch->rows(); ++row) {
      const int64_t line = batch->lines[static_cast<size_t>(row)];
      if (columns.path) {
        BURGEON_RETURN_IF_ERROR(
            TakePath(path, line, TextAt(*batch, columns.path, row), &seen, &rows));
      } else {
        Row one{line, TextAt(*batch, columns.id, row), TextAt(*batch, columns.parent, row),
                TextAt(*batch, columns.name, row)};
        if (one.id.empty()) return Problem(path, line, "`id` is empty");
        if (one.name.empty()) one.name = one.id;
        if (one.name.find('>') != std::string::npos) {
          return Problem(path, line, Concat("name '", Printable(one.name), "' has a '>' in it"));
        }
        rows.push_back(std::move(one));
      }
      if (rows.size() > kMaxCategories) {
        return Problem(path, line, "more than a million categories");
      }
    }
  }
}

}  // namespace

void CategoryTree::Add(const std::string& key, const std::string& path) {
  const auto [at, added] = names_.emplace(key, path);
  if (!added && at->second != path) at->second.clear();
}

absl::StatusOr<CategoryTree> CategoryTree::Load(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Row> rows, ReadRows(files, path));
  StringMap<size_t> by_id;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (const auto [at, added] = by_id.emplace(rows[i].id, i); !added) {
      return Problem(path, rows[i].line,
                     Concat("id '", Printable(rows[i].id), "' stands in line ",
                            rows[at->second].line, " already"));
    }
  }
  CategoryTree out;
  for (const Row& row : rows) {
    std::vector<std::string> names;
    for (const Row* at = &row;;) {
      names.insert(names.begin(), at->name);
      // A circle further up is reported at one of those that make it, or here.
      if (names.size() > kMaxDepth) {
        return Problem(path, row.line,
                       Concat("category '", Printable(row.id), "' lies deeper than ", kMaxDepth,
                              ", or its ancestors form a circle"));
      }
      if (at->parent.empty()) break;
      const auto parent = by_id.find(at->parent);
      if (parent == by_id.end()) {
        return Problem(path, at->line,
                       Concat("parent '", Printable(at->parent), "' is no id here"));
      }
      at = &rows[parent->second];
      if (at == &row) {
        return Problem(path, row.line,
                       Concat("category '", Printable(row.id), "' is its own ancestor"));
      }
    }
    const std::string whole = Join(names);
    const auto [at, added] = out.paths_.emplace(KeyOf(whole), whole);
    out.ids_.emplace(row.id, at->second);
    out.Add(KeyOf(row.name), at->second);
  }
  return out;
}

const std::string* CategoryTree::Find(std::string_view text) const {
  const auto in = [](const StringMap<std::string>& table,
                     std::string_view key) -> const std::string* {
    const auto found = table.find(key);
    return found == table.end() || found->second.empty() ? nullptr : &found->second;
  };
  if (const std::string* const id = in(ids_, Collapse(text))) return id;
  for (const char between : {'>', '/'}) {
    if (text.find(between) == std::string_view::npos) continue;
    if (const std::string* const found = in(paths_, KeyOf(Join(NamesOf(text, between))))) {
      return found;
    }
  }
  const std::string key = KeyOf(text);
  if (const std::string* const root = in(paths_, key)) return root;
  return in(names_, key);
}

}  // namespace burgeon
