// Writes structs in Thrift's compact protocol, in which Parquet has its headers and its footer.
// Internal to this room.
//
//   CompactWriter to(&bytes);              // stands in a struct of its own
//   to.Int32(1, kDataPageV2);
//   to.BeginStruct(8);
//   to.Bool(7, false);
//   to.EndStruct();
//   to.EndStruct();                        // of the outermost
//
// Fields of a struct are given in the order of their ids.
#ifndef BURGEON_ENGINE_TABLE_THRIFT_COMPACT_H_
#define BURGEON_ENGINE_TABLE_THRIFT_COMPACT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace burgeon {

class CompactWriter {
 public:
  enum class Kind : uint8_t {
    kTrue = 1,
    kFalse = 2,
    kInt32 = 5,
    kInt64 = 6,
    kBytes = 8,
    kList = 9,
    kStruct = 12
  };

  explicit CompactWriter(std::string* out) : out_(out) {}

  void Bool(int field, bool value);
  void Int32(int field, int32_t value);
  void Int64(int field, int64_t value);
  void Bytes(int field, std::string_view value);
  void BeginStruct(int field);
  void EndStruct();
  // `size` elements follow.
  void BeginList(int field, Kind elements, size_t size);
  void Int32Element(int32_t value);
  void BytesElement(std::string_view value);
  void BeginStructElement() { fields_.push_back(0); }

 private:
  void Field(int field, Kind kind);

  std::string* out_;
  std::vector<int> fields_ = {0};  // the last one written, of each struct that is open
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_TABLE_THRIFT_COMPACT_H_
