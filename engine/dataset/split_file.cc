#include "engine/dataset/split_file.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/dataset/split_pairs.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxSplitFileBytes = int64_t{4} << 30;

// One file.
struct Side {
  std::string path;
  std::string text;
  SplitPairs parsed;
};

// A pair by rows, and where it stands.
struct Entry {
  uint32_t customer = 0;
  uint32_t item = 0;
  const SplitPair* pair = nullptr;
};

// In place: the pairs are views into the text.
absl::Status ReadSide(FileSystem& files, const std::string& path, Side* side) {
  side->path = path;
  BURGEON_ASSIGN_OR_RETURN(side->text, ReadWholeFile(files, path, kMaxSplitFileBytes));
  BURGEON_ASSIGN_OR_RETURN(side->parsed, ParseSplitPairs(side->text, path));
  return absl::OkStatus();
}

// "train.txt:3: item 'x' of user 'a'"
std::string Where(const Side& side, const SplitPair& pair) {
  return Concat(side.path, ":", pair.line, ": item '", Printable(pair.item), "' of user '",
                Printable(pair.customer), "'");
}

// Ids of both files, each once.
absl::StatusOr<Vocabulary> IdsOf(const std::vector<std::string_view>& ids) {
  StringSet unique;
  for (const std::string_view id : ids) unique.emplace(id);
  return Vocabulary::FromIds({unique.begin(), unique.end()});
}

// In order of customer, item and line; kInvalidArgument for a pair that is there twice.
absl::StatusOr<std::vector<Entry>> Entries(const Side& side, const SplitData& split) {
  std::vector<Entry> entries;
  entries.reserve(side.parsed.pairs.size());
  for (const SplitPair& pair : side.parsed.pairs) {
    entries.push_back({*split.customers.Find(pair.customer), *split.items.Find(pair.item), &pair});
  }
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
    return std::tie(a.customer, a.item) < std::tie(b.customer, b.item);
  });
  for (size_t i = 1; i < entries.size(); ++i) {
    const Entry& before = entries[i - 1];
    if (before.customer != entries[i].customer || before.item != entries[i].item) continue;
    return InvalidArgument(Where(side, *entries[i].pair), " is there twice; wanted each pair once");
  }
  return entries;
}

CsrMatrix ToMatrix(const std::vector<Entry>& entries, const SplitData& split) {
  CsrMatrix matrix;
  matrix.cols = split.items.size();
  size_t next = 0;
  for (int64_t u = 0; u < split.customers.size(); ++u) {
    for (; next < entries.size() && entries[next].customer == u; ++next) {
      matrix.columns.push_back(entries[next].item);
    }
    matrix.offsets.push_back(static_cast<int64_t>(matrix.columns.size()));
  }
  return matrix;
}

// No pair is on both sides.
absl::Status CheckApart(const Side& train, const std::vector<Entry>& train_entries,
                        const Side& test, const std::vector<Entry>& test_entries) {
  size_t next = 0;
  for (const Entry& entry : test_entries) {
    const auto key = std::tie(entry.customer, entry.item);
    const auto before = [&](const Entry& other) {
      return std::tie(other.customer, other.item) < key;
    };
    while (next < train_entries.size() && before(train_entries[next])) ++next;
    if (next == train_entries.size() || train_entries[next].customer != entry.customer ||
        train_entries[next].item != entry.item) {
      continue;
    }
    return InvalidArgument(Where(test, *entry.pair), " is in train too (", train.path, ":",
                           train_entries[next].pair->line,
                           "): masked there, it could never be found");
  }
  return absl::OkStatus();
}

absl::Status Later(const Side& train, const SplitPair& pair, const Side& test,
                   const SplitPair& first, std::string_view what) {
  return InvalidArgument(Where(train, pair), " is of ", FormatTime(pair.time), ", later than ",
                         what, " (", FormatTime(first.time), ", ", test.path, ":", first.line,
                         "): the split would train on the future");
}

const SplitPair* Earlier(const SplitPair* a, const SplitPair* b) {
  return a == nullptr || b->time < a->time ? b : a;
}

