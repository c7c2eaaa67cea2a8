#include "engine/release/release_tensors.h"

#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/release_fixture.h"
#include "tests/support/sequence_release.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class ReleaseTensorsTest : public testing::Test {
 protected:
  // The message of a release changed in one way.
  template <class Change>
  std::string Problem(const Change& change) {
    ReleaseData data = MakeSmallRelease(pool_);
    change(data);
    const absl::Status status = CheckReleaseData(data);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    return MessageOf(status);
  }

  ThreadPool pool_{1};
};

TEST_F(ReleaseTensorsTest, GivesBackEveryArray) {
  const ReleaseData data = MakeSmallRelease(pool_);
  ASSERT_TRUE(CheckReleaseData(data).ok()) << CheckReleaseData(data);
  const TensorFile file = ReleaseTensors(data);
  ReleaseData loaded;
  ASSERT_TRUE(ReadReleaseTensors(file, ChurnPart::kPresent, &loaded).ok());
  EXPECT_EQ(loaded.customers.ids(), data.customers.ids());
  EXPECT_EQ(loaded.items.ids(), data.items.ids());
  EXPECT_EQ(loaded.item_label, data.item_label);
  ASSERT_EQ(loaded.item_attributes.columns.size(), data.item_attributes.columns.size());
  for (size_t i = 0; i < data.item_attributes.columns.size(); ++i) {
    const ItemAttribute& column = loaded.item_attributes.columns[i];
    EXPECT_EQ(column.name, data.item_attributes.columns[i].name);
    EXPECT_EQ(column.type, data.item_attributes.columns[i].type);
    EXPECT_EQ(column.words, data.item_attributes.columns[i].words);
    EXPECT_EQ(column.code, data.item_attributes.columns[i].code);
    EXPECT_EQ(column.number, data.item_attributes.columns[i].number);
  }
  EXPECT_EQ(loaded.consent, data.consent);
  EXPECT_EQ(loaded.interactions.columns, data.interactions.columns);
  EXPECT_EQ(loaded.interactions.values, data.interactions.values);
  EXPECT_EQ(loaded.seen.columns, data.seen.columns);
  EXPECT_EQ(loaded.features.names, data.features.names);
  EXPECT_EQ(loaded.features.values.values(), data.features.values.values());
  ASSERT_TRUE(loaded.churn.has_value());
  EXPECT_EQ(loaded.churn->feature_names, data.churn->feature_names);
  EXPECT_TRUE(CheckReleaseData(loaded).ok());
  // Every byte again, NaN among them.
  EXPECT_EQ(SerializeTensors(ReleaseTensors(loaded)), SerializeTensors(file));
}

TEST_F(ReleaseTensorsTest, AReleaseWithoutItemAttributesIsRead) {
  ReleaseData data = MakeSmallRelease(pool_);
  data.item_attributes = {};
  const TensorFile file = ReleaseTensors(data);
  for (const auto& [name, tensor] : file.tensors()) EXPECT_FALSE(name.starts_with("item_attr"));
  ReleaseData loaded = MakeSmallRelease(pool_);
  ASSERT_TRUE(ReadReleaseTensors(file, ChurnPart::kPresent, &loaded).ok());
  EXPECT_TRUE(loaded.item_attributes.columns.empty());
}

TEST_F(ReleaseTensorsTest, DamagedItemAttributesAreNamed) {
  EXPECT_THAT(Problem([](ReleaseData& d) { d.item_attributes.columns[0].code.pop_back(); }),
              HasSubstr("item attribute 'brand': 29 codes; there are 30 items"));
  EXPECT_THAT(Problem([](ReleaseData& d) { d.item_attributes.columns[0].code[2] = 4; }),
              HasSubstr("item attribute 'brand': code 4; there are 3 values"));
  ReleaseData data = MakeSmallRelease(pool_);
  std::swap(data.item_attributes.columns[0].name, data.item_attributes.columns[1].name);
  ReleaseData loaded;
  const absl::Status status =
      ReadReleaseTensors(ReleaseTensors(data), ChurnPart::kPresent, &loaded);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr("ascending names"));
}

