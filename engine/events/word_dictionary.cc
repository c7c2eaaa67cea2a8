#include "engine/events/word_dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr size_t kFirstSlots = 1024;
constexpr size_t kBlockBytes = 64 << 10;

uint32_t HashOf(std::string_view word) {
  return static_cast<uint32_t>(XXH3_64bits(word.data(), word.size()));
}

}  // namespace

int32_t WordDictionary::Code(std::string_view word) {
  if (words_.size() * 2 >= slots_.size()) Grow();
  const uint32_t hash = HashOf(word);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.code < 0) {
      BURGEON_CHECK(words_.size() < INT32_MAX);
      slot = {hash, static_cast<int32_t>(words_.size())};
      words_.push_back(bytes_ == Bytes::kCopied ? Keep(word) : word);
      return slot.code;
    }
    if (slot.hash == hash && SameText(words_[static_cast<size_t>(slot.code)], word)) {
      return slot.code;
    }
  }
}

int32_t WordDictionary::Find(std::string_view word) const {
  if (slots_.empty()) return -1;
  const uint32_t hash = HashOf(word);
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask; slots_[at].code >= 0; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.hash == hash && SameText(words_[static_cast<size_t>(slot.code)], word)) {
      return slot.code;
    }
  }
  return -1;
}

void WordDictionary::Clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  words_.clear();
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  block_used_ = 0;
}

std::string_view WordDictionary::Keep(std::string_view word) {
  if (word.empty()) return {};
  if (blocks_.empty() || block_used_ + word.size() > block_size_) {
    block_size_ = std::max(kBlockBytes, word.size());
    blocks_.push_back(std::make_unique<char[]>(block_size_));
    block_used_ = 0;
  }
  char* to = blocks_.back().get() + block_used_;
  std::memcpy(to, word.data(), word.size());
  block_used_ += word.size();
  return {to, word.size()};
}

void WordDictionary::Grow() {
  std::vector<Slot> old(std::max(kFirstSlots, slots_.size() * 2));
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code < 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].code >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace burgeon
