#include "tests/support/plain_csv.h"

#include <utility>

namespace burgeon {
namespace {

class PlainReader {
 public:
  PlainReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  PlainCsv Read() {
    PlainCsv out;
    while (at_ < text_.size()) {
      PlainCsvRow row;
      row.line = LineOf(at_);
      const size_t begin = at_;
      while (ReadField(row)) {
      }
      if (open_quote_) {
        out.open_quote_line = LineOf(*open_quote_);
        return out;
      }
      row.text = text_.substr(begin, at_ - begin);
      out.rows.push_back(std::move(row));
      if (text_.substr(at_, 2) == "\r\n") ++at_;
      ++at_;
    }
    return out;
  }

 private:
  // A field; true when a delimiter followed it, which is skipped.
  bool ReadField(PlainCsvRow& row) {
    std::string value;
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
      open_quote_ = at_++;
      ReadQuoted(value);
      if (open_quote_) return false;
    }
    for (; at_ < text_.size() && !EndsField(text_[at_]); ++at_) {
      if (quoted) row.text_after_quote = true;
      value += text_[at_];
    }
    row.fields.push_back(value.empty() && !quoted ? std::nullopt : std::optional(value));
    if (at_ == text_.size() || text_[at_] != delimiter_) return false;
    ++at_;
    return true;
  }

  // Up to the closing quote, which is skipped.
  void ReadQuoted(std::string& value) {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (text_.substr(at_, 2) != "\"\"") {
          open_quote_.reset();
          ++at_;
          return;
        }
        ++at_;
      }
      value += text_[at_];
    }
  }

  bool EndsField(char c) const { return c == delimiter_ || c == '\r' || c == '\n'; }

  int64_t LineOf(size_t at) const {
    int64_t line = 1;
    for (size_t i = 0; i < at; ++i) {
      const bool half = text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n';
      if ((text_[i] == '\r' || text_[i] == '\n') && !half) ++line;
    }
    return line;
  }

  const std::string_view text_;
  const char delimiter_;
  size_t at_ = 0;
  std::optional<size_t> open_quote_;
};

}  // namespace

PlainCsv ReadPlainCsv(std::string_view text, char delimiter) {
  return PlainReader(text, delimiter).Read();
}

}  // namespace burgeon
