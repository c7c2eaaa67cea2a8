#include "engine/events/piece_pipeline.h"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace burgeon {
namespace {

// Pieces a thread may be ahead of the one that is waited for.
constexpr int64_t kPiecesAhead = 4;

class Pipeline {
 public:
  Pipeline(TableReader& reader, const RowStager& stager, int64_t ahead,
           const std::function<absl::StatusOr<bool>(StagedPiece)>& take)
      : reader_(reader), stager_(stager), ahead_(ahead), take_(take) {}

  void Work() {
    for (;;) {
      int64_t number = 0;
      auto chunk = NextChunk(&number);
      if (!chunk.ok()) return Deliver(number, chunk.status());
      if (*chunk == nullptr) return;
      Deliver(number, ParseAndStage(**chunk));
    }
  }

  const absl::Status& status() const { return status_; }

 private:
  // Nothing when there is no more to do.
  absl::StatusOr<std::unique_ptr<TableChunk>> NextChunk(int64_t* number) {
    const std::lock_guard reading(reading_);
    {
      std::unique_lock lock(mutex_);
      progress_.wait(lock, [&] { return stopped_ || cut_ < taken_ + ahead_; });
      if (stopped_) return nullptr;
      *number = cut_++;
    }
    auto chunk = reader_.NextChunk();
    if (chunk.ok() && *chunk != nullptr) return chunk;
    const std::lock_guard lock(mutex_);
    stopped_ = true;  // nobody cuts any more; those who have a piece still bring it
    progress_.notify_all();
    return chunk;
  }

  absl::StatusOr<StagedPiece> ParseAndStage(TableChunk& chunk) const {
    BURGEON_ASSIGN_OR_RETURN(const TextBatch batch, chunk.Parse());
    return stager_.Stage(batch);
  }

  // Takes it, and those behind it that wait, when it is its turn.
  void Deliver(int64_t number, absl::StatusOr<StagedPiece> piece) {
    std::unique_lock lock(mutex_);
    waiting_.emplace(number, std::move(piece));
    if (taking_) return;  // whoever takes now takes this one too, when its turn comes
    taking_ = true;
    while (!ended_ && !waiting_.empty() && waiting_.begin()->first == taken_) {
      absl::StatusOr<StagedPiece> next = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      lock.unlock();
      absl::StatusOr<bool> more = next.ok() ? take_(*std::move(next)) : next.status();
      lock.lock();
      ++taken_;
      if (!more.ok()) status_ = more.status();
      if (!more.ok() || !*more) ended_ = stopped_ = true;
      progress_.notify_all();
    }
    taking_ = false;
  }

  TableReader& reader_;
  const RowStager& stager_;
  const int64_t ahead_;
  const std::function<absl::StatusOr<bool>(StagedPiece)>& take_;

  std::mutex reading_;  // one cuts at a time; taken before mutex_
  std::mutex mutex_;
  std::condition_variable progress_;
  int64_t cut_ = 0;    // pieces given out
  int64_t taken_ = 0;  // pieces taken
  bool taking_ = false;
  bool stopped_ = false;  // nothing more is cut
  bool ended_ = false;    // nothing more is taken
  std::map<int64_t, absl::StatusOr<StagedPiece>> waiting_;
  absl::Status status_;
};

}  // namespace

absl::Status ReadPieces(ThreadPool& pool, TableReader& reader, const RowStager& stager,
                        const std::function<absl::StatusOr<bool>(StagedPiece piece)>& take) {
  const int64_t threads = pool.threads();
  Pipeline pipeline(reader, stager, threads * kPiecesAhead, take);
  pool.ParallelFor(threads, 1, [&](int64_t, int64_t) { pipeline.Work(); });
  return pipeline.status();
}

}  // namespace burgeon
