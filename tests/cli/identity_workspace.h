// A workspace with logins that link ids, purchases under several of them, and traits that differ.
#ifndef BURGEON_TESTS_CLI_IDENTITY_WORKSPACE_H_
#define BURGEON_TESTS_CLI_IDENTITY_WORKSPACE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/run_burgeon.h"

namespace burgeon {

struct IdentityWorkspace {
  explicit IdentityWorkspace(const std::string& name) : folder(FreshFolder(name)) {
    // The tablet is used by four accounts; cookie-2 logs in late.
    WriteText(folder + "/log.csv",
              "id,other,kind,other_kind,time,known,type,item,price\n"
              "cookie-1,acc-1,cookie,account,2011-01-03,2011-01-03,id_link,,\n"
              "cookie-2,acc-1,cookie,account,2011-01-03,2011-01-20,id_link,,\n"
              "acc-1,tablet,account,device,2011-01-05,2011-01-05,id_link,,\n"
              "acc-2,tablet,account,device,2011-01-05,2011-01-05,id_link,,\n"
              "acc-3,tablet,account,device,2011-01-05,2011-01-05,id_link,,\n"
              "acc-4,tablet,account,device,2011-01-05,2011-01-05,id_link,,\n"
              "cookie-1,,,,2011-01-01,2011-01-01,purchase,cup,2\n"
              "cookie-2,,,,2011-01-10,2011-01-10,purchase,tea,3\n"
              "acc-1,,,,2011-01-12,2011-01-25,purchase,cup,5\n"
              "acc-2,,,,2011-01-12,2011-01-12,purchase,cup,7\n"
              "acc-2,,,,2011-03-01,2011-03-01,purchase,tea,7\n");
    WriteText(folder + "/crm.csv",
              "id,time,city,region\n"
              "acc-1,2011-01-01,York,North\n"
              "acc-2,2011-01-01,Hull,North\n");
    WriteText(folder + "/partner.csv",
              "id,time,city\n"
              "cookie-1,2011-01-09,Leeds\n");
    WriteText(folder + "/market.csv",
              "region,time,income\n"
              "North,2011-01-01,100\n");
    WriteText(Config(), R"(
sources:
  - name: log
    input: log.csv
    fields:
      customer: {column: id}
      item: {column: item}
      time: {column: time}
      known_at: {column: known}
      value: {column: price}
      currency: {constant: GBP}
      type: {column: type, values: {id_link: id_link, purchase: purchase}}
      properties: {linked_id: other, id_kind: kind, linked_kind: other_kind}
  - name: crm
    input: crm.csv
    kind: customers
    fields: {id: {column: id}, time: {column: time},
             attributes: {city: {column: city}, region: {column: region}}}
  - name: partner
    input: partner.csv
    party: second
    kind: customers
    fields: {id: {column: id}, time: {column: time}, attributes: {city: {column: city}}}
  - name: market
    input: market.csv
    party: third
    kind: aggregates
    key: region
    fields: {id: {column: region}, time: {column: time}, attributes: {income: {column: income}}}
consent: {default: granted}
identity: {max_links: 3}
churn: {prediction_window_days: 20}
)");
    const Outcome ingest = Run({"ingest", "--quiet"});
    EXPECT_EQ(ingest.exit_code, 0) << ingest.err;
  }

  std::string Config() const { return folder + "/job.yaml"; }
  std::string Workspace() const { return folder + "/w"; }
  Outcome Run(std::vector<std::string> arguments) const {
    for (const std::string& more :
         {std::string("--config"), Config(), std::string("--workspace"), Workspace()}) {
      arguments.push_back(more);
    }
    return Burgeon(arguments);
  }

  std::string folder;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_CLI_IDENTITY_WORKSPACE_H_
