// LoadReference of quality.h.
#include <algorithm>

#include "engine/governance/quality.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

absl::Status CheckSize(const std::vector<Hash128>& ids, const std::string& what) {
  if (ids.size() <= kMaxReferenceIds) return absl::OkStatus();
  return ResourceExhausted(what, ": more than ", kMaxReferenceIds, " ids to refer to");
}

absl::StatusOr<std::vector<Hash128>> IdsOfFile(FileSystem& files, const RuleReference& reference) {
  ReadOptions options;
  options.columns = {reference.column};
  BURGEON_ASSIGN_OR_RETURN(const auto reader, OpenTable(files, reference.file, options));
  std::vector<Hash128> ids;
  for (;;) {
    BURGEON_ASSIGN_OR_RETURN(const std::optional<TextBatch> batch, reader->Next());
    if (!batch) return ids;
    const TextColumn& column = batch->columns[0];
    for (int64_t i = 0; i < column.size(); ++i) {
      if (!column.is_null(i)) ids.push_back(Hash128Of(TrimAscii(column.value(i))));
    }
    BURGEON_RETURN_IF_ERROR(CheckSize(ids, reference.file));
  }
}

}  // namespace

absl::StatusOr<std::vector<Hash128>> LoadReference(FileSystem& files,
                                                   const RuleReference& reference,
                                                   const EventStore* store) {
  if (!reference.file.empty()) return IdsOfFile(files, reference);
  if (store == nullptr) {
    return FailedPrecondition("references: {store: ", reference.store,
                              "} needs a workspace with an event store");
  }
  absl::StatusOr<std::vector<AttributeValue>> values =
      reference.store == "items" ? store->ReadItemAttributes() : store->ReadCustomerAttributes();
  if (!values.ok()) return values.status();
  std::vector<Hash128> ids;
  for (const AttributeValue& value : *values) ids.push_back(Hash128Of(value.id));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  BURGEON_RETURN_IF_ERROR(CheckSize(ids, reference.store));
  return ids;
}

}  // namespace burgeon
