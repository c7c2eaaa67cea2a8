#include "engine/table/gzip_source.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;  // inflateInit2: a gzip header is wanted, no zlib one

class GzipSource : public ByteSource {
 public:
  GzipSource(const std::string& path, std::unique_ptr<ByteSource> packed, size_t chunk_bytes)
      : path_(path), packed_(std::move(packed)), chunk_(chunk_bytes) {
    BURGEON_CHECK(inflateInit2(&stream_, kGzipOnly) == Z_OK);
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  absl::StatusOr<size_t> Read(std::span<char> out) override {
    out = out.first(std::min<size_t>(out.size(), std::numeric_limits<uInt>::max()));
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out == out.size()) {
      BURGEON_ASSIGN_OR_RETURN(const bool more, HasInput());
      if (!more) {
        if (!in_member_) return size_t{0};
        return DataLoss(path_, ": the gzip data end in the middle; the file was cut");
      }
      if (!in_member_) {
        BURGEON_ASSIGN_OR_RETURN(const bool member, BeginMember());
        if (!member) continue;
      }
      BURGEON_RETURN_IF_ERROR(Inflate());
    }
    return out.size() - stream_.avail_out;
  }

  int64_t file_bytes_read() const override { return packed_->file_bytes_read(); }
  int64_t file_bytes() const override { return packed_->file_bytes(); }

 private:
  absl::StatusOr<bool> HasInput() {
    if (stream_.avail_in > 0) return true;
    BURGEON_ASSIGN_OR_RETURN(const size_t read, packed_->Read(chunk_));
    stream_.next_in = reinterpret_cast<Bytef*>(chunk_.data());
    stream_.avail_in = static_cast<uInt>(read);
    return read > 0;
  }

  // At the begin of the file or behind a member. False when what was there is zero padding, which
  // is skipped (tapes and some tools pad to a block).
  absl::StatusOr<bool> BeginMember() {
    if (members_ > 0 && (padding_ || *stream_.next_in == 0)) {
      padding_ = true;
      while (stream_.avail_in > 0 && *stream_.next_in == 0) {
        ++stream_.next_in;
        --stream_.avail_in;
      }
      if (stream_.avail_in == 0) return false;
      return DataLoss(path_, ": something follows the zero padding behind the gzip data");
    }
    BURGEON_CHECK(inflateReset(&stream_) == Z_OK);
    in_member_ = true;
    return true;
  }

  absl::Status Inflate() {
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    if (result == Z_STREAM_END) {
      in_member_ = false;
      ++members_;
      return absl::OkStatus();
    }
    if (result == Z_MEM_ERROR) return ResourceExhausted(path_, ": no memory to unpack it");
    const std::string reason = stream_.msg != nullptr ? stream_.msg : "needs a preset dictionary";
    return DataLoss(path_, ": the gzip data are damaged near byte ",
                    packed_->file_bytes_read() - stream_.avail_in, " of the file (", reason, ")");
  }

  const std::string path_;
  const std::unique_ptr<ByteSource> packed_;
  std::vector<char> chunk_;
  z_stream stream_ = {};
  bool in_member_ = false;
  bool padding_ = false;
  int64_t members_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> MakeGzipSource(const std::string& path,
                                           std::unique_ptr<ByteSource> packed, size_t chunk_bytes) {
  BURGEON_CHECK(chunk_bytes > 0);
  return std::make_unique<GzipSource>(path, std::move(packed), chunk_bytes);
}

}  // namespace burgeon