absl::Status CheckTimes(const Side& train, const Side& test, SplitProtocol protocol) {
  if (protocol == SplitProtocol::kUnstated) return absl::OkStatus();
  for (const Side* side : {&train, &test}) {
    if (!side->parsed.timed) {
      return InvalidArgument(side->path, ": has no times, so that its split cannot be checked; ",
                             "wanted a typed header with timestamp:float");
    }
  }
  const SplitPair* first = nullptr;
  StringMap<const SplitPair*> first_of;
  for (const SplitPair& pair : test.parsed.pairs) {
    first = Earlier(first, &pair);
    const SplitPair*& own = first_of[std::string(pair.customer)];
    own = Earlier(own, &pair);
  }
  for (const SplitPair& pair : train.parsed.pairs) {
    if (protocol == SplitProtocol::kTime) {
      if (first != nullptr && pair.time > first->time) {
        return Later(train, pair, test, *first, "the first of test");
      }
      continue;
    }
    const auto own = first_of.find(pair.customer);
    if (own != first_of.end() && pair.time > own->second->time) {
      return Later(train, pair, test, *own->second, "what is held out of the user");
    }
  }
  return absl::OkStatus();
}

absl::Status ReadVocabularies(const std::vector<const Side*>& sides, SplitData* split) {
  std::vector<std::string_view> customers;
  std::vector<std::string_view> items;
  for (const Side* side : sides) {
    const auto& own = side->parsed.customers;
    customers.insert(customers.end(), own.begin(), own.end());
    for (const SplitPair& pair : side->parsed.pairs) items.push_back(pair.item);
  }
  BURGEON_ASSIGN_OR_RETURN(split->customers, IdsOf(customers));
  BURGEON_ASSIGN_OR_RETURN(split->items, IdsOf(items));
  return absl::OkStatus();
}

void AddTrain(const Side& train, const std::vector<Entry>& entries, SplitData* split) {
  split->train = ToMatrix(entries, *split);
  if (train.parsed.weighted) {
    for (const Entry& entry : entries) split->train.values.push_back(entry.pair->weight);
  }
  if (!train.parsed.timed) return;
  for (const Entry& entry : entries) split->train_times.push_back(entry.pair->time);
}

}  // namespace

absl::StatusOr<SplitData> ReadSplitFile(FileSystem& files, const std::string& path) {
  Side train;
  BURGEON_RETURN_IF_ERROR(ReadSide(files, path, &train));
  SplitData split;
  BURGEON_RETURN_IF_ERROR(ReadVocabularies({&train}, &split));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Entry> entries, Entries(train, split));
  AddTrain(train, entries, &split);
  split.test = ToMatrix({}, split);
  return split;
}

absl::StatusOr<SplitData> ReadSplitFiles(FileSystem& files, const std::string& train_path,
                                         const std::string& test_path, SplitProtocol protocol) {
  Side train;
  Side test;
  BURGEON_RETURN_IF_ERROR(ReadSide(files, train_path, &train));
  BURGEON_RETURN_IF_ERROR(ReadSide(files, test_path, &test));
  SplitData split;
  BURGEON_RETURN_IF_ERROR(ReadVocabularies({&train, &test}, &split));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Entry> train_entries, Entries(train, split));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Entry> test_entries, Entries(test, split));
  BURGEON_RETURN_IF_ERROR(CheckApart(train, train_entries, test, test_entries));
  BURGEON_RETURN_IF_ERROR(CheckTimes(train, test, protocol));
  AddTrain(train, train_entries, &split);
  split.test = ToMatrix(test_entries, split);
  return split;
}

absl::StatusOr<CsrMatrix> ReadMaskFile(FileSystem& files, const std::string& path,
                                       const SplitData& split) {
  Side side;
  BURGEON_RETURN_IF_ERROR(ReadSide(files, path, &side));
  std::vector<std::pair<uint32_t, uint32_t>> pairs;
  for (const SplitPair& pair : side.parsed.pairs) {
    const auto customer = split.customers.Find(pair.customer);
    const auto item = split.items.Find(pair.item);
    if (customer && item) pairs.emplace_back(*customer, *item);
  }
  for (int64_t u = 0; u < split.train.rows(); ++u) {
    for (const uint32_t item : split.train.view().row_columns(u)) {
      pairs.emplace_back(static_cast<uint32_t>(u), item);
    }
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  CsrMatrix mask;
  mask.cols = split.train.cols;
  size_t next = 0;
  for (int64_t u = 0; u < split.train.rows(); ++u) {
    for (; next < pairs.size() && pairs[next].first == u; ++next) {
      mask.columns.push_back(pairs[next].second);
    }
    mask.offsets.push_back(std::ssize(mask.columns));
  }
  return mask;
}

}  // namespace burgeon
