// Copying of short texts, where a call of memcpy costs more than the copy.
#ifndef BURGEON_ENGINE_BASE_COPY_TEXT_H_
#define BURGEON_ENGINE_BASE_COPY_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace burgeon {

// Copies `text` to `to` and returns the end there, without a call for texts of at most 16 bytes.
inline char* CopyText(std::string_view text, char* to) {
  const size_t size = text.size();
  const auto copy_ends = [&]<class Word>(Word) {
    Word first, last;
    std::memcpy(&first, text.data(), sizeof(Word));
    std::memcpy(&last, text.data() + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  };
  if (size > 16) {
    std::memcpy(to, text.data(), size);
  } else if (size >= 8) {
    copy_ends(uint64_t{});
  } else if (size >= 4) {
    copy_ends(uint32_t{});
  } else if (size >= 2) {
    copy_ends(uint16_t{});
  } else if (size == 1) {
    *to = text[0];
  }
  return to + size;
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_COPY_TEXT_H_
