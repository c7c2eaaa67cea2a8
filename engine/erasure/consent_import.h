// A table of consent statements: columns customer_id, purpose (recommend, score, audience, export,
// all), granted (true or false) and, if it is there, time (ISO 8601; a row without one is of now).
// Other columns are passed over.
#ifndef BURGEON_ENGINE_ERASURE_CONSENT_IMPORT_H_
#define BURGEON_ENGINE_ERASURE_CONSENT_IMPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/release/overlay.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct ConsentImport {
  std::vector<ConsentRecord> records;  // customers as they stand in the file
  int64_t rows = 0;
};

// kInvalidArgument naming file, line and field for the first row that is wrong: consent is not
// taken in part.
absl::StatusOr<ConsentImport> ReadConsentFile(FileSystem& files, const std::string& path,
                                              TimeMicros now);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_CONSENT_IMPORT_H_
