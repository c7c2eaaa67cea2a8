#include "engine/events/word_dictionary.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/check.h"
#include "engine/base/copy_text.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr size_t kFirstSlots = 1024;
constexpr size_t kBlockBytes = 64 << 10;

// From here on it grows fourfold: moving its words is what it costs.
constexpr size_t kManySlots = 2048;

template <class Word>
uint64_t Load(const char* at) {
  Word out;
  std::memcpy(&out, at, sizeof(out));
  return out;
}

// At most 8 bytes as a number; bytes that are loaded twice are or-ed to themselves.
uint64_t BitsOf(std::string_view word) {
  const size_t size = word.size();
  const char* const at = word.data();
  if (size >= 4) return Load<uint32_t>(at) | Load<uint32_t>(at + size - 4) << (8 * (size - 4));
  if (size == 0) return 0;
  return Load<uint8_t>(at) | Load<uint8_t>(at + size / 2) << (8 * (size / 2)) |
         Load<uint8_t>(at + size - 1) << (8 * (size - 1));
}

}  // namespace

WordDictionary::Key WordDictionary::KeyOf(std::string_view word) {
  static_assert(std::endian::native == std::endian::little);
  if (word.size() <= sizeof(uint64_t)) return {BitsOf(word), static_cast<uint32_t>(word.size())};
  return {XXH3_64bits(word.data(), word.size()), kLong};
}

size_t WordDictionary::HashOf(const Key& key) {
  const uint64_t mixed = (key.bits ^ key.size * uint64_t{0x9E3779B97F4A7C15}) * 0xD6E8FEB86659FD93;
  return mixed ^ mixed >> 32;
}

bool WordDictionary::IsAt(const Slot& slot, const Key& key, std::string_view word) const {
  return slot.key == key &&
         (key.size != kLong || SameText(words_[static_cast<size_t>(slot.code)], word));
}

int32_t WordDictionary::Code(std::string_view word) {
  if (words_.size() * 2 >= slots_.size()) Grow();
  const Key key = KeyOf(word);
  const size_t mask = slots_.size() - 1;
  for (size_t at = HashOf(key) & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.code < 0) {
      BURGEON_CHECK(words_.size() < INT32_MAX);
      slot = {key, static_cast<int32_t>(words_.size())};
      words_.push_back(bytes_ == Bytes::kCopied ? Keep(word) : word);
      return slot.code;
    }
    if (IsAt(slot, key, word)) return slot.code;
  }
}

int32_t WordDictionary::Find(std::string_view word) const {
  if (slots_.empty()) return -1;
  const Key key = KeyOf(word);
  const size_t mask = slots_.size() - 1;
  for (size_t at = HashOf(key) & mask; slots_[at].code >= 0; at = (at + 1) & mask) {
    if (IsAt(slots_[at], key, word)) return slots_[at].code;
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
  CopyText(word, to);
  block_used_ += word.size();
  return {to, word.size()};
}

void WordDictionary::Grow() {
  const size_t factor = slots_.size() < kManySlots ? 2 : 4;
  std::vector<Slot> old(std::max(kFirstSlots, slots_.size() * factor));
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.code < 0) continue;
    size_t at = HashOf(slot.key) & mask;
    while (slots_[at].code >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace burgeon
