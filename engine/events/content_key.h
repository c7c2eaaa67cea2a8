// 128-bit keys of texts and of what events say: equal keys are taken as equal content (XXH3; for
// two of a thousand million events to collide by chance is less likely than 1e-20).
#ifndef BURGEON_ENGINE_EVENTS_CONTENT_KEY_H_
#define BURGEON_ENGINE_EVENTS_CONTENT_KEY_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/events/event_view.h"

namespace burgeon {

using ContentKey = std::pair<uint64_t, uint64_t>;

ContentKey KeyOfText(std::string_view text);
// Of what an event says: everything that the mapping takes from a row but known_at (which a changed
// known_lag moves) and the client's id, and the digest of the columns it does not take.
ContentKey KeyOfContent(const EventView& event);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_CONTENT_KEY_H_
