// How this room calls FAISS: its exceptions become a Status, and its OpenMP regions run on the
// calling thread alone, so that what is built does not depend on the number of threads.
#ifndef BURGEON_ENGINE_INDEX_FAISS_GUARD_H_
#define BURGEON_ENGINE_INDEX_FAISS_GUARD_H_

#include <functional>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

// Runs `body`; kResourceExhausted when memory runs out, kInternal for what FAISS throws.
absl::Status GuardFaiss(std::string_view what, const std::function<void()>& body);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_FAISS_GUARD_H_
