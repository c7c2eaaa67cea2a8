#include "engine/events/attribute_merge.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "engine/events/attribute_parts.h"
#include "engine/events/bucket_merge.h"

namespace burgeon {
namespace {

bool SameName(const AttributeValue& a, const AttributeValue& b) {
  return a.id == b.id && a.name == b.name;
}

// What of `values` is not in `stored`; both sorted by AttributeBefore.
std::vector<AttributeValue> NewByContent(std::vector<AttributeValue> values,
                                         const std::vector<AttributeValue>& stored) {
  std::vector<AttributeValue> out;
  for (AttributeValue& value : values) {
    if (!std::binary_search(stored.begin(), stored.end(), value, AttributeBefore)) {
      out.push_back(std::move(value));
    }
  }
  return out;
}

std::vector<AttributeValue> NewByLatestValue(std::vector<AttributeValue> values,
                                             const std::vector<AttributeValue>& stored) {
  std::vector<AttributeValue> out;
  const auto by_name = [](const AttributeValue& a, const AttributeValue& b) {
    return std::tie(a.id, a.name) < std::tie(b.id, b.name);
  };
  for (AttributeValue& value : values) {
    auto latest = std::upper_bound(stored.begin(), stored.end(), value, by_name);
    const AttributeValue* known = nullptr;  // the latest that the same source said
    while (known == nullptr && latest != stored.begin() && SameName(*std::prev(latest), value)) {
      --latest;
      if (latest->source == value.source) known = &*latest;
    }
    if (known == nullptr || known->value != value.value) out.push_back(std::move(value));
  }
  return out;
}

}  // namespace

std::vector<AttributeValue> CollapseAttributes(std::vector<StagedAttribute> staged) {
  const auto key = [](const StagedAttribute& a) {
    return std::tie(a.value.id, a.value.name, a.value.event_time, a.line);
  };
  std::sort(staged.begin(), staged.end(),
            [&](const StagedAttribute& a, const StagedAttribute& b) { return key(a) < key(b); });
  std::vector<AttributeValue> out;
  for (size_t i = 0; i < staged.size(); ++i) {
    AttributeValue& value = staged[i].value;
    const bool superseded = i + 1 < staged.size() && SameName(staged[i + 1].value, value) &&
                            staged[i + 1].value.event_time == value.event_time;
    if (superseded) continue;
    const bool repeats = !out.empty() && SameName(out.back(), value) &&
                         out.back().value == value.value && out.back().known_at <= value.known_at;
    if (!repeats) out.push_back(std::move(value));
  }
  return out;
}

absl::StatusOr<AttributeChange> MergeAttributes(FileSystem& files, const std::string& folder,
                                                const std::vector<EventPart>& parts,
                                                const std::vector<IngestRecord>& ingests,
                                                std::vector<AttributeValue> values,
                                                const std::string& file, AttributeNovelty novelty,
                                                int64_t replaced) {
  AttributeChange out;
  out.parts = parts;
  if (values.empty() && replaced == 0) return out;
  BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> stored,
                           ReadAttributeParts(files, folder, parts, ingests));
  if (replaced != 0) {
    out.values_removed = static_cast<int64_t>(
        std::erase_if(stored, [&](const AttributeValue& v) { return v.ingest == replaced; }));
  }
  std::sort(values.begin(), values.end(), AttributeBefore);
  values = novelty == AttributeNovelty::kByContent ? NewByContent(std::move(values), stored)
                                                   : NewByLatestValue(std::move(values), stored);
  if (values.empty() && out.values_removed == 0) return out;
  out.values_added = static_cast<int64_t>(values.size());
  for (const AttributeValue& value : values) {
    out.max_known_at = std::max(out.max_known_at, value.known_at);
  }
  if (out.values_removed > 0 || parts.size() + 1 > kMaxPartsABucket) {
    std::move(stored.begin(), stored.end(), std::back_inserter(values));
    std::sort(values.begin(), values.end(), AttributeBefore);
    out.parts.clear();
  }
  if (values.empty()) return out;
  BURGEON_ASSIGN_OR_RETURN(EventPart part, WriteAttributePart(files, folder, file, values));
  out.parts.push_back(std::move(part));
  return out;
}

}  // namespace burgeon
