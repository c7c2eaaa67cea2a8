#include "cuda/top_k_rank.h"

#include <cuda_runtime.h>

#include "cuda/sort_key.h"
#include "cuda/status.h"
#include "cuda/top_k_bound.h"

namespace burgeon::cuda {
namespace {

constexpr int kThreads = 128;
constexpr int kPerThread = kCandidates / kThreads;
constexpr int kDims = 512;  // of a query, in shared memory at a time

// Canonical sums of this thread's candidates.
__device__ void ScoreCandidates(const TopKView& input, int64_t query, const Candidate* list,
                                int count, double (&sums)[kPerThread]) {
  __shared__ double part[kDims];
  const bool by_four =
      input.dim % 4 == 0 && reinterpret_cast<uintptr_t>(input.rows) % sizeof(float4) == 0;
#pragma unroll
  for (int i = 0; i < kPerThread; ++i) sums[i] = 0;
  for (int64_t begin = 0; begin < input.dim; begin += kDims) {
    const int dims = static_cast<int>(min(int64_t{kDims}, input.dim - begin));
    __syncthreads();
    for (int j = static_cast<int>(threadIdx.x); j < dims; j += kThreads) {
      part[j] = static_cast<double>(input.queries[query * input.dim + begin + j]);
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < kPerThread; ++i) {
      const int place = i * kThreads + static_cast<int>(threadIdx.x);
      if (place >= count) continue;
      const float* const row = input.rows + int64_t{list[place].row} * input.dim + begin;
      double sum = sums[i];
      if (by_four) {
#pragma unroll 4
        for (int j = 0; j < dims; j += 4) {
          const float4 four = *reinterpret_cast<const float4*>(row + j);
          sum = fma(part[j], static_cast<double>(four.x), sum);
          sum = fma(part[j + 1], static_cast<double>(four.y), sum);
          sum = fma(part[j + 2], static_cast<double>(four.z), sum);
          sum = fma(part[j + 3], static_cast<double>(four.w), sum);
        }
      } else {
        for (int j = 0; j < dims; ++j) sum = fma(part[j], static_cast<double>(row[j]), sum);
      }
      sums[i] = sum;
    }
  }
}

// Descending, `size` a power of two of at least kThreads.
__device__ void SortKeys(uint64_t* keys, int size) {
  for (int run = 2; run <= size; run *= 2) {
    for (int distance = run / 2; distance > 0; distance /= 2) {
      __syncthreads();
      for (int e = static_cast<int>(threadIdx.x); e < size / 2; e += kThreads) {
        const int low = e / distance * distance * 2 + e % distance;
        const uint64_t a = keys[low];
        const uint64_t b = keys[low + distance];
        if ((a < b) == ((low & run) == 0)) {
          keys[low] = b;
          keys[low + distance] = a;
        }
      }
    }
  }
  __syncthreads();
}

// One block a query. Those left to the sort are written down instead, in any order.
__global__ void __launch_bounds__(kThreads)
    RankEach(TopKView view, CandidateBatch batch, int kept, TopKLists lists, LeftToSort left) {
  __shared__ uint64_t keys[kCandidates];
  const int thread = static_cast<int>(threadIdx.x);
  const int64_t query = batch.first_query + blockIdx.x;
  const int count = batch.counts[blockIdx.x];
  if (count == kTooManyCandidates) {
    if (thread == 0) left.queries[atomicAdd(left.count, 1)] = query;
    return;
  }
  const Candidate* const list = batch.candidates + int64_t{blockIdx.x} * kCandidates;
  int size = kThreads;
  while (size < count) size *= 2;
  double sums[kPerThread];
  ScoreCandidates(view, query, list, count, sums);
#pragma unroll
  for (int i = 0; i < kPerThread; ++i) {
    const int place = i * kThreads + thread;
    if (place >= size) continue;
    keys[place] = place < count ? SortKey(static_cast<float>(sums[i]), list[place].row) : kNoKey;
  }
  SortKeys(keys, size);
  const int length = min(count, kept);
  if (thread == 0) lists.counts[query] = length;
  for (int i = thread; i < length; i += kThreads) {
    const uint32_t row = RowOfKey(keys[i]);
    float score = FloatOfOrderedBits(static_cast<uint32_t>(keys[i] >> 32));
    if (score == 0) {  // a key does not tell -0 from +0
      double sum = 0;
      for (int64_t j = 0; j < view.dim; ++j) {
        sum += static_cast<double>(view.queries[query * view.dim + j]) *
               static_cast<double>(view.rows[int64_t{row} * view.dim + j]);
      }
      score = static_cast<float>(sum);
    }
    lists.rows[query * kept + i] = row;
    lists.scores[query * kept + i] = score;
  }
}

}  // namespace

absl::Status RankCandidates(const Stream& stream, const TopKView& view, const CandidateBatch& batch,
                            int64_t kept, const TopKLists& lists, const LeftToSort& left) {
  RankEach<<<static_cast<unsigned>(batch.query_count), kThreads, 0, stream.handle()>>>(
      view, batch, static_cast<int>(kept), lists, left);
  return LaunchStatus("RankEach");
}

}  // namespace burgeon::cuda
