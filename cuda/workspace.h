// Scratch memory of the operations on one stream, kept between them: after the first call of an
// operation the next ones allocate nothing.
//
//   Workspace::Scope scope(workspace);   // what is taken below is free again at the end
//   BURGEON_ASSIGN_OR_RETURN(float* partial, workspace.Take<float>(count));
//
// Work on a stream runs in order, so memory may be taken again as soon as what used it is queued.
// Used by one thread at a time; the stream must outlive it.
#ifndef BURGEON_CUDA_WORKSPACE_H_
#define BURGEON_CUDA_WORKSPACE_H_

#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "cuda/arena_cursor.h"
#include "cuda/device_buffer.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

class Workspace {
 public:
  explicit Workspace(const Stream& stream) : stream_(stream) {}
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // Room for `count` values, aligned to 256 bytes, contents undefined, until the scope ends.
  // kResourceExhausted when the device is full. Needs a Scope (BURGEON_CHECK).
  template <class T>
  absl::StatusOr<T*> Take(int64_t count) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (count < 0 || count > std::numeric_limits<int64_t>::max() / 2 / int64_t{sizeof(T)}) {
      return ResourceExhausted("CUDA: a workspace of ", count, " elements of ", sizeof(T),
                               " bytes is beyond any memory");
    }
    BURGEON_ASSIGN_OR_RETURN(void* const place, TakeBytes(count * int64_t{sizeof(T)}));
    return static_cast<T*>(place);
  }

  class Scope {
   public:
    explicit Scope(Workspace& workspace) : workspace_(workspace), before_(workspace.cursor_) {
      ++workspace.scopes_;
    }
    ~Scope() { workspace_.EndScope(before_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Workspace& workspace_;
    const ArenaCursor before_;
  };

  // Gives the memory back to the device; no scope may be open (BURGEON_CHECK).
  void Release();
  int64_t held_bytes() const;

 private:
  absl::StatusOr<void*> TakeBytes(int64_t bytes);
  void EndScope(ArenaCursor before);

  const Stream& stream_;
  std::vector<DeviceMemory> chunks_;
  std::vector<int64_t> chunk_bytes_;
  ArenaCursor cursor_;
  int64_t next_chunk_bytes_ = 0;  // at least so large, after chunks were found too small
  int scopes_ = 0;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_WORKSPACE_H_
