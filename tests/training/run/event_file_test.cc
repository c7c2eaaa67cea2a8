#include "training/run/event_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <vector>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

// CRC-32C written the other way round from event_file.cc: bits from the top, the polynomial as it
// stands in RFC 3720, and the bits of input and result turned.
uint32_t Reversed(uint32_t value, int bits) {
  uint32_t out = 0;
  for (int k = 0; k < bits; ++k) out |= ((value >> k) & 1U) << (bits - 1 - k);
  return out;
}
uint32_t ReferenceCrc(std::string_view bytes) {
  uint32_t crc = 0xffffffffU;
  for (const char c : bytes) {
    crc ^= Reversed(static_cast<unsigned char>(c), 8) << 24;
    for (int k = 0; k < 8; ++k) crc = (crc << 1) ^ ((crc >> 31) != 0 ? 0x1EDC6F41U : 0U);
  }
  return ~Reversed(crc, 32);
}
uint32_t ReferenceMask(uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8U; }

// Reads TFRecord and protocol buffers from their definitions, knowing nothing of the writer.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool AtEnd() const { return at_ == bytes_.size(); }
  std::string_view Take(size_t count) {
    EXPECT_LE(at_ + count, bytes_.size());
    const std::string_view out = bytes_.substr(at_, count);
    at_ += out.size();
    return out;
  }
  template <class T>
  T Fixed() {
    T value{};
    const std::string_view raw = Take(sizeof(T));
    std::memcpy(&value, raw.data(), raw.size());
    return value;
  }
  uint64_t Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(Take(1)[0]);
      value |= uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80U) == 0) break;
    }
    return value;
  }
  std::string_view Record() {
    const std::string_view length = Take(8);
    EXPECT_EQ(Fixed<uint32_t>(), ReferenceMask(ReferenceCrc(length)));
    uint64_t size = 0;
    std::memcpy(&size, length.data(), 8);
    const std::string_view data = Take(size);
    EXPECT_EQ(Fixed<uint32_t>(), ReferenceMask(ReferenceCrc(data)));
    return data;
  }

 private:
  std::string_view bytes_;
  size_t at_ = 0;
};

struct Event {
  double wall_time = 0;
  int64_t step = 0;
  std::string version;
  std::map<std::string, float> scalars;
};

Event ParseEvent(std::string_view record) {
  Event event;
  Reader reader(record);
  while (!reader.AtEnd()) {
    const uint64_t key = reader.Varint();
    if (key == (1 << 3 | 1)) {
      event.wall_time = reader.Fixed<double>();
    } else if (key == (2 << 3 | 0)) {
      event.step = static_cast<int64_t>(reader.Varint());
    } else if (key == (3 << 3 | 2)) {
      event.version = reader.Take(reader.Varint());
    } else if (key == (5 << 3 | 2)) {
      Reader summary(reader.Take(reader.Varint()));
      while (!summary.AtEnd()) {
        EXPECT_EQ(summary.Varint(), uint64_t{1 << 3 | 2});
        Reader value(summary.Take(summary.Varint()));
        EXPECT_EQ(value.Varint(), uint64_t{1 << 3 | 2});
        const std::string tag(value.Take(value.Varint()));
        EXPECT_EQ(value.Varint(), uint64_t{2 << 3 | 5});
        event.scalars[tag] = value.Fixed<float>();
        EXPECT_TRUE(value.AtEnd());
      }
    } else {
      ADD_FAILURE() << "field " << key;
      break;
    }
  }
  return event;
}

TEST(Crc32cTest, TheVectorsOfTheStandard) {  // RFC 3720, B.4; and the usual check value
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(ReferenceCrc("123456789"), 0xe3069283U);
  EXPECT_EQ(Crc32c(""), 0U);
}

TEST(EventFileTest, AnIndependentReaderFindsWhatWasWritten) {
  MemoryFileSystem files;
  FixedClock clock(1'500'000);
  auto file = EventFile::Create(files, "runs/a", clock);
  ASSERT_TRUE(file.ok()) << file.status();
  const std::string path = file->path();
  EXPECT_EQ(path.rfind("runs/a/events.out.tfevents.1.burgeon.", 0), 0U) << path;
  clock.Set(2'250'000);
  const std::vector<TrainingScalar> first = {{"train/loss", 0.5}, {"validation/ndcg@20", 0.125}};
  ASSERT_TRUE(file->Add(1, first).ok());
  const std::vector<TrainingScalar> second = {{std::string(300, 't'), -3e30}};
  ASSERT_TRUE(file->Add(int64_t{1} << 40, second).ok());
  ASSERT_TRUE(file->Close().ok());
  Reader reader(files.contents[path]);
  const Event version = ParseEvent(reader.Record());
  EXPECT_EQ(version.version, "brain.Event:2");
  EXPECT_DOUBLE_EQ(version.wall_time, 1.5);
  const Event event = ParseEvent(reader.Record());
  EXPECT_DOUBLE_EQ(event.wall_time, 2.25);
  EXPECT_EQ(event.step, 1);
  EXPECT_EQ(event.scalars,
            (std::map<std::string, float>{{"train/loss", 0.5F}, {"validation/ndcg@20", 0.125F}}));
  const Event large = ParseEvent(reader.Record());
  EXPECT_EQ(large.step, int64_t{1} << 40);
  EXPECT_EQ(large.scalars.at(std::string(300, 't')), -3e30F);
  EXPECT_TRUE(reader.AtEnd());
}

TEST(EventFileTest, TwoFilesOfOneSecondDoNotMeet) {
  MemoryFileSystem files;
  const FixedClock clock(0);
  auto first = EventFile::Create(files, "runs", clock);
  ASSERT_TRUE(first.ok() && first->Close().ok());
  auto second = EventFile::Create(files, "runs", clock);
  ASSERT_TRUE(second.ok() && second->Close().ok());
  EXPECT_NE(first->path(), second->path());
  EXPECT_EQ(files.contents.size(), 2U);
}

TEST(EventFileTest, AFullDiskIsSaid) {
  MemoryFileSystem files;
  files.fail_appends_after = 60;
  const FixedClock clock(0);
  auto file = EventFile::Create(files, "runs", clock);
  ASSERT_TRUE(file.ok()) << file.status();
  const std::vector<TrainingScalar> scalars = {{"train/loss", 1}};
  absl::Status status;
  for (int step = 1; step < 4 && status.ok(); ++step) {
    status = file->Add(step, scalars);
    if (status.ok()) status = file->Sync();
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace burgeon
