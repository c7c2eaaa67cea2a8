// A team of host threads (cuda/team.h): stands in for a thread block, so that the source of the
// kernels runs in parallel on a machine without a GPU, under ThreadSanitizer too.
#ifndef BURGEON_TESTS_CUDA_THREAD_TEAM_H_
#define BURGEON_TESTS_CUDA_THREAD_TEAM_H_

#include <barrier>
#include <thread>
#include <vector>

namespace burgeon::cuda {

class ThreadTeam {
 public:
  ThreadTeam(int rank, int size, std::barrier<>* barrier)
      : rank_(rank), size_(size), barrier_(barrier) {}
  int rank() const { return rank_; }
  int size() const { return size_; }
  void Sync() const { barrier_->arrive_and_wait(); }

 private:
  int rank_;
  int size_;
  std::barrier<>* barrier_;
};

// Calls body(team) on `size` threads at once.
template <class Body>
void RunTeam(int size, const Body& body) {
  std::barrier<> barrier(size);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank) {
    threads.emplace_back([&body, &barrier, rank, size] { body(ThreadTeam(rank, size, &barrier)); });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace burgeon::cuda

#endif  // BURGEON_TESTS_CUDA_THREAD_TEAM_H_
