#include "engine/storage/manifest.h"

#include "engine/base/limits.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kText[] = R"({
  "name": "spectral", "on": true, "count": 3, "low": -2, "share": 0.5,
  "big": 18446744073709551615, "shape": {"rows": 40, "cols": 16}, "list": [1, 2]
})";

// The message of reading one field of kText in one way.
template <class Read>
std::string MessageOfReading(const Read& read) {
  const auto document = JsonDocument::Parse(kText, "w/manifest.json");
  EXPECT_TRUE(document.ok()) << document.status();
  read(document->root());
  return document->status().ok() ? "" : MessageOf(document->status());
}

TEST(ManifestTest, ReadsEveryKindOfField) {
  const auto document = JsonDocument::Parse(kText, "m");
  ASSERT_TRUE(document.ok()) << document.status();
  const JsonNode root = document->root();
  EXPECT_EQ(root["name"].String(), "spectral");
  EXPECT_TRUE(root["on"].Bool());
  EXPECT_EQ(root["count"].Int(0, 3), 3);
  EXPECT_EQ(root["low"].Int(-2, 0), -2);
  EXPECT_EQ(root["share"].Number(), 0.5);
  EXPECT_EQ(root["count"].Number(), 3);
  EXPECT_EQ(root["shape"]["cols"].Int(0, 100), 16);
  EXPECT_EQ(root["shape"].ObjectText(), R"({"cols":16,"rows":40})");
  ASSERT_EQ(root["list"].Items().size(), 2U);
  EXPECT_EQ(root["list"].Items()[1].Int(0, 9), 2);
  ASSERT_EQ(root["shape"].Fields().size(), 2U);
  EXPECT_EQ(root["shape"].Fields()[0].first, "cols");
  EXPECT_TRUE(root.Has("name"));
  EXPECT_FALSE(root.Has("nobody"));
  EXPECT_TRUE(document->status().ok());
}

TEST(ManifestTest, NamesFileFieldValueAndWhatWasWanted) {
  EXPECT_EQ(MessageOfReading([](JsonNode root) { root["name"].Int(0, 5); }),
            "w/manifest.json: field 'name' is \"spectral\"; a whole number from 0 to 5 was wanted");
  EXPECT_EQ(MessageOfReading([](JsonNode root) { root["shape"]["deep"].Bool(); }),
            "w/manifest.json: field 'shape.deep' is missing");
  EXPECT_EQ(MessageOfReading([](JsonNode root) { root["shape"]["rows"].Int(0, 39); }),
            "w/manifest.json: field 'shape.rows' is 40; a whole number from 0 to 39 was wanted");
  EXPECT_EQ(MessageOfReading([](JsonNode root) { root["list"].Items()[1].String(); }),
            "w/manifest.json: field 'list[1]' is 2; a string was wanted");
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["count"].Int(4, 5); }), HasSubstr("is 3"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["share"].Int(0, 5); }), HasSubstr("0.5"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["big"].Int(INT64_MIN, INT64_MAX); }),
              HasSubstr("is 18446744073709551615"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["on"].Number(); }), HasSubstr("a number"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["count"].Bool(); }),
              HasSubstr("true or false was wanted"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["list"].ObjectText(); }),
              HasSubstr("is a list; an object"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["shape"].Items(); }),
              HasSubstr("is an object; a list"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["list"].Fields(); }),
              HasSubstr("an object was wanted"));
  EXPECT_THAT(MessageOfReading([](JsonNode root) { root["name"]["x"].Int(0, 1); }),
              HasSubstr("field 'name' is \"spectral\"; an object"));
}

TEST(ManifestTest, KeepsTheFirstProblem) {
  EXPECT_THAT(MessageOfReading([](JsonNode root) {
                root["absent"].Int(0, 1);
                root["name"].Bool();
              }),
              HasSubstr("'absent' is missing"));
}

TEST(ManifestTest, RefusesWhatIsNotAnObjectOrTooDeep) {
  const auto message = [](std::string_view text) {
    const auto document = JsonDocument::Parse(text, "m.json");
    EXPECT_EQ(document.status().code(), absl::StatusCode::kDataLoss) << text;
    return MessageOf(document.status());
  };
  EXPECT_EQ(message(""), "m.json: is not JSON");
  EXPECT_EQ(message("{\"a\": 1"), "m.json: is not JSON");
  EXPECT_EQ(message("{} {}"), "m.json: is not JSON");
  EXPECT_EQ(message("[1]"), "m.json: is not a JSON object");
  EXPECT_EQ(message(std::string_view("{}\0x", 4)), "m.json: holds a zero byte");
  const std::string deep = "{\"a\":" + std::string(limits::kMaxJsonDepth, '[') +
                           std::string(limits::kMaxJsonDepth, ']') + "}";
  EXPECT_THAT(message(deep), StartsWith("m.json: nested deeper than"));
  EXPECT_TRUE(JsonDocument::Parse(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["})", "m").ok());
}

TEST(ManifestTest, EveryTruncationIsRefused) {
  const std::string text = R"({"a": {"b": [1, "x\"y", null]}, "c": 2})";
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(JsonDocument::Parse(text.substr(0, length), "m").ok()) << length;
  }
}

TEST(ManifestTest, DigestsAreReadAndCompared) {
  const FileDigest digest = DigestOf("abc");
  EXPECT_EQ(digest.bytes, 3);
  // FIPS 180-4, example of SHA-256("abc").
  EXPECT_EQ(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto read = [](std::string_view sha256) {
    const auto document =
        JsonDocument::Parse(Concat(R"({"f":{"bytes":3,"sha256":")", sha256, "\"}}"), "m");
    EXPECT_TRUE(document.ok()) << document.status();
    ReadDigest(document->root()["f"]);
    return document->status();
  };
  EXPECT_TRUE(read(digest.sha256).ok());
  EXPECT_THAT(MessageOf(read("abc")), HasSubstr("field 'f.sha256' is \"abc\"; 64 hexadecimal"));
  EXPECT_FALSE(read(std::string(64, 'G')).ok());

  EXPECT_TRUE(CheckDigest("x", digest, digest).ok());
  EXPECT_EQ(MessageOf(CheckDigest("x", DigestOf("ab"), digest)), "x: 2 bytes; the manifest says 3");
  const absl::Status other = CheckDigest("x", DigestOf("abd"), digest);
  EXPECT_EQ(other.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(other), StartsWith("x: the SHA-256 is "));
}

TEST(ManifestTest, WritesSyncedAndReadsBack) {
  FaultFileSystem files;
  ASSERT_TRUE(WriteSyncedFile(files, "m.json", kText).ok());
  ASSERT_TRUE(files.SyncDirectory(".").ok());
  const auto disk = files.Survivor(Survival::kDropUnsynced, 0);
  const auto document = ReadManifest(*disk, "m.json");
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->root()["count"].Int(0, 9), 3);
  EXPECT_EQ(ReadManifest(*disk, "none.json").status().code(), absl::StatusCode::kNotFound);
}

TEST(ManifestTest, CompactTimeDropsTheFraction) {
  const TimeMicros second = 1'763'826'300 * kMicrosPerSecond;  // 2025-11-22T15:45:00Z
  EXPECT_EQ(CompactTime(second), "20251122T154500Z");
  EXPECT_EQ(CompactTime(second + 999'999), "20251122T154500Z");
  EXPECT_EQ(CompactTime(-1), "19691231T235959Z");
}

}  // namespace
}  // namespace burgeon
