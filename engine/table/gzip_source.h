// The unpacked bytes of a gzip file (RFC 1952), also of several members one after another, as
// `cat a.gz b.gz` or bgzip make them. Internal to this room.
//
// kDataLoss, naming the file, when the data end within a member, a checksum or length does not
// hold, or something else than gzip or zero padding follows a member.
#ifndef BURGEON_ENGINE_TABLE_GZIP_SOURCE_H_
#define BURGEON_ENGINE_TABLE_GZIP_SOURCE_H_

#include <memory>
#include <string>

#include "engine/table/byte_source.h"

namespace burgeon {

// `chunk_bytes` of the packed data are read at a time.
std::unique_ptr<ByteSource> MakeGzipSource(const std::string& path,
                                           std::unique_ptr<ByteSource> packed,
                                           size_t chunk_bytes = size_t{256} << 10);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_GZIP_SOURCE_H_
