// WriteProposal of propose_mapping.h: the YAML of a sample.
#include <algorithm>
#include <filesystem>
#include <map>

#include "engine/events/column_roles.h"
#include "engine/events/propose_mapping.h"

namespace burgeon {
namespace {

using Role = ColumnRole;

// A scalar of YAML in double quotes, whatever is in it.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      static constexpr char kHex[] = "0123456789abcdef";
      out += Concat("\\x", kHex[byte >> 4], kHex[byte & 15]);
    } else {
      out += c;
    }
  }
  return out + '"';
}

// The name of a source or a property: letters, digits and underscores.
std::string Plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, text.find(':'))) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keep = byte >= 0x80 || std::isalnum(byte) != 0;
    if (keep) {
      out += static_cast<char>(std::tolower(byte));
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (out.ends_with('_')) out.pop_back();
  return out.empty() ? "column" : out;
}

bool IsOneOf(const std::string& name, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), name) != words.end();
}

bool IsItemAttribute(const std::string& name) {
  return IsOneOf(name, {"brand", "category", "category_id", "category_code", "description", "title",
                        "product_name", "item_name", "movie_title", "genre", "genres", "品牌",
                        "类目", "品类", "商品名称", "类别"});
}
bool IsCustomerAttribute(const std::string& name) {
  return IsOneOf(name, {"country", "gender", "age", "occupation", "zip_code", "birthday", "sex",
                        "国家", "性别", "年龄", "职业"});
}

class Writer {
 public:
  Writer(const std::string& path, const FileShape& shape, const TableSample& sample)
      : path_(path), shape_(shape), sample_(sample), roles_(GuessRoles(sample.columns)) {}

  ProposedMapping Write() {
    ProposedMapping out;
    out.sampled_rows = sample_.rows;
    const bool preset = shape_.format == "segment" || shape_.format == "ga4";
    const bool events = preset || roles_.contains(Role::kTime);
    if (!events && !IdColumn()) return out;
    Head();
    if (preset) {
      Line(2, "# The fields of this format are known: docs/sources.md lists what becomes what.");
    } else if (events) {
      Events();
    } else {
      Attributes();
    }
    Line(0, "");
    Line(0, "consent:");
    Line(2, "default: denied", "check: of who never said anything; granted | denied");
    out.yaml = std::move(yaml_);
    out.open = std::move(open_);
    return out;
  }

 private:
  void Line(int indent, std::string text, const std::string& comment = "") {
    std::string line = std::string(static_cast<size_t>(indent), ' ') + std::move(text);
    if (!comment.empty()) {
      line.resize(std::max<size_t>(line.size() + 2, 36), ' ');
      line += Concat("# ", comment);
    }
    yaml_ += line + '\n';
    if (comment.starts_with("check: ")) open_.push_back(comment.substr(7));
  }

  const ColumnProfile& At(Role role) const { return sample_.columns[roles_.at(role).column]; }
  bool Has(Role role) const { return roles_.contains(role); }

  // "check: " in front of what is not sure.
  std::string Why(Role role) const {
    const RoleGuess& guess = roles_.at(role);
    return Concat(guess.sure ? "" : "check: ", guess.why);
  }

  void Head() {
    Line(0, Concat("# Proposed from ", sample_.rows, " rows of ",
                   std::filesystem::path(path_).filename().string(),
                   ". What is marked \"check:\" is a guess."));
    Line(0, "source:");
    std::string stem = std::filesystem::path(path_).filename().string();
    stem = stem.substr(0, stem.find('.', 1));
    Line(2, Concat("name: ", Quoted(Plain(stem))),
         "part of every event's identity: a new name is a new source");
    Line(2, Concat("input: ", Quoted(std::filesystem::absolute(path_).string())));
    for (const std::string& note : shape_.notes) Line(2, Concat("# ", note));
    Line(2, Concat("format: ", shape_.format));
    if (shape_.format == "csv" && shape_.read.delimiter != ',') {
      Line(2, Concat("delimiter: ", shape_.read.delimiter == '\t'
                                        ? std::string("tab")
                                        : Quoted({&shape_.read.delimiter, 1})));
    }
    if (!shape_.header) {
      std::string names;
      for (const std::string& name : shape_.read.column_names) {
        names += Concat(names.empty() ? "" : ", ", name);
      }
      Line(2, Concat("columns: [", names, "]"), "check: give them names that say what they are");
    }
    if (sample_.bad_rows > 0) {
      Line(2, Concat("# check: ", sample_.bad_rows,
                     " rows cannot be read: ", Printable(sample_.first_problem, 120)));
      open_.push_back(Concat(sample_.bad_rows, " rows cannot be read"));
    }
    NullValues();
  }

