// Named limits: every loop over input, queue, allocation and request has one.
#ifndef BURGEON_ENGINE_BASE_LIMITS_H_
#define BURGEON_ENGINE_BASE_LIMITS_H_

#include <cstdint>

namespace burgeon::limits {

// Ids and text of events.
inline constexpr int64_t kMaxIdBytes = 512;
inline constexpr int64_t kMaxFieldBytes = 1 << 20;
inline constexpr int64_t kMaxRowBytes = 16 << 20;
inline constexpr int64_t kMaxColumns = 4096;

// Snapshots: CustomerRow and ItemRow are uint32.
inline constexpr int64_t kMaxCustomers = 4'000'000'000;
inline constexpr int64_t kMaxItems = 1'000'000'000;
inline constexpr int64_t kMaxDim = 65'536;  // of an embedding

// Files of ours.
inline constexpr int64_t kMaxManifestBytes = 64 << 20;
inline constexpr int64_t kMaxConfigBytes = 4 << 20;
inline constexpr int64_t kMaxTensorHeaderBytes = 16 << 20;

// Queries.
inline constexpr int kMaxK = 10'000;
inline constexpr int64_t kMaxRequestBytes = 4 << 20;
inline constexpr int64_t kMaxRequestEvents = 10'000;
inline constexpr int64_t kMaxRequestSeeds = 100'000;
inline constexpr int kMaxJsonDepth = 32;
inline constexpr int kMaxConnections = 4096;
inline constexpr int kMaxThreads = 1024;

}  // namespace burgeon::limits

#endif  // BURGEON_ENGINE_BASE_LIMITS_H_
