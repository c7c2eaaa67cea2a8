// Memory for pieces of files, used again once the last batch that looks into it is gone: fresh
// pages would cost as much as the scanning. Internal to this room. Thread-safe.
//
//   auto buffers = PieceBuffers::Make(kPieceBytes);
//   std::shared_ptr<char[]> bytes = buffers->Take(size);   // may outlive `buffers`
#ifndef BURGEON_ENGINE_TABLE_PIECE_BUFFERS_H_
#define BURGEON_ENGINE_TABLE_PIECE_BUFFERS_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace burgeon {

class PieceBuffers : public std::enable_shared_from_this<PieceBuffers> {
 public:
  // Of buffers up to `usual_bytes` some are kept; others are freed.
  static std::shared_ptr<PieceBuffers> Make(size_t usual_bytes);

  // At least `bytes`, not set to anything.
  std::shared_ptr<char[]> Take(size_t bytes);

 private:
  explicit PieceBuffers(size_t usual_bytes) : usual_bytes_(usual_bytes) {}
  void GiveBack(std::unique_ptr<char[]> buffer);

  const size_t usual_bytes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<char[]>> spare_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_PIECE_BUFFERS_H_
