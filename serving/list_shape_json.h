// The fields of a request for recommendations that say what the list is to look like: "rules",
// "diversity", "exploration", "contact",
// "reasons" (docs/recommending.md).
#ifndef BURGEON_SERVING_LIST_SHAPE_JSON_H_
#define BURGEON_SERVING_LIST_SHAPE_JSON_H_

#include "engine/base/status.h"
#include "engine/release/query.h"
#include "serving/json_body.h"

namespace burgeon {

// kInvalidArgument naming the field. Whether the release has an attribute is not looked at.
absl::StatusOr<ListShape> ReadListShape(const Json& body);

}  // namespace burgeon

#endif  // BURGEON_SERVING_LIST_SHAPE_JSON_H_
