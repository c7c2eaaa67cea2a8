#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/base/hash.h"
#include "engine/table/row_group_file.h"
#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

const std::vector<RowGroupColumn> kColumns = {{"word"},
                                              {"count", ColumnType::kInt64},
                                              {"time", ColumnType::kTimestamp},
                                              {"size", ColumnType::kDouble}};

TEST(RowGroupWriter, GroupsAreWhatAnyReaderOfParquetReads) {
  MemoryFileSystem files;
  auto writer = RowGroupWriter::Open(files, "a.parquet", kColumns);
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<std::string_view> words = {"a", "", "caf\xc3\xa9"};
  const std::vector<int32_t> codes = {2, 0, 1, 0};
  const std::vector<int64_t> ints = {1, INT64_MIN, 3, INT64_MAX};
  const std::vector<double> doubles = {0.1, -0.0, 1e300, 3};
  const std::vector<uint8_t> nulls = {0, 0, 1, 0};
  ASSERT_TRUE((*writer)
                  ->Write({4,
                           {{.dictionary = words, .codes = codes},
                            {.ints = ints, .nulls = nulls},
                            {.ints = ints},
                            {.doubles = doubles}}})
                  .ok());
  const std::vector<std::string_view> other = {"b"};
  const std::vector<int32_t> zero = {0};
  const std::vector<int64_t> seven = {7};
  const std::vector<double> half = {0.5};
  ASSERT_TRUE((*writer)
                  ->Write({1,
                           {{.dictionary = other, .codes = zero},
                            {.ints = seven},
                            {.ints = seven},
                            {.doubles = half}}})
                  .ok());
  const auto digest = (*writer)->Finish();
  ASSERT_TRUE(digest.ok()) << digest.status();
  EXPECT_EQ(digest->bytes, static_cast<int64_t>(files.contents["a.parquet"].size()));
  EXPECT_EQ(digest->sha256, Sha256Hex(files.contents["a.parquet"]));

  // ReadParquet goes another way through Arrow, and knows nothing of dictionaries.
  const auto table = ReadParquet(files, "a.parquet", {});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->rows, 5);
  EXPECT_THAT(table->Find("word")->strings, ElementsAre("caf\xc3\xa9", "a", "", "a", "b"));
  EXPECT_THAT(table->Find("time")->ints, ElementsAre(1, INT64_MIN, 3, INT64_MAX, 7));
  EXPECT_THAT(table->Find("size")->doubles, ElementsAre(0.1, -0.0, 1e300, 3, 0.5));
  const Column& count = *table->Find("count");
  EXPECT_TRUE(count.is_null(2));
  EXPECT_FALSE(count.is_null(3));
  EXPECT_EQ(count.ints[3], INT64_MAX);
}

