// Our side of benchmarks/gpu: reads the input that benchmarks/gpu/peer.py wrote, does one kind of
// work on the device several times, and prints a line of JSON with the times.
//
//   gpu_side top_k DIR QUERIES ITEMS DIM K REPEATS [sort]
//   gpu_side als   DIR CUSTOMERS ITEMS DIM REPEATS
//   gpu_side gram  DIR ROWS DIM REPEATS
//   gpu_side softmax DIR QUERIES CANDIDATES DIM REPEATS [split]
//   gpu_side draw DIR ITEMS DRAWS REPEATS
//
// DIR holds raw little-endian arrays, and gets the lists of top_k (rows.u32, scores.f32,
// counts.i32), and losses and gradients of softmax. Times are of work on device memory, between two
// CUDA events; the first run is not counted.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "cuda/als_step.h"
#include "cuda/device_buffer.h"
#include "cuda/gram.h"
#include "cuda/negative_sampling.h"
#include "cuda/sampled_softmax.h"
#include "cuda/status.h"
#include "cuda/top_k.h"
#include "cuda/top_k_scan.h"
#include "cuda/top_k_sort.h"

namespace burgeon::cuda {
namespace {

template <class T>
absl::StatusOr<std::vector<T>> Read(const std::string& path, int64_t count) {
  std::vector<T> values(static_cast<size_t>(count));
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return InvalidArgument(path, ": cannot be opened");
  const size_t got = std::fread(values.data(), sizeof(T), values.size(), file);
  std::fclose(file);
  if (got != values.size()) return InvalidArgument(path, ": holds ", got, " values of ", count);
  return values;
}

template <class T>
absl::Status Write(const std::string& path, const DeviceBuffer<T>& buffer) {
  std::vector<T> values(static_cast<size_t>(buffer.size()));
  BURGEON_RETURN_IF_ERROR(buffer.CopyToHost(std::span(values)));
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return InvalidArgument(path, ": cannot be opened");
  const size_t put = std::fwrite(values.data(), sizeof(T), values.size(), file);
  if (std::fclose(file) != 0 || put != values.size()) return InvalidArgument(path, ": not written");
  return absl::OkStatus();
}

template <class T>
absl::StatusOr<DeviceBuffer<T>> Load(const Stream& stream, const std::string& path, int64_t count) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<T> values, Read<T>(path, count));
  return DeviceBuffer<T>::Of(stream, values);
}

// Milliseconds of each of `repeats` runs, after one that is not counted.
absl::StatusOr<std::vector<float>> Times(const Stream& stream, int64_t repeats,
                                         const std::function<absl::Status()>& work) {
  cudaEvent_t begin;
  cudaEvent_t end;
  BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventCreate(&begin), "event"));
  BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventCreate(&end), "event"));
  std::vector<float> times;
  for (int64_t i = 0; i <= repeats; ++i) {
    BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventRecord(begin, stream.handle()), "event"));
    BURGEON_RETURN_IF_ERROR(work());
    BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventRecord(end, stream.handle()), "event"));
    BURGEON_RETURN_IF_ERROR(stream.Synchronize());
    float ms = 0;
    BURGEON_RETURN_IF_ERROR(CudaStatus(cudaEventElapsedTime(&ms, begin, end), "event"));
    if (i > 0 || repeats == 0) times.push_back(ms);
  }
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
  return times;
}

void Print(std::string_view work, std::vector<float> times, std::string_view more) {
  std::ranges::sort(times);
  std::cout << "{\"work\": \"" << work << "\", \"median_ms\": " << times[times.size() / 2]
            << ", \"min_ms\": " << times.front() << ", \"max_ms\": " << times.back()
            << ", \"runs\": " << times.size() << more << "}" << std::endl;
}

