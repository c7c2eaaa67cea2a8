#include "engine/release/content_items.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "engine/release/release_tensors.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class ContentItemsTest : public QueryTest {
 protected:
  // The small release with three more items, before, among and behind the others; labels of the
  // others are of two kinds, each with embeddings of a direction of its own.
  ReleaseData Extended() {
    ReleaseData data = MakeSmallRelease(pool_);
    for (uint32_t i = 0; i < kSmallItems; ++i) {
      data.item_label[i] = i % 2 == 0 ? "red lantern" : "blue cup";
      auto row = data.recommender.item_embeddings.row(i);
      std::ranges::fill(row, 0.0F);
      row[i % 2] = 1;
    }
    const absl::Status status =
        ExtendItems({{"zz", "LANTERN"}, {"a1", "Cup"}, {"i05b", "unheard of"}}, &data);
    EXPECT_TRUE(status.ok()) << status;
    data.item_attributes = {};
    return data;
  }
};

TEST_F(ContentItemsTest, EveryArrayFollowsTheNewRows) {
  const ReleaseData before = MakeSmallRelease(pool_);
  const ReleaseData after = Extended();
  ASSERT_TRUE(CheckReleaseData(after).ok()) << CheckReleaseData(after);
  EXPECT_EQ(after.items.size(), kSmallItems + 3);
  EXPECT_TRUE(std::is_sorted(after.items.ids().begin(), after.items.ids().end()));
  for (uint32_t customer = 0; customer < kSmallCustomers; ++customer) {
    const auto ids = [&](const ReleaseData& data, const CsrMatrix& matrix) {
      std::map<std::string, float> out;
      const auto columns = matrix.view().row_columns(customer);
      const auto values = matrix.view().row_values(customer);
      for (size_t i = 0; i < columns.size(); ++i) {
        out[data.items.id(columns[i])] = values.empty() ? 1 : values[i];
      }
      return out;
    };
    EXPECT_EQ(ids(after, after.interactions), ids(before, before.interactions));
    EXPECT_EQ(ids(after, after.seen), ids(before, before.seen));
  }
  for (uint32_t row = 0; row < kSmallItems; ++row) {
    const uint32_t now = *after.items.Find(before.items.id(row));
    EXPECT_EQ(after.recommender.popularity[now], before.recommender.popularity[row]);
    EXPECT_TRUE(std::ranges::equal(after.recommender.fold_in_items.row(now),
                                   before.recommender.fold_in_items.row(row)));
  }
  EXPECT_EQ(after.item_label[*after.items.Find("a1")], "Cup");
  // A customer's embedding is still the fold-in of the history.
  const auto folded = FoldIn(context_, after.recommender, {.weights = after.interactions.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  EXPECT_EQ(folded->values(), before.recommender.customer_embeddings.values());
}

TEST_F(ContentItemsTest, NewItemsLieWithWhatIsCalledAlike) {
  ReleaseData data = Extended();
  const auto count = EmbedByContent(context_, {.ridge = 0.01}, &data);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 2);
  const uint32_t lantern = *data.items.Find("zz");
  const uint32_t cup = *data.items.Find("a1");
  const uint32_t unheard = *data.items.Find("i05b");
  EXPECT_GT(data.recommender.item_embeddings.at(lantern, 0), 0.8);
  EXPECT_LT(data.recommender.item_embeddings.at(lantern, 1), 0.2);
  EXPECT_GT(data.recommender.item_embeddings.at(cup, 1), 0.8);
  EXPECT_EQ(data.item_content[lantern], 1);
  EXPECT_EQ(data.item_content[cup], 1);
  EXPECT_EQ(data.item_content[unheard], 0);
  EXPECT_EQ(std::count(data.item_content.begin(), data.item_content.end(), 1), 2);
  // Written, read, and listed with their source.
  ReleaseData loaded;
  ASSERT_TRUE(ReadReleaseTensors(ReleaseTensors(data), ChurnPart::kPresent, &loaded).ok());
  EXPECT_EQ(loaded.item_content, data.item_content);
  Load(std::move(data));
  const auto answer =
      AnswerRecommend(context_, view(), {.customer_id = "c00", .options = {.k = 33}});
  ASSERT_TRUE(answer.ok()) << answer.status();
  for (const NamedItem& item : answer->items) {
    const bool content = item.id == "zz" || item.id == "a1";
    EXPECT_EQ(item.source, content ? ItemSource::kContent : ItemSource::kModel) << item.id;
  }
}

TEST_F(ContentItemsTest, WhatCannotBeExtendedIsSaid) {
  ReleaseData data = MakeSmallRelease(pool_);
  EXPECT_THAT(MessageOf(ExtendItems({{"i03", ""}}, &data)), HasSubstr("'i03' is there already"));
  EXPECT_THAT(MessageOf(ExtendItems({{"n", ""}, {"n", ""}}, &data)), HasSubstr("'n' is there"));
  data.recommender.kind = RecommenderKind::kAls;
  EXPECT_THAT(MessageOf(ExtendItems({{"n", ""}}, &data)), HasSubstr("this one is als"));
  ReleaseData wrong = MakeSmallRelease(pool_);
  wrong.item_content = {1};
  EXPECT_EQ(CheckReleaseData(wrong).code(), absl::StatusCode::kDataLoss);
}

TEST_F(ContentItemsTest, AreAskedForInTheJob) {
  auto config = Config::Parse("content: {items: embed, ridge: 0.5}", "job.yaml");
  ASSERT_TRUE(config.ok());
  const ContentSpec spec = ParseContentSpec(config->root());
  ASSERT_TRUE(config->Finish().ok());
  EXPECT_EQ(spec.items, ContentItems::kEmbed);
  EXPECT_EQ(spec.options.ridge, 0.5);
  auto nothing = Config::Parse("{}", "job.yaml");
  EXPECT_EQ(ParseContentSpec(nothing->root()).items, ContentItems::kLeaveOut);
  auto wrong = Config::Parse("content: {items: maybe}", "job.yaml");
  ParseContentSpec(wrong->root());
  EXPECT_THAT(MessageOf(wrong->Finish()), HasSubstr("maybe"));
}

}  // namespace
}  // namespace burgeon
