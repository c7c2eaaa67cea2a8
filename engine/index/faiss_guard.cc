#include "engine/index/faiss_guard.h"

#include <faiss/impl/FaissException.h>
#include <faiss/utils/distances.h>
#include <omp.h>

#include <limits>
#include <mutex>
#include <new>
#include <stdexcept>

namespace burgeon {

namespace {

// FAISS switches to the sgemm of whichever BLAS the program happens to bind above this number of
// queries; its own loops give the same bits in every program.
void KeepFaissOffBlas() {
  static std::once_flag once;
  std::call_once(once,
                 [] { faiss::distance_compute_blas_threshold = std::numeric_limits<int>::max(); });
}

// The number of OpenMP threads is a setting of the calling thread; put back on the way out.
class OneOpenMpThread {
 public:
  OneOpenMpThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneOpenMpThread() { omp_set_num_threads(before_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int before_;
};

}  // namespace

absl::Status GuardFaiss(std::string_view what, const std::function<void()>& body) {
  KeepFaissOffBlas();
  const OneOpenMpThread one_thread;
  try {
    body();
  } catch (const faiss::FaissException& error) {
    return Internal(what, ": FAISS: ", error.what());
  } catch (const std::bad_alloc&) {
    return ResourceExhausted(what, ": out of memory");
  } catch (const std::length_error& error) {
    return ResourceExhausted(what, ": out of memory: ", error.what());
  }
  return absl::OkStatus();
}

}  // namespace burgeon