absl::Status TopKWork(const Stream& stream, const std::string& dir, const std::vector<int64_t>& n,
                      bool sort) {
  const int64_t entries = n[0] * n[3];
  BURGEON_ASSIGN_OR_RETURN(const auto queries,
                           Load<float>(stream, dir + "/queries.f32", n[0] * n[2]));
  BURGEON_ASSIGN_OR_RETURN(const auto items, Load<float>(stream, dir + "/items.f32", n[1] * n[2]));
  BURGEON_ASSIGN_OR_RETURN(const auto host_offsets, Read<int64_t>(dir + "/offsets.i64", n[0] + 1));
  BURGEON_ASSIGN_OR_RETURN(const auto offsets, DeviceBuffer<int64_t>::Of(stream, host_offsets));
  BURGEON_ASSIGN_OR_RETURN(const auto columns,
                           Load<uint32_t>(stream, dir + "/columns.u32", host_offsets.back()));
  BURGEON_ASSIGN_OR_RETURN(const auto rows, DeviceBuffer<uint32_t>::Allocate(stream, entries));
  BURGEON_ASSIGN_OR_RETURN(const auto scores, DeviceBuffer<float>::Allocate(stream, entries));
  BURGEON_ASSIGN_OR_RETURN(const auto counts, DeviceBuffer<int32_t>::Allocate(stream, n[0]));
  const TopKView view = {.queries = queries.data(),
                         .query_count = n[0],
                         .rows = items.data(),
                         .row_count = n[1],
                         .dim = n[2],
                         .excluded_offsets = offsets.data(),
                         .excluded_columns = columns.data()};
  const TopKLists lists = {rows.data(), scores.data(), counts.data()};
  const TopKTiling tiling = PlanTopK(n[0], n[1], n[3]);
  int64_t left = 0;
  BURGEON_ASSIGN_OR_RETURN(const auto times, Times(stream, n[4], [&]() -> absl::Status {
                             if (sort) {
                               return TopKSort(stream, view, {.count = n[0]}, tiling, lists);
                             }
                             BURGEON_ASSIGN_OR_RETURN(left, TopKScan(stream, view, n[3], lists));
                             return absl::OkStatus();
                           }));
  Print(sort ? "top_k sort" : "top_k scan", times, Concat(", \"left_to_sort\": ", left));
  BURGEON_RETURN_IF_ERROR(Write(dir + "/rows.u32", rows));
  BURGEON_RETURN_IF_ERROR(Write(dir + "/scores.f32", scores));
  return Write(dir + "/counts.i32", counts);
}

// An epoch: the customers, then the items, each from the other side.
absl::Status AlsWork(const Stream& stream, const std::string& dir, const std::vector<int64_t>& n) {
  struct Side {
    DeviceBuffer<int64_t> offsets;
    DeviceBuffer<uint32_t> columns;
    DeviceBuffer<float> factors;
  };
  std::vector<Side> sides(2);
  for (int s = 0; s < 2; ++s) {
    const std::string name = s == 0 ? "/customers" : "/items";
    BURGEON_ASSIGN_OR_RETURN(const auto offsets,
                             Read<int64_t>(dir + name + "_offsets.i64", n[s] + 1));
    BURGEON_ASSIGN_OR_RETURN(sides[s].offsets, DeviceBuffer<int64_t>::Of(stream, offsets));
    BURGEON_ASSIGN_OR_RETURN(sides[s].columns,
                             Load<uint32_t>(stream, dir + name + "_columns.u32", offsets.back()));
    BURGEON_ASSIGN_OR_RETURN(sides[s].factors,
                             Load<float>(stream, dir + name + "_factors.f32", n[s] * n[2]));
  }
  const AlsStepOptions options = {
      .unobserved_weight = 0.1F, .regularization = 0.01F, .regularization_exponent = 1};
  BURGEON_ASSIGN_OR_RETURN(const auto times, Times(stream, n[3], [&]() -> absl::Status {
                             for (int s = 0; s < 2; ++s) {
                               const AlsStepView view = {.offsets = sides[s].offsets.data(),
                                                         .columns = sides[s].columns.data(),
                                                         .row_count = n[s],
                                                         .fixed = sides[1 - s].factors.data(),
                                                         .fixed_count = n[1 - s],
                                                         .dim = n[2],
                                                         .factors = sides[s].factors.data()};
                               BURGEON_RETURN_IF_ERROR(AlsStep(stream, view, options));
                             }
                             return absl::OkStatus();
                           }));
  Print("als epoch", times, "");
  return absl::OkStatus();
}

absl::Status GramWork(const Stream& stream, const std::string& dir, const std::vector<int64_t>& n) {
  BURGEON_ASSIGN_OR_RETURN(const auto rows, Load<float>(stream, dir + "/rows.f32", n[0] * n[1]));
  BURGEON_ASSIGN_OR_RETURN(const auto gram, DeviceBuffer<float>::Allocate(stream, n[1] * n[1]));
  BURGEON_ASSIGN_OR_RETURN(const auto times, Times(stream, n[2], [&] {
                             return Gram(stream, rows.data(), n[0], n[1], gram.data());
                           }));
  Print("gram", times, "");
  return Write(dir + "/gram.f32", gram);
}