TEST_F(ReleaseTensorsTest, TheOrderIsThereForAModelThatReadsIt) {
  const TensorFile without = ReleaseTensors(MakeSmallRelease(pool_));
  EXPECT_FALSE(without.Has("order.offsets"));
  EXPECT_FALSE(without.Has("order.items"));
  const ReleaseData data = MakeSmallSequenceRelease(pool_);
  ASSERT_TRUE(CheckReleaseData(data).ok()) << CheckReleaseData(data);
  const TensorFile file = ReleaseTensors(data);
  ReleaseData loaded;
  loaded.order.items = {7};  // of another release
  ASSERT_TRUE(ReadReleaseTensors(file, ChurnPart::kPresent, &loaded).ok());
  EXPECT_EQ(loaded.order.offsets, data.order.offsets);
  EXPECT_EQ(loaded.order.items, data.order.items);
  EXPECT_TRUE(CheckReleaseData(loaded).ok()) << CheckReleaseData(loaded);
  EXPECT_EQ(SerializeTensors(ReleaseTensors(loaded)), SerializeTensors(file));
  ASSERT_TRUE(ReadReleaseTensors(without, ChurnPart::kPresent, &loaded).ok());
  EXPECT_EQ(loaded.order.rows(), 0);
}

TEST_F(ReleaseTensorsTest, ADamagedOrderIsNamed) {
  const auto problem = [&](const auto& change) {
    ReleaseData data = MakeSmallSequenceRelease(pool_);
    change(data.order);
    return MessageOf(CheckReleaseData(data));
  };
  EXPECT_EQ(problem([](ItemSequences& order) { order = {}; }),
            "order: rows: 0; there are 40 customers");
  EXPECT_THAT(problem([](ItemSequences& order) { order.items[0] = kSmallItems; }),
              HasSubstr("order: customer row 0 has item row 30, which is none of"));
  EXPECT_THAT(problem([](ItemSequences& order) { order.offsets[1] = order.offsets[2]; }),
              HasSubstr("order: customer row 0 has "));
  EXPECT_EQ(Problem([](ReleaseData& d) { d.order = MakeSmallOrder(d.interactions.view(), 1); }),
            "order: rows: 40; there are 0 wanted by this model");
  for (const int64_t first : {1, -1}) {
    ReleaseData data = MakeSmallSequenceRelease(pool_);
    data.order.offsets[0] = first;
    ReleaseData loaded;
    const absl::Status status =
        ReadReleaseTensors(ReleaseTensors(data), ChurnPart::kPresent, &loaded);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(MessageOf(status), HasSubstr("order.offsets: do not ascend from 0"));
  }
}

