// Words to codes 0, 1, 2, ... in the order they come: what makes the dictionary of a row group, and
// customers into numbers that sort fast.
//
//   WordDictionary words;
//   codes.push_back(words.Code("ann"));
//
// Not thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_WORD_DICTIONARY_H_
#define BURGEON_ENGINE_EVENTS_WORD_DICTIONARY_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace burgeon {

class WordDictionary {
 public:
  // Whether the dictionary keeps the bytes of its words, or they outlive it.
  enum class Bytes { kCopied, kBorrowed };
  explicit WordDictionary(Bytes bytes) : bytes_(bytes) {}

  int32_t Code(std::string_view word);
  // The code of a word that is there, or -1. Thread-safe as long as nobody calls anything else.
  int32_t Find(std::string_view word) const;
  std::span<const std::string_view> words() const { return words_; }
  // Empties it; memory is kept for the next use.
  void Clear();

 private:
  // What a word is known by.
  struct Key {
    uint64_t bits = 0;  // of up to 8 bytes: they themselves; else a hash
    uint32_t size = 0;  // or kLong
    bool operator==(const Key&) const = default;
  };
  struct Slot {
    Key key;
    int32_t code = -1;
  };
  static constexpr uint32_t kLong = UINT32_MAX;
  static Key KeyOf(std::string_view word);
  static size_t HashOf(const Key& key);
  bool IsAt(const Slot& slot, const Key& key, std::string_view word) const;
  std::string_view Keep(std::string_view word);
  void Grow();

  Bytes bytes_;
  std::vector<Slot> slots_;  // a power of two, at most half full; linear probing
  std::vector<std::string_view> words_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // of kCopied
  size_t block_size_ = 0;
  size_t block_used_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_WORD_DICTIONARY_H_
