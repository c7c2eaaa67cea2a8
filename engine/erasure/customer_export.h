// Everything held about one person (the right of access), as JSON that a person can read: what is
// stored, and what is answered from it. No consent is needed for it. Of other persons there is
// nothing in it: a line of a file that names the person is given as it is, and nothing around it.
#ifndef BURGEON_ENGINE_ERASURE_CUSTOMER_EXPORT_H_
#define BURGEON_ENGINE_ERASURE_CUSTOMER_EXPORT_H_

#include <span>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/release/overlay.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct CustomerExport {
  std::string json;  // one document
  int64_t events = 0;
  int64_t attributes = 0;
  int64_t lines = 0;   // of quarantine, cleaning log and exports
  bool found = false;  // whether anything at all is held
};

// `ids` of AllIdsOf. The caller holds the workspace's lock, so that all parts are of one state.
absl::StatusOr<CustomerExport> ExportCustomer(FileSystem& files, const Workspace& workspace,
                                              ExecutionContext& context, const Clock& clock,
                                              std::span<const ErasureRequest> ids);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_CUSTOMER_EXPORT_H_
