// Reads a source piece by piece: cut one after another, parsed and staged side by side, and taken
// in their order again, so that nothing depends on the number of threads.
#ifndef BURGEON_ENGINE_EVENTS_PIECE_PIPELINE_H_
#define BURGEON_ENGINE_EVENTS_PIECE_PIPELINE_H_

#include <functional>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/events/row_stager.h"
#include "engine/table/table.h"

namespace burgeon {

// `take` is called for each piece in order, by one thread at a time; false ends the reading. An
// error of the reader comes after all pieces before it, as if one thread had read them. Pieces that
// wait for one before them are a few a thread.
absl::Status ReadPieces(ThreadPool& pool, TableReader& reader, const RowStager& stager,
                        const std::function<absl::StatusOr<bool>(StagedPiece piece)>& take);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_PIECE_PIPELINE_H_
