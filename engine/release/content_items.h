// Items that nobody has touched: put into a release, with an embedding learnt from what is written
// about the others (engine/recommend/content_embedding.h), so that a new item is found before its
// first sale.
//
//   ExtendItems({{"N1", "RED LANTERN"}}, &data);        // rows are numbered anew
//   data.item_attributes = ...;                         // of the items as they are now
//   BURGEON_ASSIGN_OR_RETURN(const int64_t n, EmbedByContent(context, {}, &data));
#ifndef BURGEON_ENGINE_RELEASE_CONTENT_ITEMS_H_
#define BURGEON_ENGINE_RELEASE_CONTENT_ITEMS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/ops/execution_context.h"
#include "engine/recommend/content_embedding.h"
#include "engine/release/release_data.h"

namespace burgeon {

enum class ContentItems { kLeaveOut, kEmbed };
struct ContentSpec {
  ContentItems items = ContentItems::kLeaveOut;
  ContentOptions options = {};
};
// `content: {items: leave_out | embed, ridge: 1}` of a node.
ContentSpec ParseContentSpec(const ConfigNode& node);

struct NewItem {
  std::string id;
  std::string label;
};

// Adds items (ids that the release does not have) to the vocabulary: nobody bought them, and their
// embeddings are zero. Every array of items is laid out anew, but item_attributes, which the caller
// builds for the new vocabulary. Only for spectral models: of others the rows mean more than these
// arrays. kFailedPrecondition for one, kInvalidArgument for an id that is there.
absl::Status ExtendItems(std::vector<NewItem> items, ReleaseData* data);

// Gives every item whose embedding is zero, and of which the map knows a token, an embedding by its
// content, and marks it in item_content; says how many.
absl::StatusOr<int64_t> EmbedByContent(ExecutionContext& context, const ContentOptions& options,
                                       ReleaseData* data);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_CONTENT_ITEMS_H_
