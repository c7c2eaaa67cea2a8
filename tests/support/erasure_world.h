// A small workspace with everything in it that may hold a person: a store with attributes, links,
// consent and quarantine, an undone link, a snapshot with candidates, two releases, audiences, and
// the overlay. Customer "c05" is one person with "cookie-5"; "c07" and others are somebody else.
// In memory or on a disk.
#ifndef BURGEON_TESTS_SUPPORT_ERASURE_WORLD_H_
#define BURGEON_TESTS_SUPPORT_ERASURE_WORLD_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/config/config.h"
#include "engine/dataset/snapshot.h"
#include "engine/erasure/file_scan.h"
#include "engine/erasure/person_forms.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest.h"
#include "engine/governance/identity_undo.h"
#include "engine/models/candidate.h"
#include "engine/models/recommender_model.h"
#include "engine/release/release_store.h"
#include "engine/table/table.h"
#include "tests/support/release_fixture.h"

namespace burgeon {

inline constexpr TimeMicros kErasureNoon = 1'763'812'800 * kMicrosPerSecond;

class ErasureWorld {
 public:
  explicit ErasureWorld(Workspace workspace = {"w"}) : workspace_(std::move(workspace)) {}

  void Make(FileSystem& files) {
    Ingest(files, "in/shop.csv", ShopRows());
    const FixedClock clock(kErasureNoon);
    EXPECT_TRUE(
        AppendUndo(files, workspace_, clock, IdPair("cookie-5", "cookie-9"), UndoAction::kUndo)
            .ok());
    MakeModels(files);
    MakeExports(files);
  }

  static std::string ShopRows() {
    std::string rows;
    for (int c = 0; c < 12; ++c) {
      const std::string id = Concat("c", c < 10 ? "0" : "", c);
      for (int i = 0; i < 3; ++i) {
        rows += Concat(id, ",i0", (c + i) % 8, ",purchase,2024-03-0", 1 + i, "T10:00:00Z,", 1 + i,
                       ",,town of ", id, "\n");
      }
    }
    rows += "cookie-5,i03,view,2024-03-02T09:00:00Z,1,,\n";
    rows += "c05,,id_link,2024-03-02T09:00:00Z,1,cookie-5,\n";
    rows += "c07,,id_link,2024-03-02T09:00:00Z,1,cookie-7,\n";
    rows += "c05,i01,purchase,no time at all,1,,\n";  // to the quarantine
    rows += "c07,i01,purchase,no time at all,1,,\n";
    return rows;
  }

  void Ingest(FileSystem& files, const std::string& path, const std::string& rows,
              std::function<bool(std::string_view)> erased = {}) {
    constexpr char kSource[] = R"(
source:
  name: shop
  max_bad_fraction: 0.5
  fields:
    customer: {column: customer}
    item: {column: item}
    time: {column: time}
    quantity: {column: quantity}
    type: {column: kind, values: {purchase: purchase, view: view, id_link: id_link}}
    properties: {linked_id: linked}
  customer_attributes: {city: {column: city}}
)";
    auto config = Config::Parse(kSource, "shop.yaml");
    ASSERT_TRUE(config.ok()) << config.status();
    IngestOptions options;
    options.source = ParseSourceConfig(config->root().Child("source"));
    ASSERT_TRUE(config->Finish().ok()) << config->Finish();
    ASSERT_TRUE(files.MakeDirectories(ParentOf(path)).ok());
    ASSERT_TRUE(
        WriteFileAtomically(files, path, "customer,item,kind,time,quantity,linked,city\n" + rows)
            .ok());
    options.input = path;
    options.store_folder = workspace_.events();
    options.erased = std::move(erased);
    const FixedClock clock(kErasureNoon);
    const auto record = burgeon::Ingest(files, pool_, clock, options);
    ASSERT_TRUE(record.ok()) << record.status();
  }