absl::Status SoftmaxWork(const Stream& stream, const std::string& dir,
                         const std::vector<int64_t>& n, bool split) {
  constexpr float kTemperature = 0.07F;  // peer.py has the same
  const int64_t of_queries = n[0] * n[2];
  const int64_t of_candidates = n[1] * n[2];
  BURGEON_ASSIGN_OR_RETURN(const auto queries,
                           Load<float>(stream, dir + "/queries.f32", of_queries));
  BURGEON_ASSIGN_OR_RETURN(const auto positives,
                           Load<float>(stream, dir + "/positives.f32", of_queries));
  BURGEON_ASSIGN_OR_RETURN(const auto candidates,
                           Load<float>(stream, dir + "/candidates.f32", of_candidates));
  BURGEON_ASSIGN_OR_RETURN(const auto losses, DeviceBuffer<float>::Allocate(stream, n[0]));
  BURGEON_ASSIGN_OR_RETURN(const auto dq, DeviceBuffer<float>::Allocate(stream, of_queries));
  BURGEON_ASSIGN_OR_RETURN(const auto dp, DeviceBuffer<float>::Allocate(stream, of_queries));
  BURGEON_ASSIGN_OR_RETURN(const auto dc, DeviceBuffer<float>::Allocate(stream, of_candidates));
  const SampledSoftmaxView view = {.queries = queries.data(),
                                   .positives = positives.data(),
                                   .candidates = candidates.data(),
                                   .query_count = n[0],
                                   .candidate_count = n[1],
                                   .dim = n[2],
                                   .temperature = kTemperature,
                                   .split = split};
  BURGEON_ASSIGN_OR_RETURN(
      const auto times, Times(stream, n[3], [&] {
        return SampledSoftmax(stream, view, losses.data(), {dq.data(), dp.data(), dc.data()});
      }));
  Print(split ? "softmax split" : "softmax", times, "");
  BURGEON_RETURN_IF_ERROR(Write(dir + "/losses.f32", losses));
  BURGEON_RETURN_IF_ERROR(Write(dir + "/dq.f32", dq));
  BURGEON_RETURN_IF_ERROR(Write(dir + "/dp.f32", dp));
  return Write(dir + "/dc.f32", dc);
}

// From a table whose every slot is shared: two random reads a draw.
absl::Status DrawWork(const Stream& stream, const std::vector<int64_t>& n) {
  const auto count = static_cast<size_t>(n[0]);
  const std::vector<uint32_t> half(count, 0x80000000U);
  std::vector<uint32_t> next(count);
  for (size_t i = 0; i < count; ++i) next[i] = static_cast<uint32_t>((i + 1) % count);
  BURGEON_ASSIGN_OR_RETURN(const auto accept, DeviceBuffer<uint32_t>::Of(stream, half));
  BURGEON_ASSIGN_OR_RETURN(const auto alias, DeviceBuffer<uint32_t>::Of(stream, next));
  BURGEON_ASSIGN_OR_RETURN(const auto items, DeviceBuffer<uint32_t>::Allocate(stream, n[1]));
  const NegativeSamplingView view = {.table = {accept.data(), alias.data(), count},
                                     .random = Philox(1, 2),
                                     .rows = 1,
                                     .columns = n[1],
                                     .items = items.data()};
  BURGEON_ASSIGN_OR_RETURN(const auto times, Times(stream, n[2], [&] {
                             return SampleNegatives(stream, view).status();
                           }));
  Print("draw", times, "");
  return absl::OkStatus();
}

absl::Status Run(const std::string& work, const std::string& dir, std::vector<int64_t> n,
                 const std::string& way) {
  BURGEON_ASSIGN_OR_RETURN(const Stream stream, Stream::Create(/*ordinal=*/0));
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  if (work == "top_k" && n.size() == 5) return TopKWork(stream, dir, n, way == "sort");
  if (work == "als" && n.size() == 4) return AlsWork(stream, dir, n);
  if (work == "gram" && n.size() == 3) return GramWork(stream, dir, n);
  if (work == "softmax" && n.size() == 4) return SoftmaxWork(stream, dir, n, way == "split");
  if (work == "draw" && n.size() == 3) return DrawWork(stream, n);
  return InvalidArgument("wanted a kind of work with its numbers; the file comment has them");
}

}  // namespace
}  // namespace burgeon::cuda

int main(int argc, char** argv) {
  std::vector<int64_t> numbers;
  std::string way;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "sort" || word == "split") {
      way = word;
    } else {
      numbers.push_back(std::atoll(argv[i]));
    }
  }
  const absl::Status status =
      burgeon::cuda::Run(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "", std::move(numbers), way);
  if (status.ok()) return 0;
  std::cerr << "gpu_side: " << status << "\n";
  return 1;
}
