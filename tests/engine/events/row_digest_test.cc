#include "engine/events/row_digest.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TextBatch Row(const std::vector<std::string>& values) {
  TextBatch out;
  for (const std::string& value : values) {
    TextColumn column;
    column.Append(value);
    out.columns.push_back(std::move(column));
  }
  out.lines = {1};
  return out;
}

std::string IdOf(const std::vector<std::string>& names, const std::vector<std::string>& values,
                 std::string_view source = "s") {
  return EventIdOf(RowDigester(source, names, {}).Digest(Row(values), 0, ""), 1);
}

TEST(RowDigest, IsTheDocumentedBytes) {
  // hashlib.sha256(b"".join(struct.pack("<I", len(t)) + t for t in
  //     [b"burgeon row 1", b"s", b"a", b"1", b"b", b"2"])).hexdigest()
  EXPECT_EQ(IdOf({"b", "a"}, {"2", "1"}),
            "796df08fc43ffb17ba32b88200a606ed012703cb26916b82fabb84f3d6a10b6a");
  // hashlib.sha256(bytes.fromhex(the above) + struct.pack("<Q", 2)).hexdigest()
  EXPECT_EQ(EventIdOf(RowDigester("s", {"b", "a"}, {}).Digest(Row({"2", "1"}), 0, ""), 2),
            "b7fd005050aa0bc8e1a380d64704a5a13425f2210e98d4d13cb2fe8f3fb61d9b");
}

TEST(RowDigest, TellsRowsApartAndNothingElse) {
  const std::string id = IdOf({"a", "b"}, {"1", "2"});
  EXPECT_EQ(IdOf({"a", "b", "c"}, {"1", "2", ""}), id) << "an empty column does not count";
  EXPECT_NE(IdOf({"a", "b"}, {"2", "1"}), id);
  EXPECT_NE(IdOf({"a", "b"}, {"12", ""}), id);
  EXPECT_NE(IdOf({"a", "b"}, {"1", "2"}, "other"), id);
  EXPECT_NE(IdOf({"a", "c"}, {"1", "2"}), id);
}

TEST(RowDigest, AReplacedColumnIsNotLookedAt) {
  const RowDigester digester("s", {"a", "b"}, size_t{0});
  EXPECT_EQ(digester.Digest(Row({"1", "2"}), 0, "x"), digester.Digest(Row({"9", "2"}), 0, "x"));
  EXPECT_NE(digester.Digest(Row({"1", "2"}), 0, "x"), digester.Digest(Row({"1", "2"}), 0, "y"));
}

}  // namespace
}  // namespace burgeon
