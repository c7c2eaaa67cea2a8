// Files of customer ids that people hand to a verb: --customers, --seeds, --exclude.
#ifndef BURGEON_CLI_ID_LIST_H_
#define BURGEON_CLI_ID_LIST_H_

#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// A table (.csv, .tsv, .jsonl, .ndjson, .parquet, also .gz) with a column `customer_id` (or with
// one column only), or any other file as text with one id a line. Blank lines are passed over; an
// id that comes twice is kept once, in the order of first appearance. kInvalidArgument, naming
// file and line, for an id that is too long or not UTF-8, or when there is no id at all.
absl::StatusOr<std::vector<std::string>> ReadIdList(FileSystem& files, const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_CLI_ID_LIST_H_