TEST_F(ReleaseTensorsTest, ChurnMayBeAbsent) {
  ReleaseData data = MakeSmallRelease(pool_);
  data.churn.reset();
  data.churn_risk.clear();
  ASSERT_TRUE(CheckReleaseData(data).ok());
  const TensorFile file = ReleaseTensors(data);
  ReleaseData loaded;
  ASSERT_TRUE(ReadReleaseTensors(file, ChurnPart::kAbsent, &loaded).ok());
  EXPECT_FALSE(loaded.churn.has_value());
  EXPECT_EQ(ReadReleaseTensors(file, ChurnPart::kPresent, &loaded).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(ReleaseTensorsTest, RefusesIdsOutOfOrderOrTwice) {
  for (const std::vector<std::string>& ids :
       {std::vector<std::string>{"b", "a"}, std::vector<std::string>{"a", "a"}}) {
    TensorFile file;
    file.AddStrings("customers", ids);
    ReleaseData data;
    const absl::Status status = ReadReleaseTensors(file, ChurnPart::kAbsent, &data);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(MessageOf(status), HasSubstr("tensor 'customers': id 1 does not come after"));
  }
  TensorFile file;
  file.AddStrings("customers", {""});
  ReleaseData data;
  EXPECT_EQ(ReadReleaseTensors(file, ChurnPart::kAbsent, &data).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(ReleaseTensorsTest, EveryMissingTensorIsNamed) {
  for (const TensorFile& whole :
       {ReleaseTensors(MakeSmallRelease(pool_)), ReleaseTensors(MakeSmallSequenceRelease(pool_))}) {
    for (const auto& [missing, unused] : whole.tensors()) {
      // Absent values make a pattern of a sparse matrix, which is a valid one.
      if (missing == "interactions.values") continue;
      TensorFile file;
      for (const auto& [name, tensor] : whole.tensors()) {
        if (name != missing) file.AddTensor(name, tensor);
      }
      ReleaseData data;
      const absl::Status status = ReadReleaseTensors(file, ChurnPart::kPresent, &data);
      EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << missing;
      EXPECT_THAT(MessageOf(status), HasSubstr("'")) << missing;
    }
  }
}

TEST_F(ReleaseTensorsTest, EveryShapeIsHeldAgainstTheVocabularies) {
  EXPECT_THAT(Problem([](ReleaseData& d) { d.customers = Vocabulary(); }),
              HasSubstr("customers: none"));
  EXPECT_THAT(Problem([](ReleaseData& d) { d.items = Vocabulary(); }), HasSubstr("items: none"));
  EXPECT_EQ(Problem([](ReleaseData& d) { d.item_label.pop_back(); }),
            "item labels: 29; there are 30 items");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.consent.pop_back(); }),
            "consent: 39; there are 40 customers");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.interactions.cols = 31; }),
            "interactions: columns: 31; there are 30 items");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.seen = CsrMatrix{}; }),
            "seen items: rows: 0; there are 40 customers");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.features.names.pop_back(); }),
            "features: columns: 3; there are 2 names");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.features.values = FloatMatrix(39, 3); }),
            "features: rows: 39; there are 40 customers");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.customer_embeddings = FloatMatrix(1, 8); }),
            "customer embeddings: 1; there are 40 customers");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.customer_embeddings = FloatMatrix(40, 7); }),
            "customer embeddings: dimensions: 7; there are 8 dimensions of the items");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.item_embeddings = FloatMatrix(1, 8); }),
            "item embeddings: 1; there are 30 items");
  EXPECT_THAT(Problem([](ReleaseData& d) { d.recommender.item_embeddings = FloatMatrix(30, 0); }),
              HasSubstr("no dimensions"));
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.popularity.pop_back(); }),
            "popularity: 29; there are 30 items");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.fold_in_items = FloatMatrix(29, 8); }),
            "fold-in embeddings: 29; there are 30 items");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.recommender.filter.pop_back(); }),
            "filter: 7; there are 8 dimensions");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.churn_risk.pop_back(); }),
            "churn risks: 39; there are 40 customers");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.churn.reset(); }),
            "churn risks without a model: 40; there are 0 wanted");
}

TEST_F(ReleaseTensorsTest, EveryNumberIsHeldAgainstItsRange) {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(Problem([](ReleaseData& d) { d.consent[2].bits = 16; }),
            "consent: number 2 is 16; at most 15 was wanted");
  EXPECT_EQ(Problem([](ReleaseData& d) { d.churn_risk[3] = 1.5F; }),
            "churn risks: number 3 is 1.5; a number from 0 to 1, or NaN, was wanted");
  EXPECT_EQ(Problem([&](ReleaseData& d) { d.recommender.item_embeddings.at(1, 2) = kInfinity; }),
            "item embeddings: number 10 is inf; a finite one was wanted");
  EXPECT_THAT(Problem([&](ReleaseData& d) { d.recommender.customer_embeddings.at(0, 0) = kNan; }),
              HasSubstr("customer embeddings: number 0 is nan"));
  EXPECT_THAT(Problem([&](ReleaseData& d) { d.interactions.values[1] = kNan; }),
              HasSubstr("interactions: number 1"));
  EXPECT_THAT(Problem([&](ReleaseData& d) { d.features.values.at(0, 1) = kNan; }),
              HasSubstr("features: number 1"));
  EXPECT_THAT(Problem([&](ReleaseData& d) { d.recommender.popularity[0] = kNan; }),
              HasSubstr("popularity"));
  EXPECT_THAT(Problem([&](ReleaseData& d) { d.recommender.filter[0] = kNan; }),
              HasSubstr("filter"));
}

}  // namespace
}  // namespace burgeon
