#include "engine/dataset/sequence_file.h"

#include <algorithm>
#include <vector>

#include "engine/base/hash.h"
#include "engine/dataset/split_pairs.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxSequenceFileBytes = int64_t{4} << 30;

absl::StatusOr<Vocabulary> IdsOf(const SplitPairs& parsed, std::string_view SplitPair::*id) {
  StringSet unique;
  for (const SplitPair& pair : parsed.pairs) unique.emplace(pair.*id);
  return Vocabulary::FromIds({unique.begin(), unique.end()});
}

std::vector<uint32_t> Ascending(std::span<const uint32_t> items) {
  std::vector<uint32_t> out(items.begin(), items.end());
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

absl::StatusOr<SequenceData> ReadSequenceFile(FileSystem& files, const std::string& path) {
  BURGEON_ASSIGN_OR_RETURN(const std::string text,
                           ReadWholeFile(files, path, kMaxSequenceFileBytes));
  BURGEON_ASSIGN_OR_RETURN(SplitPairs parsed, ParseSplitPairs(text, path));
  if (parsed.pairs.empty()) return InvalidArgument(path, ": there is no item of any user in it");
  SequenceData out;
  BURGEON_ASSIGN_OR_RETURN(out.customers, IdsOf(parsed, &SplitPair::customer));
  BURGEON_ASSIGN_OR_RETURN(out.items, IdsOf(parsed, &SplitPair::item));
  if (parsed.timed) std::ranges::stable_sort(parsed.pairs, {}, &SplitPair::time);
  std::vector<std::vector<uint32_t>> rows(static_cast<size_t>(out.customers.size()));
  for (const SplitPair& pair : parsed.pairs) {
    rows[*out.customers.Find(pair.customer)].push_back(*out.items.Find(pair.item));
  }
  for (const std::vector<uint32_t>& row : rows) {
    out.sequences.items.insert(out.sequences.items.end(), row.begin(), row.end());
    out.sequences.offsets.push_back(std::ssize(out.sequences.items));
  }
  return out;
}

SequenceSplit LeaveLastItemOut(const SequenceView& sequences, int64_t items, SequencePart part) {
  SequenceSplit out;
  out.train.cols = out.test.cols = items;
  const size_t left =
      part == SequencePart::kTest ? 1 : 2;  // of the end, the item to be found first
  for (int64_t u = 0; u < sequences.rows(); ++u) {
    auto row = sequences.row(u);
    const size_t all = row.size();
    if (part == SequencePart::kValidation && all == 2) row = row.first(1);
    const bool enough = all > left;
    const auto history = enough ? row.first(all - left) : row;
    const std::vector<uint32_t> seen = Ascending(history);
    out.history.items.insert(out.history.items.end(), history.begin(), history.end());
    out.history.offsets.push_back(std::ssize(out.history.items));
    out.train.columns.insert(out.train.columns.end(), seen.begin(), seen.end());
    out.train.offsets.push_back(std::ssize(out.train.columns));
    if (!enough) {
      ++out.too_short;
    } else if (std::ranges::binary_search(seen, row[all - left])) {
      ++out.repeated;
    } else {
      ++out.test_customers;
      out.test.columns.push_back(row[all - left]);
    }
    out.test.offsets.push_back(std::ssize(out.test.columns));
  }
  return out;
}

}  // namespace burgeon
