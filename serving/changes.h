// What is posted to be kept: consent, and erasures. The server only parses; who starts it says how
// the change becomes durable (cli/serve.cc: the overlay of the workspace).
#ifndef BURGEON_SERVING_CHANGES_H_
#define BURGEON_SERVING_CHANGES_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/governance/consent.h"

namespace burgeon {

// Both are thread-safe, and durable when they return. Empty: the server refuses such posts.
struct ChangeRecorder {
  // `time`: when it was said; nothing: now. kInvalidArgument for a time to come.
  std::function<absl::Status(const std::string& stored_customer_id,
                             std::span<const Purpose> purposes, bool granted,
                             std::optional<TimeMicros> time)>
      consent;
  // Ids as they came, not yet in stored form; all ids linked to them are erased as well. Gives the
  // number of ids that are erased now by this call.
  std::function<absl::StatusOr<int64_t>(const std::vector<std::string>& customer_ids)> erase;
};

struct ConsentPost {
  std::string customer_id = {};
  std::vector<Purpose> purposes = {};
  bool granted = false;
  std::optional<TimeMicros> time = {};
};

// {"customer_id": "...", "purpose": "audience" | ... | "all", "granted": false, "time": "2026-..."}
// kInvalidArgument naming the field.
absl::StatusOr<ConsentPost> ParseConsentBody(std::string_view body);
// {"customer_ids": ["...", ...]}, at most kMaxErasePost of them.
absl::StatusOr<std::vector<std::string>> ParseEraseBody(std::string_view body);
inline constexpr int64_t kMaxErasePost = 1000;

std::string ConsentJson(std::string_view stored_customer_id, const ConsentPost& post);
std::string EraseJson(int64_t ids);

}  // namespace burgeon

#endif  // BURGEON_SERVING_CHANGES_H_
