#include "engine/table/thrift_compact.h"

#include "engine/base/check.h"
#include "engine/table/page_coding.h"

namespace burgeon {

void CompactWriter::Field(int field, Kind kind) {
  const int step = field - fields_.back();
  BURGEON_CHECK(step >= 1 && step <= 15);  // the short form; farther apart none of Parquet's are
  out_->push_back(static_cast<char>(step << 4 | static_cast<int>(kind)));
  fields_.back() = field;
}

void CompactWriter::Bool(int field, bool value) {
  Field(field, value ? Kind::kTrue : Kind::kFalse);
}

void CompactWriter::Int32(int field, int32_t value) {
  Field(field, Kind::kInt32);
  AppendVarint(ZigZag(value), out_);
}

void CompactWriter::Int64(int field, int64_t value) {
  Field(field, Kind::kInt64);
  AppendVarint(ZigZag(value), out_);
}

void CompactWriter::Bytes(int field, std::string_view value) {
  Field(field, Kind::kBytes);
  BytesElement(value);
}

void CompactWriter::BeginStruct(int field) {
  Field(field, Kind::kStruct);
  fields_.push_back(0);
}

void CompactWriter::EndStruct() {
  out_->push_back(0);
  fields_.pop_back();
}

void CompactWriter::BeginList(int field, Kind elements, size_t size) {
  constexpr size_t kLong = 15;
  Field(field, Kind::kList);
  const size_t head = size < kLong ? size : kLong;
  out_->push_back(static_cast<char>(head << 4 | static_cast<size_t>(elements)));
  if (size >= kLong) AppendVarint(size, out_);
}

void CompactWriter::Int32Element(int32_t value) { AppendVarint(ZigZag(value), out_); }

void CompactWriter::BytesElement(std::string_view value) {
  AppendVarint(value.size(), out_);
  out_->append(value);
}

}  // namespace burgeon
