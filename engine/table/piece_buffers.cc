#include "engine/table/piece_buffers.h"

#include <utility>

namespace burgeon {
namespace {

constexpr size_t kMaxSpare = 16;

}  // namespace

std::shared_ptr<PieceBuffers> PieceBuffers::Make(size_t usual_bytes) {
  return std::shared_ptr<PieceBuffers>(new PieceBuffers(usual_bytes));
}

std::shared_ptr<char[]> PieceBuffers::Take(size_t bytes) {
  if (bytes > usual_bytes_) return std::make_shared_for_overwrite<char[]>(bytes);
  std::unique_ptr<char[]> buffer;
  {
    const std::lock_guard lock(mutex_);
    if (!spare_.empty()) {
      buffer = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  if (buffer == nullptr) buffer = std::make_unique_for_overwrite<char[]>(usual_bytes_);
  const auto give_back = [buffers = shared_from_this()](char* used) {
    buffers->GiveBack(std::unique_ptr<char[]>(used));
  };
  return std::shared_ptr<char[]>(buffer.release(), give_back);
}

void PieceBuffers::GiveBack(std::unique_ptr<char[]> buffer) {
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kMaxSpare) spare_.push_back(std::move(buffer));
}

}  // namespace burgeon
