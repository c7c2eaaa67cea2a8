// BURGEON_CHECK: an invariant of ours, always on. A failure is a bug: it prints where and aborts.
// For bad input use absl::Status (status.h).
#ifndef BURGEON_ENGINE_BASE_CHECK_H_
#define BURGEON_ENGINE_BASE_CHECK_H_

namespace burgeon::internal {
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);
}  // namespace burgeon::internal

#define BURGEON_CHECK(condition)                                          \
  (__builtin_expect(!(condition), 0)                                      \
       ? ::burgeon::internal::CheckFailed(__FILE__, __LINE__, #condition) \
       : static_cast<void>(0))

#endif  // BURGEON_ENGINE_BASE_CHECK_H_
