// The small release of release_fixture.h, in memory with its indexes, under an overlay that a test
// may change.
#ifndef BURGEON_TESTS_SUPPORT_QUERY_FIXTURE_H_
#define BURGEON_TESTS_SUPPORT_QUERY_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "engine/release/query.h"
#include "tests/support/release_fixture.h"

namespace burgeon {

class QueryTest : public testing::Test {
 protected:
  QueryTest() { Load(MakeSmallRelease(pool_)); }

  void Load(ReleaseData data) {
    auto owned = std::make_unique<const ReleaseData>(std::move(data));
    auto items = BuildIndex(owned->recommender.item_embeddings.view(), owned->item_index);
    auto customers =
        BuildIndex(owned->recommender.customer_embeddings.view(), owned->customer_index);
    EXPECT_TRUE(items.ok()) << items.status();
    EXPECT_TRUE(customers.ok()) << customers.status();
    release_ = std::make_unique<LoadedRelease>("test", std::move(owned), *std::move(items),
                                               *std::move(customers));
  }

  ReleaseView view() const { return {release_.get(), &overlay_}; }
  const ReleaseData& data() const { return release_->data(); }

  void Erase(const std::string& customer) { overlay_.customers[customer].erased = true; }
  void SetConsent(const std::string& customer, Purpose purpose, bool granted) {
    OverlayEntry& entry = overlay_.customers[customer];
    entry.changed.Set(purpose, true);
    entry.granted.Set(purpose, granted);
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  Overlay overlay_;
  std::unique_ptr<LoadedRelease> release_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_QUERY_FIXTURE_H_