// Every coding a page can have: runs and literals, differences that are small and that are not,
// plain numbers that LZ4 makes smaller and not, all null, no null.
TEST(RowGroupWriter, ColumnsOfAllKindsReadBack) {
  constexpr size_t kRows = 10'000;
  std::mt19937_64 random(3);
  std::vector<std::string> texts;
  for (int i = 0; i < 700; ++i) texts.push_back(Concat("word ", i));
  const std::vector<std::string_view> words(texts.begin(), texts.end());
  const std::vector<std::string_view> one = {"EUR"};
  std::vector<int32_t> runs, mixed, zeros(kRows, 0);
  std::vector<int64_t> lines, digests, nothing(kRows, 0);
  std::vector<double> ones(kRows, 1), reals;
  std::vector<uint8_t> some(kRows), all(kRows, 1);
  for (size_t i = 0; i < kRows; ++i) {
    runs.push_back(static_cast<int32_t>(i / 50));
    mixed.push_back(
        static_cast<int32_t>(random() % 3 == 0 && i > 0 ? mixed[i - 1] : random() % 700));
    lines.push_back(static_cast<int64_t>(random() % 4'000'000));
    digests.push_back(static_cast<int64_t>(random()));
    reals.push_back(static_cast<double>(random()));
    some[i] = random() % 5 == 0 ? 1 : 0;
  }
  MemoryFileSystem files;
  auto writer = RowGroupWriter::Open(files, "a.parquet",
                                     {{"runs"},
                                      {"mixed"},
                                      {"one"},
                                      {"line", ColumnType::kInt64},
                                      {"digest", ColumnType::kInt64},
                                      {"some", ColumnType::kTimestamp},
                                      {"none", ColumnType::kInt64},
                                      {"ones", ColumnType::kDouble},
                                      {"real", ColumnType::kDouble}});
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)
                  ->Write({kRows,
                           {{.dictionary = words, .codes = runs},
                            {.dictionary = words, .codes = mixed},
                            {.dictionary = one, .codes = zeros},
                            {.ints = lines},
                            {.ints = digests},
                            {.ints = lines, .nulls = some},
                            {.ints = nothing, .nulls = all},
                            {.doubles = ones},
                            {.doubles = reals, .nulls = some}}})
                  .ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  // Lines want 23 bits, ones next to nothing, digests and reals all of theirs.
  EXPECT_LT(files.contents["a.parquet"].size(), kRows * (2 + 2 * 3 + 2 * 8 + 2));
  const auto table = ReadParquet(files, "a.parquet", {});
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_EQ(table->rows, static_cast<int64_t>(kRows));
  for (size_t i = 0; i < kRows; ++i) {
    ASSERT_EQ(table->Find("runs")->strings[i], texts[static_cast<size_t>(runs[i])]);
    ASSERT_EQ(table->Find("mixed")->strings[i], texts[static_cast<size_t>(mixed[i])]);
    ASSERT_EQ(table->Find("one")->strings[i], "EUR");
    ASSERT_EQ(table->Find("line")->ints[i], lines[i]);
    ASSERT_EQ(table->Find("digest")->ints[i], digests[i]);
    ASSERT_EQ(table->Find("some")->is_null(i), some[i] == 1);
    if (some[i] == 0) {
      ASSERT_EQ(table->Find("some")->ints[i], lines[i]);
    }
    ASSERT_TRUE(table->Find("none")->is_null(i));
    ASSERT_EQ(table->Find("ones")->doubles[i], 1);
    ASSERT_EQ(table->Find("real")->is_null(i), some[i] == 1);
    if (some[i] == 0) {
      ASSERT_EQ(table->Find("real")->doubles[i], reals[i]);
    }
  }
}

TEST(RowGroupWriter, ADictionaryThatIsTooLargeIsWrittenInParts) {
  MemoryFileSystem files;
  const std::string text(90 << 20, 'x');
  const std::vector<std::string_view> words = {text, std::string_view(text).substr(1),
                                               std::string_view(text).substr(2)};
  const std::vector<int32_t> codes = {2, 0, 1};
  auto writer = RowGroupWriter::Open(files, "a.parquet", {{"word"}});
  ASSERT_TRUE(writer.ok()) << writer.status();
  ASSERT_TRUE((*writer)->Write({3, {{.dictionary = words, .codes = codes}}}).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  auto reader = RowGroupReader::Open(files, "a.parquet", {{"word"}});
  ASSERT_TRUE(reader.ok()) << reader.status();
  std::vector<std::vector<size_t>> sizes;
  for (;;) {
    const auto group = (*reader)->Next();
    ASSERT_TRUE(group.ok()) << group.status();
    if (*group == nullptr) break;
    const RowGroupValues& values = (*group)->columns[0];
    sizes.emplace_back();
    for (const int32_t code : values.codes) {
      sizes.back().push_back(values.dictionary[static_cast<size_t>(code)].size());
    }
  }
  EXPECT_THAT(sizes,
              ElementsAre(ElementsAre(text.size() - 2), ElementsAre(text.size(), text.size() - 1)));
}

TEST(RowGroupWriter, AFullDiskIsReported) {
  MemoryFileSystem files;
  files.fail_appends_after = 10;
  auto writer = RowGroupWriter::Open(files, "a.parquet", {{"n", ColumnType::kInt64}});
  ASSERT_TRUE(writer.ok()) << writer.status();
  const std::vector<int64_t> ints(100'000, 7);
  absl::Status status = (*writer)->Write({100'000, {{.ints = ints}}});
  if (status.ok()) status = (*writer)->Finish().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace burgeon
