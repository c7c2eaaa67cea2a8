// Scalars of a training run as a TensorBoard event file (`tensorboard --logdir FOLDER` draws them):
// TFRecord framing, with the masked CRC-32C of length and data, around Event messages.
// Source: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto and
// framework/summary.proto (the fields written here, in the encoding of Protocol Buffers).
//
//   BURGEON_ASSIGN_OR_RETURN(EventFile file, EventFile::Create(files, "runs/a", clock));
//   BURGEON_RETURN_IF_ERROR(file.Add(epoch, {{"train/loss", loss}}));
//   BURGEON_RETURN_IF_ERROR(file.Close());
//
// A run that goes on later writes a second file beside the first; TensorBoard joins them by step.
// Not thread-safe.
#ifndef BURGEON_TRAINING_RUN_EVENT_FILE_H_
#define BURGEON_TRAINING_RUN_EVENT_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

struct TrainingScalar {
  std::string tag;  // "train/loss"; what stands before the slash is a group of charts
  double value = 0;
};

class EventFile {
 public:
  // Makes the folder and a new file in it, events.out.tfevents.SECONDS.burgeon.PID.
  static absl::StatusOr<EventFile> Create(FileSystem& files, const std::string& folder,
                                          const Clock& clock);
  // One event a scalar set; values are kept as float32. On the disk after Sync or Close.
  absl::Status Add(int64_t step, std::span<const TrainingScalar> scalars);
  absl::Status Sync();
  absl::Status Close();
  const std::string& path() const { return path_; }

 private:
  EventFile(std::unique_ptr<WritableFile> file, std::string path, const Clock& clock)
      : file_(std::move(file)), path_(std::move(path)), clock_(&clock) {}
  std::unique_ptr<WritableFile> file_;
  std::string path_;
  const Clock* clock_;
};

// CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected; RFC 3720, appendix B.4).
uint32_t Crc32c(std::string_view bytes);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RUN_EVENT_FILE_H_
