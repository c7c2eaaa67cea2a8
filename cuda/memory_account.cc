#include "cuda/memory_account.h"

#include <algorithm>

#include "engine/base/check.h"

namespace burgeon::cuda {

absl::Status MemoryAccount::Take(int64_t bytes) {
  BURGEON_CHECK(bytes >= 1);
  ++allocations_;
  if (fail_in_ > 0 && --fail_in_ == 0) {
    return ResourceExhausted("allocation ", allocations_, " was told to fail");
  }
  if (bytes > limit_bytes_ - std::min(live_bytes_, limit_bytes_)) {
    return ResourceExhausted("the limit is ", limit_bytes_, " bytes, ", live_bytes_,
                             " of which are in use");
  }
  live_bytes_ += bytes;
  peak_bytes_ = std::max(peak_bytes_, live_bytes_);
  return absl::OkStatus();
}

void MemoryAccount::GiveBack(int64_t bytes) {
  BURGEON_CHECK(bytes >= 0 && bytes <= live_bytes_);
  live_bytes_ -= bytes;
}

}  // namespace burgeon::cuda
