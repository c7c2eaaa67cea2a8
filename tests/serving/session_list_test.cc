#include "serving/session_list.h"

#include <gmock/gmock.h>

#include <thread>

namespace burgeon {
namespace {

using std::chrono::steady_clock;

// Removes itself as a connection does; ends when it is told to finish and nobody else holds it.
class FakeSession : public Session {
 public:
  explicit FakeSession(SessionList* list) : list_(list) {}
  ~FakeSession() override { list_->Remove(this); }
  void FinishSoon() override { ++told_; }
  int told() const { return told_; }

 private:
  SessionList* list_;
  int told_ = 0;
};

TEST(SessionList, KnowsWhoIsThere) {
  SessionList list;
  auto first = std::make_shared<FakeSession>(&list);
  auto second = std::make_shared<FakeSession>(&list);
  list.Add(first);
  list.Add(second);
  EXPECT_EQ(list.size(), 2);
  first.reset();
  EXPECT_EQ(list.size(), 1);
}

TEST(SessionList, TellsEachToFinish) {
  SessionList list;
  auto session = std::make_shared<FakeSession>(&list);
  list.Add(session);
  EXPECT_FALSE(list.finishing());
  list.FinishAll();
  EXPECT_TRUE(list.finishing());
  EXPECT_EQ(session->told(), 1);
}

TEST(SessionList, WaitsForTheLast) {
  SessionList list;
  auto session = std::make_shared<FakeSession>(&list);
  list.Add(session);
  EXPECT_EQ(list.WaitUntilEmpty(steady_clock::now()), SessionList::Waited::kTimeOut);
  std::thread last([session = std::move(session)]() mutable { session.reset(); });
  EXPECT_EQ(list.WaitUntilEmpty(steady_clock::now() + std::chrono::minutes(1)),
            SessionList::Waited::kEmpty);
  last.join();
}

TEST(SessionList, AWaitCanBeCutShort) {
  SessionList list;
  const auto session = std::make_shared<FakeSession>(&list);
  list.Add(session);
  std::thread impatient([&list] { list.CutWaitShort(); });
  EXPECT_EQ(list.WaitUntilEmpty(steady_clock::now() + std::chrono::minutes(1)),
            SessionList::Waited::kCutShort);
  impatient.join();
}

}  // namespace
}  // namespace burgeon
