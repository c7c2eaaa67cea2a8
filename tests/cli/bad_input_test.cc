// Every kind of bad input that a person can hand to the command line: the exit code is the
// documented one, the message names the place, and nothing is left half-written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>

#include "tests/cli/child_process.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr char kConfig[] =
    "source:\n"
    "  name: shop\n"
    "  max_bad_fraction: 0.5\n"
    "  fields:\n"
    "    customer: {column: customer}\n"
    "    item: {column: item}\n"
    "    time: {column: time}\n"
    "    quantity: {column: quantity}\n"
    "    value: {column: value}\n"
    "    currency: {constant: EUR}\n"
    "    type: {default: purchase}\n"
    "consent: {default: granted}\n";
constexpr char kHeader[] = "customer,item,time,quantity,value\n";
constexpr char kGood[] = "c1,i1,2024-01-01T10:00:00Z,1,2.50\n";

class BadInputTest : public testing::Test {
 protected:
  // Ingests `data` from a file of that name with the config above, changed by `set`.
  Outcome Ingest(const std::string& file, const std::string& data,
                 std::vector<std::string> set = {}, const std::string& config = kConfig) {
    WriteText(folder_ + "/job.yaml", config);
    WriteText(folder_ + "/" + file, data);
    std::vector<std::string> arguments = {"ingest",
                                          "--config",
                                          folder_ + "/job.yaml",
                                          "--input",
                                          folder_ + "/" + file,
                                          "--workspace",
                                          workspace_,
                                          "--json"};
    for (const std::string& one : set) {
      arguments.emplace_back("--set");
      arguments.push_back(one);
    }
    return Burgeon(arguments);
  }
  // Whether a manifest was committed.
  bool Committed() const {
    if (!std::filesystem::exists(workspace_ + "/events")) return false;
    for (const auto& entry : std::filesystem::directory_iterator(workspace_ + "/events")) {
      if (entry.path().filename().string().starts_with("manifest-")) return true;
    }
    return false;
  }
  void ExpectRefused(const Outcome& outcome, int exit_code, const std::string& text) {
    EXPECT_EQ(outcome.exit_code, exit_code) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(text));
    EXPECT_FALSE(Committed());
  }

  const std::string folder_ = FreshFolder("bad_input");
  const std::string workspace_ = folder_ + "/workspace";
};

TEST_F(BadInputTest, TheGoodFormOfThisTestIsAccepted) {
  const Outcome outcome = Ingest("ok.csv", Concat(kHeader, kGood));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_TRUE(Committed());
  EXPECT_EQ(outcome.json()["ingests"][0]["events_added"], 1);
}

TEST_F(BadInputTest, ConfigFieldsMissingOrUnknown) {
  const std::string data = Concat(kHeader, kGood);
  ExpectRefused(Ingest("a.csv", data, {"consent.default="}), 2, "consent.default");
  ExpectRefused(Ingest("a.csv", data, {"source.fields.time="}), 2, "time");
  ExpectRefused(Ingest("a.csv", data, {"source.nmae=x"}), 2, "source.nmae: no such field");
  ExpectRefused(Ingest("a.csv", data, {"recommender.spectral.rank=0"}), 2,
                "recommender.spectral.rank: '0'");
  ExpectRefused(Ingest("a.csv", data, {}, "source: [\n"), 2, "job.yaml:");
  ExpectRefused(Ingest("a.csv", data, {}, ""), 2, "is empty");
  const Outcome absent = Burgeon({"ingest", "--config", folder_ + "/absent.yaml"});
  EXPECT_EQ(absent.exit_code, 3);
  EXPECT_THAT(absent.err, HasSubstr("absent.yaml"));
}

TEST_F(BadInputTest, AMissingColumnNamesTheColumnAndThoseThereAre) {
  const Outcome outcome = Ingest("a.csv", "customer,item,when,quantity,value\nc1,i1,x,1,2\n");
  ExpectRefused(outcome, 2, "'time'");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("a.csv"), HasSubstr("when")));
}

TEST_F(BadInputTest, FilesThatAreAbsentEmptyOrOfAnotherKind) {
  ExpectRefused(Ingest("empty.csv", ""), 2, "empty.csv");
  ExpectRefused(Ingest("utf16.csv", std::string("\xff\xfe"
                                                "c\0u\0",
                                                6)),
                2, "UTF-8");
  ExpectRefused(Ingest("data.xlsx", "PK"), 2, "data.xlsx");
  ExpectRefused(Ingest("fake.parquet", "this is no parquet file"), 4, "fake.parquet");
  WriteText(folder_ + "/job.yaml", kConfig);
  const Outcome absent = Burgeon({"ingest", "--config", folder_ + "/job.yaml", "--input",
                                  folder_ + "/absent.csv", "--workspace", workspace_});
  ExpectRefused(absent, 3, "absent.csv");
}

