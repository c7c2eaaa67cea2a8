// Parquet parts of an event store: the events of one bucket in order, a row group at a time.
// Columns: docs/formats.md.
//
//   BURGEON_ASSIGN_OR_RETURN(auto writer, EventPartWriter::Open(files, folder, spec));
//   BURGEON_RETURN_IF_ERROR(writer->Add(view));                       // in order
//   BURGEON_ASSIGN_OR_RETURN(const EventPart part, writer->Finish());
//
//   BURGEON_ASSIGN_OR_RETURN(auto reader, EventPartReader::Open(files, folder, part));
//   for (; reader->row() != nullptr; ) {
//     Use(*reader->row());
//     BURGEON_RETURN_IF_ERROR(reader->Advance());
//   }
#ifndef BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_
#define BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/base/text.h"
#include "engine/events/event_store.h"
#include "engine/events/event_view.h"
#include "engine/events/word_dictionary.h"
#include "engine/storage/file_system.h"
#include "engine/table/row_group_file.h"

namespace burgeon {

// Rows of a row group: the part's whole bucket in the plain case.
inline constexpr int64_t kRowGroupRows = 65'536;

// What a part is opened for writing with.
struct EventPartSpec {
  std::string file;  // relative to the store
  int bucket = 0;
  EventFields fields = 0;  // columns it has beside those every part has; others' values must be
                           // the default
  int64_t ingest = 0;      // of all rows; 0 with kIngestField
};

class EventPartWriter {
 public:
  static absl::StatusOr<std::unique_ptr<EventPartWriter>> Open(FileSystem& files,
                                                               const std::string& folder,
                                                               const EventPartSpec& spec);
  // In the order of ViewBefore; what the view points to is copied.
  absl::Status Add(const EventView& event);
  // Synced. At least one event must have been added.
  absl::StatusOr<EventPart> Finish();

 private:
  EventPartWriter(const EventPartSpec& spec, std::unique_ptr<RowGroupWriter> file);
  absl::Status Flush();
  bool Has(EventFields field) const { return (spec_.fields & field) != 0; }

  struct Text {
    WordDictionary words{WordDictionary::Bytes::kCopied};
    std::vector<int32_t> codes;
    void Add(std::string_view word) {
      // The word of the row before is the likeliest: a customer's, a currency.
      const bool again =
          !codes.empty() && SameText(words.words()[static_cast<size_t>(codes.back())], word);
      codes.push_back(again ? codes.back() : words.Code(word));
    }
  };

  EventPartSpec spec_;
  std::unique_ptr<RowGroupWriter> file_;
  EventPart part_;
  Text customer_, item_, type_, currency_, session_, channel_, event_id_, properties_;
  std::vector<int64_t> event_time_, known_at_, value_, unmapped_, ingest_, line_;
  std::vector<double> quantity_;
  std::vector<uint8_t> no_value_;
  std::array<int32_t, kEventTypes> type_codes_;  // of the row group's dictionary; -1: not in it yet
};

class EventPartReader {
 public:
  // kDataLoss naming the file when it is missing, or its size or SHA-256 is not as in the manifest.
  static absl::StatusOr<std::unique_ptr<EventPartReader>> Open(FileSystem& files,
                                                               const std::string& folder,
                                                               const EventPart& part);
  // The row it stands on, nullptr behind the last. What it points to is void after Advance.
  const EventView* row() const { return at_ < rows_ ? &view_ : nullptr; }
  // kDataLoss when a row is not in order, not of its bucket, or of no type there is.
  absl::Status Advance();
  // The columns there are, kIngestField among them.
  EventFields fields() const { return fields_; }

 private:
  EventPartReader(const EventPart& part, std::string path, std::unique_ptr<RowGroupReader> file);
  absl::Status NextGroup();
  absl::Status Fill();
  absl::Status CheckRow();

  EventPart part_;
  std::string path_;
  std::unique_ptr<RowGroupReader> file_;
  const RowGroup* group_ = nullptr;
  std::vector<EventType> types_;  // of the group's dictionary
  EventFields fields_ = 0;
  int64_t at_ = 0, rows_ = 0;  // within the group
  int64_t seen_ = 0;           // rows of the groups before
  EventView view_;
  int32_t customer_code_ = -1;
  std::string customer_;  // of the row before
  TimeMicros time_ = 0;
  int64_t ingest_ = 0, line_ = 0;
};

// Rows as Events. `ingests` must outlive it. Not thread-safe.
class EventFiller {
 public:
  explicit EventFiller(const std::vector<IngestRecord>& ingests);
  // Strings of *event are used again; it must not be changed between calls. kDataLoss for
  // properties that are no JSON object of strings, or an ingest there is no record of.
  absl::Status Fill(const EventView& view, Event* event);
  // nullptr when there is none.
  const IngestRecord* Find(int64_t ingest);

 private:
  HashMap<int64_t, const IngestRecord*> by_number_;
  const IngestRecord* last_ = nullptr;
  const Event* filled_ = nullptr;
  std::string properties_;  // of the event filled last
};

// SHA-256 and size of a file, read in pieces.
absl::Status DigestFile(FileSystem& files, const std::string& path, int64_t* bytes,
                        std::string* sha256);
// kDataLoss unless the part's file is there with the size and SHA-256 that the manifest has.
absl::Status CheckPartFile(FileSystem& files, const std::string& folder, const EventPart& part);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_
