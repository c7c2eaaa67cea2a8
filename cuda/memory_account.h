// How much device memory a stream's buffers hold: live and peak bytes, a limit, and failures on
// demand. DeviceMemory asks it before every allocation.
//
//   stream.memory().SetLimit(int64_t{1} << 30);
//   stream.memory().FailAt(3);   // tests: the third allocation from now on is refused
//
// Counts what was asked for, not what the driver rounds it up to, and not what libraries allocate
// for themselves. Used by one thread at a time, as its stream is.
#ifndef BURGEON_CUDA_MEMORY_ACCOUNT_H_
#define BURGEON_CUDA_MEMORY_ACCOUNT_H_

#include <cstdint>
#include <limits>

#include "engine/base/status.h"

namespace burgeon::cuda {

class MemoryAccount {
 public:
  // Before an allocation of `bytes` >= 1. kResourceExhausted, and nothing is taken, when that would
  // pass the limit or is the one to fail.
  absl::Status Take(int64_t bytes);
  void GiveBack(int64_t bytes);

  // What may be live at once; what is live already is not touched.
  void SetLimit(int64_t bytes) { limit_bytes_ = bytes; }
  // 1: the next allocation, once; 0: none.
  void FailAt(int64_t allocation) { fail_in_ = allocation; }
  // The peak becomes what is live now.
  void ResetPeak() { peak_bytes_ = live_bytes_; }

  int64_t live_bytes() const { return live_bytes_; }
  int64_t peak_bytes() const { return peak_bytes_; }
  int64_t limit_bytes() const { return limit_bytes_; }
  int64_t allocations() const { return allocations_; }  // so far, refused ones among them

 private:
  int64_t live_bytes_ = 0;
  int64_t peak_bytes_ = 0;
  int64_t limit_bytes_ = std::numeric_limits<int64_t>::max();
  int64_t allocations_ = 0;
  int64_t fail_in_ = 0;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_MEMORY_ACCOUNT_H_
