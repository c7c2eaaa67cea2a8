#include "training/recommender/memory_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

CsrMatrix RandomInteractions(int64_t customers, int64_t items, int64_t a_customer) {
  const Philox random(5, 1);
  CsrMatrix out;
  out.cols = items;
  const int64_t step = items / a_customer;
  for (int64_t u = 0; u < customers; ++u) {
    for (int64_t k = 0; k < a_customer; ++k) {
      const auto index = static_cast<uint64_t>(u * a_customer + k);
      const auto within = random.Below(index, static_cast<uint64_t>(step));
      out.columns.push_back(static_cast<uint32_t>(k * step) + static_cast<uint32_t>(within));
      out.values.push_back(1);
    }
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

// In bytes; of /proc/self/status, "VmHWM" or "VmRSS".
int64_t StatusBytes(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key + ":")) continue;
    const size_t digit = line.find_first_of("0123456789");
    return *ParseInt64(line.substr(digit, line.find(' ', digit) - digit)) * 1024;
  }
  return -1;
}

// What a training adds to the resident memory at its highest, measured in a process of its own.
int64_t MeasuredBytes(RecommenderKind kind, const RecommenderOptions& options,
                      const DataCounts& data) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const CsrMatrix interactions =
        RandomInteractions(data.customers, data.items, data.interactions / data.customers);
    ThreadPool pool(2);
    ExecutionContext context(&pool);
    TrainingReport report;
    const int64_t before = StatusBytes("VmRSS");
    std::ofstream("/proc/self/clear_refs") << "5";  // the high-water mark starts anew
    const auto model =
        TrainRecommender(context, {.interactions = interactions.view()}, kind, options, &report);
    const int64_t grown = model.ok() ? StatusBytes("VmHWM") - before : -1;
    const bool told = write(ends[1], &grown, sizeof(grown)) == sizeof(grown);
    _exit(told ? 0 : 1);
  }
  int64_t grown = -1;
  EXPECT_EQ(read(ends[0], &grown, sizeof(grown)), static_cast<ssize_t>(sizeof(grown)));
  int status = 0;
  waitpid(child, &status, 0);
  close(ends[0]);
  close(ends[1]);
  return grown;
}

// Of the phases that training alone goes through, beside the snapshot.
int64_t PlannedBytes(const std::vector<MemoryPhase>& phases) {
  int64_t peak = 0;
  for (const MemoryPhase& phase : phases) {
    if (phase.name != "write" && phase.name != "checkpoint") peak = std::max(peak, phase.bytes);
  }
  return peak + LibraryBytes(2);
}

// The plan is not below what is taken, and not above it by half.
void ExpectPlanIsNearTheTruth(int64_t planned, int64_t measured) {
  EXPECT_GT(static_cast<double>(planned), 0.8 * static_cast<double>(measured));
  EXPECT_LT(static_cast<double>(planned), 1.5 * static_cast<double>(measured));
}

TEST(MemoryCheckTest, SpectralTakesWhatThePlanSays) {
  RecommenderOptions options;
  options.spectral.rank = 500;
  options.spectral.iterations = 1;
  for (const DataCounts data :
       {DataCounts{.customers = 9000, .items = 4000, .interactions = 90000},
        DataCounts{.customers = 3000, .items = 14000, .interactions = 30000}}) {
    SCOPED_TRACE(data.items);
    ExpectPlanIsNearTheTruth(PlannedBytes(PlanSpectral(options.spectral, data)),
                             MeasuredBytes(RecommenderKind::kSpectral, options, data));
  }
}

TEST(MemoryCheckTest, AlsTakesWhatThePlanSays) {
  RecommenderOptions options;
  options.als.dim = 64;
  options.als.epochs = 1;
  const DataCounts data = {.customers = 24000, .items = 20000, .interactions = 240000};
  for (const auto& [block, share] :
       {std::pair(0, 0.0F), std::pair(16, 0.0F), std::pair(0, 0.01F)}) {
    SCOPED_TRACE(Concat("block ", block, ", validation share ", share));
    options.als.block_size = block;
    options.als.validation_share = share;
    ExpectPlanIsNearTheTruth(PlannedBytes(PlanAls(options.als, data, 2)),
                             MeasuredBytes(RecommenderKind::kAls, options, data));
  }
}

