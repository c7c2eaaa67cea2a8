#include "engine/simulation/row_encoder.h"

#include <array>

namespace burgeon {
namespace {

constexpr std::array<bool, 256> kQuoted = [] {
  std::array<bool, 256> quoted = {};
  for (const char c : {',', '"', '\n', '\r'}) quoted[static_cast<unsigned char>(c)] = true;
  return quoted;
}();

bool NeedsQuotes(const std::string& field) {
  for (const char c : field) {
    if (kQuoted[static_cast<unsigned char>(c)]) return true;
  }
  return false;
}

void AppendJsonText(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr char kHex[] = "0123456789abcdef";
      out->append("\\u00");
      out->push_back(kHex[c >> 4]);
      out->push_back(kHex[c & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

}  // namespace

void AppendCsvRow(std::span<const std::string> fields, std::string* out) {
  bool first = true;
  for (const std::string& field : fields) {
    if (!first) out->push_back(',');
    first = false;
    if (field.empty()) continue;
    if (!NeedsQuotes(field)) {
      out->append(field);
      continue;
    }
    out->push_back('"');
    for (const char c : field) {
      if (c == '"') out->push_back('"');
      out->push_back(c);
    }
    out->push_back('"');
  }
  out->push_back('\n');
}

void AppendJsonRow(std::span<const std::string_view> names, std::span<const std::string> fields,
                   std::string* out) {
  out->push_back('{');
  bool first = true;
  for (size_t k = 0; k < fields.size(); ++k) {
    if (fields[k].empty()) continue;
    if (!first) out->push_back(',');
    first = false;
    AppendJsonText(names[k], out);
    out->push_back(':');
    AppendJsonText(fields[k], out);
  }
  out->append("}\n");
}

}  // namespace burgeon
