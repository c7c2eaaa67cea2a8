#include "engine/release/golden.h"

#include <cmath>
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/release_fixture.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class GoldenTest : public testing::Test {
 protected:
  std::vector<GoldenList> Make() {
    auto lists = MakeGoldenLists(context_, data_);
    EXPECT_TRUE(lists.ok()) << lists.status();
    return lists.ok() ? *lists : std::vector<GoldenList>();
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  ReleaseData data_ = MakeSmallRelease(pool_);
};

TEST_F(GoldenTest, CoverFirstAndLastCustomerAndBothMethods) {
  const std::vector<GoldenList> lists = Make();
  ASSERT_EQ(lists.size(), 6U);
  std::set<RecommendMethod> methods;
  for (const GoldenList& list : lists) {
    methods.insert(list.method);
    EXPECT_EQ(list.items.size(), static_cast<size_t>(kGoldenK));
  }
  EXPECT_THAT(methods, testing::ElementsAre(RecommendMethod::kModel, RecommendMethod::kPopularity));
  EXPECT_EQ(lists[0].customer, CustomerRow(0));
  EXPECT_EQ(lists[4].customer, CustomerRow(kSmallCustomers - 1));
  EXPECT_TRUE(CheckGoldenLists(context_, data_, lists).ok());
}

TEST_F(GoldenTest, HoldForAnyNumberOfThreads) {
  const std::vector<GoldenList> lists = Make();
  ThreadPool one(1);
  ExecutionContext context(&one);
  EXPECT_TRUE(CheckGoldenLists(context, data_, lists).ok());
}

TEST_F(GoldenTest, TakeASingleCustomer) {
  data_.customers = *Vocabulary::FromIds({"only"});
  data_.interactions.offsets.resize(2);
  data_.interactions.columns.resize(static_cast<size_t>(data_.interactions.offsets[1]));
  data_.interactions.values.resize(data_.interactions.columns.size());
  data_.seen.offsets.resize(2);
  data_.seen.columns.resize(static_cast<size_t>(data_.seen.offsets[1]));
  FloatMatrix first(1, kSmallDim);
  std::copy_n(data_.recommender.customer_embeddings.data(), kSmallDim, first.data());
  data_.recommender.customer_embeddings = std::move(first);
  EXPECT_EQ(Make().size(), 2U);
}

TEST_F(GoldenTest, NameTheFirstPlaceThatIsAnother) {
  std::vector<GoldenList> lists = Make();
  const auto problem = [&](const std::vector<GoldenList>& expected) {
    const absl::Status status = CheckGoldenLists(context_, data_, expected);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    return MessageOf(status);
  };
  // One bit of one score.
  std::vector<GoldenList> changed = lists;
  float& score = changed[1].items[2].score;
  score = std::nextafter(score, 100.0F);
  EXPECT_THAT(problem(changed), HasSubstr(Concat("golden query of customer row ",
                                                 lists[1].customer.value, " (model): place 3 is")));
  changed = lists;
  std::swap(changed[0].items[4], changed[0].items[5]);
  EXPECT_THAT(problem(changed), HasSubstr("place 5 is item row"));
  changed = lists;
  changed[0].items.pop_back();
  EXPECT_THAT(problem(changed), HasSubstr("; nothing was wanted"));
  changed = lists;
  changed[0].customer = CustomerRow(40);
  EXPECT_THAT(problem(changed), HasSubstr("customer row 40: there are 40 customers"));
}

TEST_F(GoldenTest, ShowAChangedTensorOrMask) {
  const std::vector<GoldenList> lists = Make();
  ReleaseData changed = data_;
  for (float& value : changed.recommender.item_embeddings.values()) value = -value;
  EXPECT_EQ(CheckGoldenLists(context_, changed, lists).code(), absl::StatusCode::kDataLoss);
  changed = data_;
  changed.seen = CsrMatrix{.offsets = std::vector<int64_t>(kSmallCustomers + 1, 0),
                           .columns = {},
                           .values = {},
                           .cols = kSmallItems};
  EXPECT_EQ(CheckGoldenLists(context_, changed, lists).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