TEST_F(BadInputTest, AFileCutInTheMiddleLeavesNothing) {
  std::string rows = kHeader;
  for (int i = 0; i < 2000; ++i) rows += Concat("c", i, ",i1,2024-01-01T10:00:00Z,1,2.50\n");
  const std::string path = folder_ + "/whole.csv.gz";
  gzFile gz = gzopen(path.c_str(), "wb");
  ASSERT_EQ(gzwrite(gz, rows.data(), static_cast<unsigned>(rows.size())),
            static_cast<int>(rows.size()));
  gzclose(gz);
  const std::string whole = ReadText(path);
  ExpectRefused(Ingest("cut.csv.gz", whole.substr(0, whole.size() / 2)), 4, "cut.csv.gz");
  ExpectRefused(Ingest("open_quote.csv", Concat(kHeader, kGood, "\"c2,i1")), 4, "open_quote.csv");
}

TEST_F(BadInputTest, BadRowsAreKeptWithLineFieldAndReason) {
  const Outcome outcome = Ingest(
      "rows.csv", Concat(kHeader, kGood,                                         // 2
                         "c1,i2,yesterday,1,1\n",                                // 3 time
                         "c1,i3,2024-01-01T10:00:00Z,many,1\n",                  // 4 number
                         "c1,i4,2024-01-01T10:00:00Z,-1,1\n",                    // 5 negative
                         "c1,i5,2024-01-01T10:00:00Z,1,99999999999999999999\n",  // 6 overflow
                         "c1,i6,2024-01-01T10:00:00Z\n",                         // 7 fields
                         "c1,i\xff,2024-01-01T10:00:00Z,1,1\n",                  // 8 encoding
                         "c1,i7,3024-01-01T10:00:00Z,1,1\n",                     // 9 time range
                         "c2,i8,2024-01-01T10:00:00Z,1,1\n", "c3,i9,2024-01-01T10:00:00Z,1,1\n",
                         "c4,i9,2024-01-01T10:00:00Z,1,1\n", "c5,i9,2024-01-01T10:00:00Z,1,1\n",
                         "c6,i9,2024-01-01T10:00:00Z,1,1\n", "c7,i9,2024-01-01T10:00:00Z,1,1\n"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["ingests"][0]["rows_quarantined"], 7);
  EXPECT_EQ(outcome.json()["ingests"][0]["events_added"], 7);
  std::string quarantine;
  for (const auto& entry : std::filesystem::directory_iterator(workspace_ + "/events/quarantine")) {
    quarantine += ReadText(entry.path());
  }
  const auto lines = Lines(quarantine);
  ASSERT_EQ(lines.size(), 7U);
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto row = nlohmann::json::parse(lines[i], nullptr, false);
    ASSERT_FALSE(row.is_discarded()) << lines[i];
    EXPECT_EQ(row["line"], i + 3) << lines[i];
    EXPECT_NE(row["reason"], "") << lines[i];
  }
}

TEST_F(BadInputTest, TooManyBadRowsStopTheIngest) {
  ExpectRefused(
      Ingest("bad.csv", Concat(kHeader, kGood, "c1,i2,yesterday,1,1\n", "c1,i3,yesterday,1,1\n")),
      2, "bad.csv");
}

TEST_F(BadInputTest, VerbsBeforeTheirTimeSayWhatToRunFirst) {
  WriteText(folder_ + "/job.yaml", kConfig);
  const std::vector<std::string> common = {"--config", folder_ + "/job.yaml", "--workspace",
                                           workspace_};
  const auto run = [&](std::vector<std::string> verb) {
    verb.insert(verb.end(), common.begin(), common.end());
    return Burgeon(verb);
  };
  const Outcome train = run({"train", "recommender"});
  EXPECT_EQ(train.exit_code, 3);
  EXPECT_THAT(train.err, HasSubstr("burgeon ingest"));
  const Outcome publish = run({"publish"});
  EXPECT_EQ(publish.exit_code, 5);
  EXPECT_THAT(publish.err, HasSubstr("burgeon train recommender"));
  EXPECT_EQ(run({"recommend", "--customers", "all", "--out", folder_ + "/x.csv"}).exit_code, 3);
  EXPECT_EQ(run({"serve", "--port", "0"}).exit_code, 3);
}

TEST_F(BadInputTest, ATakenPortIsNamed) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(listener, 1), 0);
  socklen_t size = sizeof(address);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const Outcome outcome = Burgeon({"serve", "--workspace", PublishedWorkspace(), "--port", port});
  EXPECT_EQ(outcome.exit_code, 7);
  EXPECT_THAT(outcome.err, HasSubstr(port));
  close(listener);
}

TEST_F(BadInputTest, OutputThatCannotBeWrittenLeavesNoFile) {
  const Outcome outcome = Burgeon({"recommend", "--workspace", PublishedWorkspace(), "--customers",
                                   "all", "--out", folder_ + "/no/such/folder/x.csv"});
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("no/such/folder"));
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/no"));
}

}  // namespace
}  // namespace burgeon
