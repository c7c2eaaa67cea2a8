#include "cli/open_release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// customer -> item ids in order, from a recommendations CSV whose ids hold no comma.
std::map<std::string, std::vector<std::string>> ReadLists(const std::string& path) {
  std::map<std::string, std::vector<std::string>> lists;
  const std::vector<std::string> lines = Lines(ReadText(path));
  EXPECT_EQ(lines.front(), "customer_id,rank,item_id,item_label,score,method,source");
  for (size_t i = 1; i < lines.size(); ++i) {
    std::istringstream in(lines[i]);
    std::string customer;
    std::string rank;
    std::string item;
    std::getline(in, customer, ',');
    std::getline(in, rank, ',');
    std::getline(in, item, ',');
    lists[customer].push_back(item);
    EXPECT_EQ(rank, std::to_string(lists[customer].size()));
  }
  return lists;
}

// customer -> items bought, from the sample itself.
std::map<std::string, std::set<std::string>> ReadPurchases() {
  std::map<std::string, std::set<std::string>> bought;
  const auto lines = Lines(ReadText(SourceDir() + "/examples/online_retail/sample.csv"));
  for (size_t i = 1; i < lines.size(); ++i) {
    std::istringstream in(lines[i]);
    std::string invoice;
    std::string item;
    std::getline(in, invoice, ',');
    std::getline(in, item, ',');
    const size_t country = lines[i].rfind(',');
    const size_t customer = lines[i].rfind(',', country - 1);
    const std::string id = lines[i].substr(customer + 1, country - customer - 1);
    if (!id.empty() && invoice.front() != 'C') bought[id.substr(0, id.find('.'))].insert(item);
  }
  return bought;
}

TEST(RecommendTest, EveryCustomerGetsItemsNotBoughtBefore) {
  const std::string out = FreshFolder("recommend") + "/lists.csv";
  const Outcome outcome = Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers",
                                   "all", "--k", "5", "--out", out, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto lists = ReadLists(out);
  const auto bought = ReadPurchases();
  EXPECT_EQ(outcome.json()["customers"], bought.size());
  ASSERT_EQ(lists.size(), bought.size());
  for (const auto& [customer, items] : lists) {
    EXPECT_EQ(items.size(), 5U) << customer;
    const std::set<std::string>& had = bought.at(customer);
    for (const std::string& item : items) EXPECT_EQ(had.count(item), 0U) << customer << " " << item;
  }
}

TEST(RecommendTest, AListDoesNotDependOnWhoElseIsAskedNorOnThreads) {
  const std::string folder = FreshFolder("recommend_same");
  ASSERT_EQ(Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers", "all",
                     "--out", folder + "/all.csv", "--threads", "2"})
                .exit_code,
            0);
  const auto all = ReadLists(folder + "/all.csv");
  const std::string one = all.begin()->first;
  WriteText(folder + "/one.txt", one + "\n");
  ASSERT_EQ(Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers",
                     folder + "/one.txt", "--out", folder + "/one.csv", "--threads", "1"})
                .exit_code,
            0);
  EXPECT_EQ(ReadLists(folder + "/one.csv").at(one), all.at(one));
}

TEST(RecommendTest, UnknownCustomersAreReportedAndTheOthersAnswered) {
  const std::string folder = FreshFolder("recommend_unknown");
  WriteText(folder + "/ids.txt", ReadPurchases().begin()->first + "\nnobody\n");
  const Outcome outcome =
      Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers", folder + "/ids.txt",
               "--out", folder + "/out.parquet", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["customers"], 1);
  EXPECT_EQ(outcome.json()["not_found"], nlohmann::json({"nobody"}));
  EXPECT_EQ(ReadText(folder + "/out.parquet").substr(0, 4), "PAR1");
}

TEST(RecommendTest, EveryMethodAndRetrievalAnswers) {
  const std::string folder = FreshFolder("recommend_methods");
  for (const std::string method : {"model", "neighbours", "popularity"}) {
    for (const std::string retrieval : {"exact", "index"}) {
      const std::string out = Concat(folder, "/", method, retrieval, ".csv");
      const Outcome outcome =
          Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers", "all", "--k",
                   "3", "--method", method, "--retrieval", retrieval, "--out", out});
      ASSERT_EQ(outcome.exit_code, 0) << method << " " << retrieval << outcome.err;
      EXPECT_EQ(ReadLists(out).size(), ReadPurchases().size()) << method << " " << retrieval;
      EXPECT_THAT(ReadText(out), HasSubstr("," + method + "," + method + "\n"));
    }
  }
}

TEST(RecommendTest, AnUnknownEndingOfTheOutputIsAnError) {
  const Outcome outcome = Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers",
                                   "all", "--out", "/tmp/lists.xlsx"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("lists.xlsx"));
}

}  // namespace
}  // namespace burgeon
