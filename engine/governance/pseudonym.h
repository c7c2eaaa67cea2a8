// Pseudonyms: the stored form of a customer id when a key is configured. 64 hexadecimal digits of
// HMAC-SHA-256 (RFC 2104) over the external id. Who has the key can give the pseudonym of an id;
// nobody can go back without trying ids.
//
//   BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load("secret/key"));
//   std::string stored = key.Pseudonym("17850");
#ifndef BURGEON_ENGINE_GOVERNANCE_PSEUDONYM_H_
#define BURGEON_ENGINE_GOVERNANCE_PSEUDONYM_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

// Thread-safe. Copies hold the key.
class PseudonymKey {
 public:
  // The key file holds at least 32 bytes, taken as they are, or (with at most one end of line
  // after them) 64 or more hexadecimal digits. kNotFound; kInvalidArgument for a shorter key, one
  // above 4096 bytes, or a file that its group or others may read or write: the key must be its
  // owner's alone (chmod 600).
  static absl::StatusOr<PseudonymKey> Load(const std::string& path);

  std::string Pseudonym(std::string_view external_id) const;

 private:
  explicit PseudonymKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_PSEUDONYM_H_
