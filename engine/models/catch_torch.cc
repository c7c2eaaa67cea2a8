#include "engine/models/catch_torch.h"

#include <new>

#include <c10/util/Exception.h>

namespace burgeon {

absl::Status CatchTorch(std::string_view what, const std::function<void()>& body) {
  try {
    body();
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return ResourceExhausted(what, ": out of memory");
  } catch (const c10::Error& error) {
    return Internal(what, ": torch: ", error.what_without_backtrace());
  }
}

}  // namespace burgeon
