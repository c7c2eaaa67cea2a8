// The border to LibTorch: what it throws becomes a Status.
#ifndef BURGEON_ENGINE_MODELS_CATCH_TORCH_H_
#define BURGEON_ENGINE_MODELS_CATCH_TORCH_H_

#include <functional>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

// `what` begins the message: "training of the churn network". kResourceExhausted without memory,
// kInternal for what torch throws; anything else passes through.
absl::Status CatchTorch(std::string_view what, const std::function<void()>& body);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_CATCH_TORCH_H_