TEST(MemoryCheckTest, TheMessageNamesTheFieldAndTheLargestValue) {
  const DataCounts data = {.customers = 1'000'000, .items = 200'000, .interactions = 50'000'000};
  RecommenderOptions options;
  options.als.dim = 512;
  const HostMemory memory = {.available_bytes = int64_t{4} << 30, .source = "MemAvailable"};
  for (const RecommenderKind kind : {RecommenderKind::kSpectral, RecommenderKind::kAls}) {
    SCOPED_TRACE(RecommenderKindName(kind));
    const auto plan = PlanRecommenderMemory(kind, options, data, 2, memory.available_bytes);
    ASSERT_TRUE(plan.ok()) << plan.status();
    const absl::Status refused = CheckMemory(kind, *plan, memory);
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
    ASSERT_TRUE(plan->largest_that_fits.has_value());
    EXPECT_LT(*plan->largest_that_fits, plan->field_value);
    EXPECT_THAT(MessageOf(refused),
                HasSubstr(Concat("; lower ", plan->field, " to ", *plan->largest_that_fits)));
    EXPECT_THAT(MessageOf(refused), HasSubstr("4.00 GiB are available (MemAvailable)"));
    // The value that it names fits, and the next does not.
    for (const int64_t more : {0, 1}) {
      RecommenderOptions changed = options;
      int& field = kind == RecommenderKind::kAls ? changed.als.dim : changed.spectral.rank;
      field = static_cast<int>(*plan->largest_that_fits + more);
      const auto again = PlanRecommenderMemory(kind, changed, data, 2, memory.available_bytes);
      ASSERT_TRUE(again.ok()) << again.status();
      EXPECT_EQ(CheckMemory(kind, *again, memory).ok(), more == 0);
    }
  }
}

TEST(MemoryCheckTest, WhatCannotFitAtAllIsSaid) {
  const DataCounts data = {.customers = 1'000'000, .items = 200'000, .interactions = 50'000'000};
  const HostMemory memory = {.available_bytes = 1 << 20, .source = "cgroup /a"};
  const auto plan =
      PlanRecommenderMemory(RecommenderKind::kAls, {}, data, 2, memory.available_bytes);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(MessageOf(CheckMemory(RecommenderKind::kAls, *plan, memory)),
              HasSubstr("not even recommender.als.dim 1 fits"));
}

// Dense in the items: 8 bytes a pair at least, so 24,000 items do not fit into 4 GiB.
TEST(MemoryCheckTest, EaseIsAboutTheItems) {
  const DataCounts data = {.customers = 50'000, .items = 24'000, .interactions = 1'000'000};
  const HostMemory memory = {.available_bytes = int64_t{4} << 30, .source = "MemAvailable"};
  const auto plan =
      PlanRecommenderMemory(RecommenderKind::kEase, {}, data, 2, memory.available_bytes);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_GT(plan->peak_bytes, 8 * data.items * data.items);
  EXPECT_THAT(MessageOf(CheckMemory(RecommenderKind::kEase, *plan, memory)),
              HasSubstr("; lower items (dataset.min_item_customers) to "));
  const auto knn =
      PlanRecommenderMemory(RecommenderKind::kItemKnn, {}, data, 2, memory.available_bytes);
  ASSERT_TRUE(knn.ok()) << knn.status();
  EXPECT_TRUE(CheckMemory(RecommenderKind::kItemKnn, *knn, memory).ok());
}

TEST(MemoryCheckTest, ARankBeyondTheDataCostsNothing) {
  const DataCounts data = {.customers = 50, .items = 20, .interactions = 100};
  RecommenderOptions options;
  options.spectral.rank = 60'000;
  const auto plan =
      PlanRecommenderMemory(RecommenderKind::kSpectral, options, data, 2, int64_t{1} << 30);
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(plan->field_value, 19);
  EXPECT_LT(plan->peak_bytes, LibraryBytes(2) + (1 << 20));
}

TEST(MemoryCheckTest, BadCountsAndKindsAreRefused) {
  EXPECT_EQ(PlanRecommenderMemory(RecommenderKind::kAls, {}, {}, 2, 1).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
