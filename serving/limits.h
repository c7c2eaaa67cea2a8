// Named limits of the HTTP server, beside those of every query (engine/base/limits.h).
#ifndef BURGEON_SERVING_LIMITS_H_
#define BURGEON_SERVING_LIMITS_H_

#include <cstdint>

#include "engine/base/limits.h"

namespace burgeon::limits {

inline constexpr int64_t kMaxRequestLineBytes = 8 << 10;  // else 414
inline constexpr int64_t kMaxHeaderBytes = 32 << 10;      // request line and fields; else 431
inline constexpr int kMaxHeaderFields = 100;              // else 431
inline constexpr int kMaxPathSegments = 16;
inline constexpr int kMaxQueryParameters = 16;
inline constexpr int64_t kMaxRequestIdBytes = 64;  // a longer X-Request-Id is replaced
inline constexpr int64_t kMinTokenBytes = 16;
inline constexpr int64_t kMaxTokenBytes = 4096;
inline constexpr int64_t kMaxLookalikeSize = 100'000;  // larger audiences are made in batch

// Bodies and answers above the small size count towards the budget of bytes held in memory; a
// connection holds at most one of either.
inline constexpr int64_t kSmallMessageBytes = 64 << 10;
inline constexpr int64_t kMaxBufferedBytes = 256 << 20;
// What is read and thrown away after a refusal, so that the client sees the answer.
inline constexpr int64_t kMaxDiscardedBytes = 8 << 20;
// File descriptors kept for everything that is not a connection (files of a release, say).
inline constexpr int64_t kReservedDescriptors = 128;

}  // namespace burgeon::limits

#endif  // BURGEON_SERVING_LIMITS_H_
