#include "engine/dataset/split_pairs.h"

#include <cmath>
#include <optional>

#include "engine/base/hash.h"
#include "engine/dataset/id_lines.h"

namespace burgeon {
namespace {

constexpr double kMaxSeconds = 253'402'300'800;  // the year 10000
constexpr double kMaxWeight = 1e9;

std::vector<std::string_view> Cells(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  while (true) {
    const size_t end = line.find('\t');
    cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

absl::StatusOr<SplitPairs> ParseRows(std::string_view text, const std::string& path) {
  SplitPairs out;
  StringSet customers;
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(text, [&](int64_t number, std::string_view line) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(const auto tokens, ReadIds(line, number, path));
        if (tokens.empty()) return absl::OkStatus();
        if (!customers.emplace(tokens[0]).second) {
          return InvalidArgument(path, ":", number, ": user '", Printable(tokens[0]),
                                 "' is there a second time; wanted one line a user");
        }
        out.customers.push_back(tokens[0]);
        for (size_t i = 1; i < tokens.size(); ++i) {
          out.pairs.push_back({number, tokens[0], tokens[i]});
        }
        return absl::OkStatus();
      }));
  return out;
}

// The columns of a typed header.
struct Header {
  size_t columns = 0;
  size_t customer = 0;
  size_t item = 0;
  std::optional<size_t> time;
  std::optional<size_t> weight;
};

absl::StatusOr<Header> ParseHeader(std::string_view line, const std::string& path) {
  const std::vector<std::string_view> cells = Cells(line);
  const auto find = [&](std::string_view name) -> std::optional<size_t> {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i] == name) return i;
    }
    return std::nullopt;
  };
  const auto customer = find("user_id:token");
  const auto item = find("item_id:token");
  if (!customer || !item) {
    return InvalidArgument(path, ":1: the typed header has no ",
                           customer ? "item_id:token" : "user_id:token",
                           "; wanted user_id:token, item_id:token and, for times and weights, ",
                           "timestamp:float and weight:float, parted by tabs");
  }
  return Header{cells.size(), *customer, *item, find("timestamp:float"), find("weight:float")};
}

absl::StatusOr<SplitPairs> ParseTyped(std::string_view text, const std::string& path) {
  SplitPairs out;
  StringSet customers;
  Header header;
  BURGEON_RETURN_IF_ERROR(
      ForEachLine(text, [&](int64_t number, std::string_view line) -> absl::Status {
        if (number == 1) {
          BURGEON_ASSIGN_OR_RETURN(header, ParseHeader(line, path));
          out.timed = header.time.has_value();
          out.weighted = header.weight.has_value();
          return absl::OkStatus();
        }
        if (SplitAtBlanks(line).empty()) return absl::OkStatus();
        const std::vector<std::string_view> cells = Cells(line);
        if (cells.size() != header.columns) {
          return InvalidArgument(path, ":", number, ": has ", cells.size(),
                                 " columns; the header has ", header.columns);
        }
        SplitPair pair{number, cells[header.customer], cells[header.item]};
        BURGEON_RETURN_IF_ERROR(CheckFileId(pair.customer, number, path));
        BURGEON_RETURN_IF_ERROR(CheckFileId(pair.item, number, path));
        if (header.time) {
          const auto seconds = ParseDouble(cells[*header.time]);
          if (!seconds || std::abs(*seconds) > kMaxSeconds) {
            return InvalidArgument(path, ":", number, ": timestamp: '",
                                   Printable(cells[*header.time]),
                                   "' is not a number of seconds since 1970");
          }
          pair.time = std::llround(*seconds * 1e6);
        }
        if (header.weight) {
          const auto weight = ParseDouble(cells[*header.weight]);
          if (!weight || !(*weight > 0) || *weight > kMaxWeight) {
            return InvalidArgument(path, ":", number, ": weight: '",
                                   Printable(cells[*header.weight]),
                                   "' is not a positive number of at most ", kMaxWeight);
          }
          pair.weight = static_cast<float>(*weight);
        }
        if (customers.emplace(pair.customer).second) out.customers.push_back(pair.customer);
        out.pairs.push_back(pair);
        return absl::OkStatus();
      }));
  return out;
}

}  // namespace

absl::StatusOr<SplitPairs> ParseSplitPairs(std::string_view text, const std::string& path) {
  const std::string_view first = text.substr(0, text.find('\n'));
  const bool typed = first.find(":token") != std::string_view::npos;
  BURGEON_ASSIGN_OR_RETURN(SplitPairs pairs,
                           typed ? ParseTyped(text, path) : ParseRows(text, path));
  if (pairs.customers.empty()) {
    return InvalidArgument(path, ": the file has no lines; wanted 'user item item ...'");
  }
  return pairs;
}

}  // namespace burgeon
