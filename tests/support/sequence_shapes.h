// The shape of a network small enough to look at every number of it.
#ifndef BURGEON_TESTS_SUPPORT_SEQUENCE_SHAPES_H_
#define BURGEON_TESTS_SUPPORT_SEQUENCE_SHAPES_H_

#include "engine/models/sequence_module.h"

namespace burgeon {

inline constexpr SequenceShape kSmallSequenceShape = {
    .items = 6, .dim = 4, .length = 5, .blocks = 2, .heads = 2, .feed_factor = 2};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_SEQUENCE_SHAPES_H_
