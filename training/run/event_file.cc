#include "training/run/event_file.h"

#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <utility>

namespace burgeon {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

constexpr uint32_t kPolynomial = 0x82f63b78;  // 0x1EDC6F41 with its bits reversed
constexpr uint32_t kMaskDelta = 0xa282ead8;   // tensorflow/core/lib/hash/crc32c.h

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}

constexpr std::array<uint32_t, 256> kCrcTable = MakeCrcTable();

uint32_t MaskedCrc(std::string_view bytes) {
  const uint32_t crc = Crc32c(bytes);
  return std::rotr(crc, 15) + kMaskDelta;
}

template <class T>
void AppendRaw(T value, std::string* out) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out->append(bytes, sizeof(T));
}

// Protocol Buffers: a key is field number and wire type.
enum WireType : uint64_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) *out += static_cast<char>((value & 0x7f) | 0x80);
  *out += static_cast<char>(value);
}
void AppendKey(uint64_t field, WireType type, std::string* out) {
  AppendVarint(field << 3 | type, out);
}
void AppendBytes(uint64_t field, std::string_view bytes, std::string* out) {
  AppendKey(field, kLengthDelimited, out);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

// Event: wall_time = 1 (double, seconds), step = 2 (int64); file_version = 3 or summary = 5 follow.
std::string StartEvent(TimeMicros now, int64_t step) {
  std::string event;
  AppendKey(1, kFixed64, &event);
  AppendRaw(static_cast<double>(now) / kMicrosPerSecond, &event);
  AppendKey(2, kVarint, &event);
  AppendVarint(static_cast<uint64_t>(step), &event);
  return event;
}

// Summary.Value: tag = 1, simple_value = 2 (float).
std::string SummaryOf(std::span<const TrainingScalar> scalars) {
  std::string summary;
  for (const TrainingScalar& scalar : scalars) {
    std::string value;
    AppendBytes(1, scalar.tag, &value);
    AppendKey(2, kFixed32, &value);
    AppendRaw(static_cast<float>(scalar.value), &value);
    AppendBytes(1, value, &summary);
  }
  return summary;
}

std::string RecordOf(std::string_view event) {
  std::string record;
  AppendRaw(static_cast<uint64_t>(event.size()), &record);
  AppendRaw(MaskedCrc(record), &record);
  record += event;
  AppendRaw(MaskedCrc(event), &record);
  return record;
}

}  // namespace

uint32_t Crc32c(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return ~crc;
}

absl::StatusOr<EventFile> EventFile::Create(FileSystem& files, const std::string& folder,
                                            const Clock& clock) {
  BURGEON_RETURN_IF_ERROR(files.MakeDirectories(folder));
  const std::string stem =
      JoinPath(folder, Concat("events.out.tfevents.", clock.Now() / kMicrosPerSecond, ".burgeon.",
                              static_cast<int64_t>(getpid())));
  std::string path = stem;
  for (int number = 1; files.Exists(path); ++number) path = Concat(stem, ".", number);
  BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<WritableFile> out, files.OpenForWrite(path));
  std::string event = StartEvent(clock.Now(), 0);
  AppendBytes(3, "brain.Event:2", &event);
  BURGEON_RETURN_IF_ERROR(out->Append(RecordOf(event)));
  return EventFile(std::move(out), std::move(path), clock);
}

absl::Status EventFile::Add(int64_t step, std::span<const TrainingScalar> scalars) {
  std::string event = StartEvent(clock_->Now(), step);
  AppendBytes(5, SummaryOf(scalars), &event);
  return file_->Append(RecordOf(event));
}

absl::Status EventFile::Sync() { return file_->Sync(); }

absl::Status EventFile::Close() {
  BURGEON_RETURN_IF_ERROR(file_->Sync());
  return file_->Close();
}

}  // namespace burgeon