  void NullValues() {
    std::map<std::string, int64_t> texts;
    for (const ColumnProfile& column : sample_.columns) {
      for (const auto& [text, count] : column.null_like) texts[text] += count;
    }
    if (texts.empty()) return;
    std::string list;
    std::string counts;
    for (const auto& [text, count] : texts) {
      list += Concat(list.empty() ? "" : ", ", Quoted(text));
      counts += Concat(counts.empty() ? "" : ", ", count, " times ", Printable(text, 20));
    }
    Line(2, Concat("null_values: [", list, "]"), counts);
  }

  // {column: "X", transforms: [...], required: true}
  std::string Field(const ColumnProfile& column, const std::string& more = "") const {
    std::string out = Concat("{column: ", Quoted(column.name));
    const bool id = column.kind == ColumnKind::kNumber && column.whole_with_point > 0 &&
                    column.with_fraction == 0;
    if (id) out += ", transforms: [strip_decimal]";
    return Concat(out, more, "}");
  }

  void Duplicates() {
    if (sample_.repeated_rows == 0) {
      Line(2, "duplicates: drop", "no row of the sample equals an earlier one");
    } else {
      Line(2, "duplicates: drop",
           Concat("check: ", sample_.repeated_rows,
                  " rows of the sample equal an earlier one; keep ",
                  "where that means it happened twice"));
    }
  }

  void Events() {
    Duplicates();
    Line(2, "fields:");
    Customer();
    if (Has(Role::kItem)) Line(4, Concat("item: ", Field(At(Role::kItem))), Why(Role::kItem));
    if (Has(Role::kSession)) {
      Line(4, Concat("session: ", Field(At(Role::kSession))), Why(Role::kSession));
    }
    if (Has(Role::kChannel)) {
      Line(4, Concat("channel: ", Field(At(Role::kChannel))), Why(Role::kChannel));
    }
    Time();
    Money();
    Type();
    Rest();
  }

  void Customer() {
    if (!Has(Role::kCustomer)) {
      Line(4, "# check: no column looks like a customer's id");
      open_.push_back("no column looks like a customer's id");
      return;
    }
    const ColumnProfile& column = At(Role::kCustomer);
    Line(4, Concat("customer: ", Field(column, column.missing == 0 ? ", required: true" : "")),
         Why(Role::kCustomer));
  }

  void Time() {
    const ColumnProfile& time = At(Role::kTime);
    const std::string format =
        time.time_format == "iso8601" ? "" : Concat(", format: ", Quoted(time.time_format));
    std::string comment = roles_.at(Role::kTime).why;
    if (!time.time_note.empty()) comment = Concat("check: ", time.time_note);
    Line(4, Concat("time: ", Field(time, format)), comment);
    if (!time.time_has_zone) {
      Line(
          4,
          "# check: these times name no zone and are read as UTC; `time_zone: Europe/London`, say");
      open_.push_back("the times name no zone and are read as UTC");
    }
    for (size_t i = 0; i < sample_.columns.size(); ++i) {
      const ColumnProfile& other = sample_.columns[i];
      if (other.kind == ColumnKind::kTime && !Used(i)) {
        Line(4, Concat("# check: ", Quoted(other.name),
                       " holds times too: when it was known (known_at)?"));
        open_.push_back(Concat(other.name, " holds times too"));
      }
    }
  }

  bool ShowsMoney() const { return Has(Role::kValue) || Has(Role::kUnitPrice); }

  void Money() {
    if (Has(Role::kQuantity)) {
      Line(4, Concat("quantity: ", Field(At(Role::kQuantity))), Why(Role::kQuantity));
    }
    if (!ShowsMoney()) return;
    const Role money = Has(Role::kValue) ? Role::kValue : Role::kUnitPrice;
    const ColumnProfile& column = At(money);
    Line(4, Concat(ColumnRoleName(money), ": ", Field(column)),
         Concat(roles_.at(money).sure ? "" : "check: ",
                money == Role::kValue ? "of the whole line" : "times quantity", "; from ",
                column.min, " to ", column.max));
    if (Has(Role::kCurrency)) {
      Line(4, Concat("currency: ", Field(At(Role::kCurrency))), Why(Role::kCurrency));
    } else {
      Line(4, "currency: {constant: USD}", "check: the file does not say which");
    }
  }

  void Type() {
    const bool negative = Has(Role::kQuantity) && At(Role::kQuantity).negative > 0;
    Line(4, "type:");
    if (negative) {
      Line(6, "rules:");
      Line(8,
           Concat("- {column: ", Quoted(At(Role::kQuantity).name), ", less_than: 0, type: return}"),
           Concat("check: ", At(Role::kQuantity).negative, " rows of the sample"));
    }
    if (Has(Role::kType)) {
      TypeValues();
      return;
    }
    if (Has(Role::kRating)) {
      Line(6, "default: rating", Concat("by the column ", Printable(At(Role::kRating).name, 40)));
    } else if (ShowsMoney() || Has(Role::kQuantity)) {
      Line(6, "default: purchase",
           "check: no column says what happened; there is money or a quantity");
    } else {
      Line(6, "default: view", "check: no column says what happened");
    }
  }