  // The ids of c05 in every form.
  static PersonForms Forms() {
    PersonForms forms;
    forms.Add("c05");
    forms.Add("cookie-5");
    return forms;
  }

  std::vector<std::string> EventsOf(FileSystem& files, const std::string& customer) const {
    std::vector<std::string> out;
    const auto store = EventStore::Open(files, workspace_.events());
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return out;
    const absl::Status read = store->ReadBucket(BucketOf(customer), [&](const Event& event) {
      if (event.customer_id != customer) return;
      out.push_back(
          Concat(EventTypeName(event.type), " ", event.item_id, " ", FormatTime(event.event_time)));
    });
    EXPECT_TRUE(read.ok()) << read;
    return out;
  }

  const Workspace& workspace() const { return workspace_; }
  ThreadPool& pool() { return pool_; }
  ExecutionContext& context() { return context_; }
  const std::vector<std::string>& releases() const { return releases_; }

 private:
  void MakeModels(FileSystem& files) {
    const auto store = EventStore::Open(files, workspace_.events());
    ASSERT_TRUE(store.ok()) << store.status();
    SnapshotOptions options;
    options.consent.when_unsaid = ConsentDefault::kGranted;
    auto snapshot = BuildSnapshot(pool_, *store, options);
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    snapshot->store_version = store->manifest().version;
    snapshot->last_ingest = store->manifest().ingests.back().number;
    ASSERT_TRUE(SaveSnapshot(files, workspace_.snapshots(), *snapshot).ok());
    ReleaseData data = MakeSmallRelease(pool_);
    data.snapshot_id = snapshot->id;
    Candidate candidate;
    candidate.kind = "recommender";
    candidate.snapshot_id = snapshot->id;
    candidate.config_sha256 = std::string(64, 'c');
    candidate.metrics_json = "{}";
    RecommenderModel model = data.recommender;
    model.customer_embeddings = FloatMatrix(
        snapshot->customers.size(), kSmallDim,
        std::vector<float>(static_cast<size_t>(snapshot->customers.size()) * kSmallDim, 0.5F));
    AddModelTensors(model, &candidate.tensors);
    const FixedClock clock(kErasureNoon);
    const auto id = WriteCandidate(files, workspace_.candidates(), clock, candidate);
    ASSERT_TRUE(id.ok()) << id.status();
    data.recommender_candidate = *id;
    data.consent_said.assign(data.consent.size(), kNothingSaid);
    for (int day = 0; day < 2; ++day) {
      const FixedClock then(kErasureNoon + day * kMicrosPerDay);
      ReleaseData next = MakeSmallRelease(pool_, static_cast<uint64_t>(1 + day));
      next.snapshot_id = data.snapshot_id;
      next.recommender_candidate = data.recommender_candidate;
      next.consent_said = data.consent_said;
      const auto release = Publish(files, workspace_, context_, then, next);
      ASSERT_TRUE(release.ok()) << release.status();
      releases_.push_back(*release);
    }
  }

  void MakeExports(FileSystem& files) {
    ASSERT_TRUE(files.MakeDirectories(workspace_.exports()).ok());
    ASSERT_TRUE(WriteFileAtomically(files, JoinPath(workspace_.exports(), "audience.csv"),
                                    "customer_id,score\nc04,0.5\nc05,0.25\nc07,0.125\n")
                    .ok());
    Table table;
    table.columns = {Column{.name = "customer_id", .strings = {"c05", "c07"}}};
    table.rows = 2;
    ASSERT_TRUE(WriteTable(files, JoinPath(workspace_.exports(), "audience.parquet"), table).ok());
    ASSERT_TRUE(WriteFileAtomically(files, JoinPath(workspace_.exports(), "others.csv"),
                                    "customer_id,score\nc07,0.5\n")
                    .ok());
  }

  Workspace workspace_;
  ThreadPool pool_{1};
  ExecutionContext context_{&pool_};
  std::vector<std::string> releases_;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_ERASURE_WORLD_H_
