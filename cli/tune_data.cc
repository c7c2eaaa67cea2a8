#include "cli/tune_data.h"

#include <utility>

#include "cli/pipeline.h"
#include "engine/base/hash.h"
#include "engine/dataset/interaction_order.h"
#include "engine/dataset/leave_last_out.h"
#include "engine/dataset/split_file.h"
#include "engine/dataset/time_split.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

template <class T>
void Hash(const std::vector<T>& values, Sha256* hash) {
  const uint64_t bytes = values.size() * sizeof(T);
  hash->Update(&bytes, sizeof(bytes));
  hash->Update(values.data(), bytes);
}

std::string SplitSha256(const ValidationSplit& split) {
  Sha256 hash;
  for (const CsrMatrix* matrix : {&split.train, &split.mask, &split.held_out}) {
    Hash(matrix->offsets, &hash);
    Hash(matrix->columns, &hash);
    Hash(matrix->values, &hash);
  }
  if (split.order.rows() > 0) {
    Hash(split.order.offsets, &hash);
    Hash(split.order.items, &hash);
  }
  return ToHex(hash.Finish());
}

std::string RandomText(const TuneOptions& tune) {
  return Concat("a random ", 100 * tune.share, " % of each customer's interactions held out, seed ",
                tune.seed);
}

absl::StatusOr<TuneData> FromSplitFile(Session& session, const JobConfig& job,
                                       const std::string& path) {
  const TuneOptions& tune = job.tune;
  if (tune.validation != ValidationKind::kRandom) {
    return InvalidArgument("tune.validation.kind: ", ValidationName(tune.validation),
                           " needs a workspace; a split file has a random part held out");
  }
  BURGEON_ASSIGN_OR_RETURN(const SplitData data, ReadSplitFile(session.files(), path));
  TuneData out;
  out.split = HoldOutRandom(data.train.view(), tune.share, tune.seed);
  if (ReadsOrder(job.recommender.kind) && !data.train_times.empty()) {
    out.split.order = KeepInteractions(OrderByTime(data.train.view(), data.train_times).view(),
                                       out.split.train.view());
  }
  out.about = Concat(Printable(path, 500), ": ", RandomText(tune));
  return out;
}

absl::StatusOr<TuneData> FromLastOut(Session& session, const JobConfig& job,
                                     const EventStore& store, const SnapshotOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(LeaveLastOut split, BuildLeaveLastOut(session.pool(), store, options,
                                                                 HeldOutPart::kValidation));
  TuneData out;
  out.split = {.train = std::move(split.train),
               .mask = std::move(split.mask),
               .held_out = std::move(split.test),
               .order = {}};
  if (ReadsOrder(job.recommender.kind)) {
    out.split.order = InteractionOrder(split.known.events, out.split.train.view(), job.weights,
                                       {.cut = split.cut});
  }
  out.about = "leave last out: each customer's last new items but those of the test";
  return out;
}

// By time: the window before the test's. At random: of all before the test's window.
absl::StatusOr<TuneData> FromTime(Session& session, const JobConfig& job, const EventStore& store,
                                  SnapshotOptions options) {
  const TuneOptions& tune = job.tune;
  const bool by_time = tune.validation == ValidationKind::kTime;
  options.as_of =
      store.manifest().max_event_time - (by_time ? 2 : 1) * tune.window_days * kMicrosPerDay;
  BURGEON_ASSIGN_OR_RETURN(TimeSplit split,
                           BuildTimeSplit(session.pool(), store, options, tune.window_days));
  TuneData out;
  if (by_time) {
    out.split.held_out = NewItems(split);
    out.split.train = std::move(split.train.interactions);
    out.split.mask = std::move(split.train.seen);
    out.about = Concat("time split at ", FormatTime(options.as_of), ", window ", tune.window_days,
                       " days; the window after it is the test's");
  } else {
    out.split = HoldOutRandom(split.train.interactions.view(), tune.share, tune.seed);
    out.about = Concat("what was known at ", FormatTime(options.as_of), ": ", RandomText(tune));
  }
  if (ReadsOrder(job.recommender.kind)) {
    out.split.order = InteractionOrder(split.train.events, out.split.train.view(), job.weights);
  }
  return out;
}

}  // namespace

absl::StatusOr<TuneData> LoadTuneData(Session& session, const JobConfig& job,
                                      const std::string& train_file) {
  absl::StatusOr<TuneData> out = TuneData();
  if (!train_file.empty()) {
    out = FromSplitFile(session, job, train_file);
  } else {
    BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
    BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                             LoadOverlay(session.files(), session.workspace()));
    SnapshotOptions options = job.snapshot_options(Purpose::kRecommend);
    options.overrides = &overlay.customers;
    out = job.tune.validation == ValidationKind::kLeaveLastOut
              ? FromLastOut(session, job, store, options)
              : FromTime(session, job, store, options);
  }
  if (out.ok()) out->sha256 = SplitSha256(out->split);
  return out;
}

}  // namespace burgeon