  void TypeValues() {
    const ColumnProfile& column = At(Role::kType);
    Line(6, Concat("column: ", Quoted(column.name)), Why(Role::kType));
    Line(6, "values:");
    for (const auto& [word, count] : column.values) {
      const auto type = EventTypeOfWord(word);
      Line(8, Concat(Quoted(word), ": ", type ? EventTypeName(*type) : "other"),
           Concat(type ? "" : "check: not a word known here; ", count, " rows"));
    }
    if (column.missing > 0) {
      Line(6, "default: other", Concat("check: ", column.missing, " rows say nothing"));
    } else if (sample_.rows > column.distinct) {
      Line(
          6,
          "# A word that the sample does not have is a bad value; `default: other` would keep it.");
    }
  }

  // What has no role is kept, by its name.
  void Rest() {
    std::vector<const ColumnProfile*> items;
    std::vector<const ColumnProfile*> customers;
    std::vector<const ColumnProfile*> properties;
    std::map<std::string, int> names;
    const bool both = Has(Role::kCustomer) && Has(Role::kItem);
    for (size_t i = 0; i < sample_.columns.size(); ++i) {
      const ColumnProfile& column = sample_.columns[i];
      if (Used(i) && !roles_.contains(Role::kRating)) continue;
      if (Used(i) && roles_.at(Role::kRating).column != i) continue;
      if (column.kind == ColumnKind::kEmpty) {
        Line(4, Concat("# ", Quoted(column.name), " is empty in the sample and left out"));
        continue;
      }
      const std::string name = Plain(column.name);
      if (both && IsItemAttribute(name)) {
        items.push_back(&column);
      } else if (Has(Role::kCustomer) && IsCustomerAttribute(name)) {
        customers.push_back(&column);
      } else {
        properties.push_back(&column);
      }
    }
    if (!properties.empty()) {
      Line(4, "properties:");
      for (const ColumnProfile* column : properties) {
        Line(6, Concat(Unique(Name(*column), &names), ": ", Quoted(column->name)));
      }
    }
    Group("customer_attributes", customers);
    Group("item_attributes", items);
  }

  // Whether a field of the event was written for it; a price beside a value has a role and none.
  bool Used(size_t i) const {
    for (const auto& [role, guess] : roles_) {
      if (guess.column != i) continue;
      if (role == Role::kUnitPrice) return !Has(Role::kValue);
      if (role == Role::kCurrency) return ShowsMoney();
      return true;
    }
    return false;
  }

  std::string Name(const ColumnProfile& column) const {
    const bool rating = Has(Role::kRating) && !Has(Role::kType) && &At(Role::kRating) == &column;
    return rating ? "score" : Plain(column.name);
  }

  static std::string Unique(const std::string& name, std::map<std::string, int>* names) {
    const int count = ++(*names)[name];
    return count == 1 ? name : Concat(name, "_", count);
  }

  void Group(const char* title, const std::vector<const ColumnProfile*>& columns) {
    if (columns.empty()) return;
    std::map<std::string, int> names;
    Line(2, Concat(title, ":"));
    for (const ColumnProfile* column : columns) {
      Line(4, Concat(Unique(Plain(column->name), &names), ": ", Field(*column)));
    }
  }

  // Of a table without times: the id of a customer or an item, each once.
  std::optional<size_t> IdColumn() const {
    for (const Role role : {Role::kCustomer, Role::kItem}) {
      if (Has(role)) return roles_.at(role).column;
    }
    return std::nullopt;
  }

  void Attributes() {
    const size_t id = *IdColumn();
    const bool customers = Has(Role::kCustomer);
    const Role role = customers ? Role::kCustomer : Role::kItem;
    Line(2, Concat("kind: ", customers ? "customers" : "items"),
         "no column holds times: a table of what is known of each");
    Line(2, "fields:");
    const ColumnProfile& column = sample_.columns[id];
    Line(4, Concat("id: ", Field(column)),
         column.distinct == column.rows ? Why(role)
                                        : Concat("check: not unique; ", roles_.at(role).why));
    Line(4, "attributes:");
    std::map<std::string, int> names;
    for (size_t i = 0; i < sample_.columns.size(); ++i) {
      if (i == id) continue;
      const ColumnProfile& other = sample_.columns[i];
      Line(6, Concat(Unique(Plain(other.name), &names), ": {column: ", Quoted(other.name), "}"));
    }
  }

  const std::string& path_;
  const FileShape& shape_;
  const TableSample& sample_;
  const std::map<Role, RoleGuess> roles_;
  std::string yaml_;
  std::vector<std::string> open_;
};

}  // namespace

ProposedMapping WriteProposal(const std::string& path, const FileShape& shape,
                              const TableSample& sample) {
  return Writer(path, shape, sample).Write();
}

}  // namespace burgeon
