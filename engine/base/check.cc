#include "engine/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace burgeon::internal {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: check failed: %s (this is a bug in burgeon)\n", file, line,
               condition);
  std::abort();
}

}  // namespace burgeon::internal
