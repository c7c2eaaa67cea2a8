#include "training/recommender/memory_check.h"

#include <algorithm>
#include <utility>

namespace burgeon {
namespace {

// What decides how much memory a kind takes, and how to set it.
struct Field {
  const char* name;
  int64_t value;
  void (*set)(int64_t value, RecommenderOptions* options, DataCounts* data);
};

Field FieldOf(RecommenderKind kind, const RecommenderOptions& options, const DataCounts& data) {
  if (kind == RecommenderKind::kSpectral && !options.spectral_parts.empty()) {
    int largest = 0;
    for (const SpectralPart& part : options.spectral_parts) {
      largest = std::max(largest, part.options.rank);
    }
    return {"rank of each of recommender.spectral.parts", largest,
            [](int64_t value, RecommenderOptions* o, DataCounts*) {
              for (SpectralPart& part : o->spectral_parts) {
                part.options.rank = std::min(part.options.rank, static_cast<int>(value));
              }
            }};
  }
  if (kind == RecommenderKind::kSpectral) {  // a rank beyond the data costs nothing more
    const int64_t side = std::min(data.customers, data.items);
    return {"recommender.spectral.rank",
            std::min<int64_t>(options.spectral.rank, std::max<int64_t>(1, side - 1)),
            [](int64_t value, RecommenderOptions* o, DataCounts*) {
              o->spectral.rank = static_cast<int>(value);
            }};
  }
  if (kind == RecommenderKind::kAls) {
    return {"recommender.als.dim", options.als.dim,
            [](int64_t value, RecommenderOptions* o, DataCounts*) {
              o->als.dim = static_cast<int>(value);
            }};
  }
  if (kind == RecommenderKind::kSequence) {
    return {"recommender.sequence.batch_size", options.sequence.batch_size,
            [](int64_t value, RecommenderOptions* o, DataCounts*) {
              o->sequence.batch_size = static_cast<int>(value);
            }};
  }
  if (kind == RecommenderKind::kTwoTower) {
    return {"recommender.two_tower.dim", options.two_tower.dim,
            [](int64_t value, RecommenderOptions* o, DataCounts*) {
              o->two_tower.dim = static_cast<int>(value);
            }};
  }
  return {"items (dataset.min_item_customers)", data.items,
          [](int64_t value, RecommenderOptions*, DataCounts* d) { d->items = value; }};
}

// An operator of `kept` bytes, made with `making` bytes, and spectral embeddings beside it.
std::vector<MemoryPhase> OperatorPhases(int64_t making, int64_t kept,
                                        const SpectralOptions& embedding, const DataCounts& data) {
  std::vector<MemoryPhase> phases = {{"operator", making}};
  for (MemoryPhase phase : PlanSpectral(embedding, data)) {
    phase.bytes += phase.name == "write" ? 2 * kept : kept;
    phases.push_back(std::move(phase));
  }
  return phases;
}

std::vector<MemoryPhase> KindPhases(RecommenderKind kind, const RecommenderOptions& options,
                                    const DataCounts& data, int threads);

// Each member is trained beside those before it; then their embeddings are put side by side.
std::vector<MemoryPhase> BlendPhases(const BlendOptions& options, const DataCounts& data,
                                     int threads) {
  std::vector<MemoryPhase> phases;
  int64_t trained = 0;  // bytes of the members before
  for (size_t m = 0; m < options.members.size(); ++m) {
    const RecommenderOptions& member = options.members[m].recommender;
    int64_t model = 0;
    for (MemoryPhase phase : KindPhases(member.kind, member, data, threads)) {
      if (phase.name == "write") {
        model = phase.bytes / 2;
        continue;
      }
      phase.name = Concat("member ", m + 1, ": ", phase.name);
      phase.bytes += trained;
      phases.push_back(std::move(phase));
    }
    trained += model;
  }
  phases.push_back({"side by side", 2 * trained});
  phases.push_back({"write", 3 * trained});
  return phases;
}

std::vector<MemoryPhase> KindPhases(RecommenderKind kind, const RecommenderOptions& options,
                                    const DataCounts& data, int threads) {
  const auto entries = [&data](int64_t a_row) {
    return 8 * data.items * (a_row == 0 ? data.items : std::min<int64_t>(a_row, data.items));
  };
  switch (kind) {
    case RecommenderKind::kSpectral:
      if (!options.spectral_parts.empty()) return PlanSpectralBlend(options.spectral_parts, data);
      return PlanSpectral(options.spectral, data);
    case RecommenderKind::kAls:
      return PlanAls(options.als, data, threads);
    case RecommenderKind::kEase:
      return OperatorPhases(EaseMemoryBytes(data.items, options.ease),
                            entries(options.ease.keep_entries), options.ease.embedding, data);
    case RecommenderKind::kItemKnn: {
      const int64_t kept = entries(options.item_knn.neighbours);
      const int64_t weighted =
          CsrBytes(data.customers, data.interactions) + CsrBytes(data.items, data.interactions);
      return OperatorPhases(weighted + 2 * kept + 16 * threads * data.items, kept,
                            options.item_knn.embedding, data);
    }
    case RecommenderKind::kSequence:
      return PlanSequence(options.sequence, data);
    case RecommenderKind::kTwoTower:
      return PlanTwoTower(options.two_tower, data);
    case RecommenderKind::kBlend:
      return BlendPhases(options.blend, data, threads);
    case RecommenderKind::kGraphFilter:
      return {};
  }
  return {};
}

std::vector<MemoryPhase> PhasesOf(RecommenderKind kind, const RecommenderOptions& options,
                                  const DataCounts& data, int threads) {
  std::vector<MemoryPhase> phases = KindPhases(kind, options, data, threads);
  for (MemoryPhase& phase : phases) phase.bytes += SnapshotBytes(data) + LibraryBytes(threads);
  return phases;
}

}  // namespace

absl::StatusOr<RecommenderMemory> PlanRecommenderMemory(RecommenderKind kind,
                                                        const RecommenderOptions& options,
                                                        const DataCounts& data, int threads,
                                                        int64_t available_bytes) {
  if (data.customers < 1 || data.items < 1 || data.interactions < 1) {
    return InvalidArgument("memory plan: ", data.customers, " customers, ", data.items, " items, ",
                           data.interactions, " interactions: each must be at least 1");
  }
  const Field field = FieldOf(kind, options, data);
  RecommenderMemory plan;
  plan.phases = PhasesOf(kind, options, data, threads);
  plan.peak_bytes = PeakBytes(plan.phases);
  plan.field = field.name;
  plan.field_value = field.value;
  plan.largest_that_fits = LargestThatFits(1, field.value, available_bytes, [&](int64_t value) {
    RecommenderOptions changed = options;
    DataCounts counts = data;
    field.set(value, &changed, &counts);
    return PeakBytes(PhasesOf(kind, changed, counts, threads));
  });
  return plan;
}

absl::Status CheckMemory(RecommenderKind kind, const RecommenderMemory& plan,
                         const HostMemory& memory) {
  if (plan.peak_bytes <= memory.available_bytes) return absl::OkStatus();
  const auto peak = std::ranges::max_element(plan.phases, {}, &MemoryPhase::bytes);
  const std::string needs =
      Concat(RecommenderKindName(kind), " needs about ", BytesText(plan.peak_bytes), " (",
             peak->name, ") with ", plan.field, " ", plan.field_value, ", and ",
             BytesText(memory.available_bytes), " are available (", memory.source, ")");
  if (!plan.largest_that_fits) {
    return ResourceExhausted(needs, "; not even ", plan.field, " 1 fits: fewer items ",
                             "(dataset.min_item_customers) or more memory is needed");
  }
  return ResourceExhausted(needs, "; lower ", plan.field, " to ", *plan.largest_that_fits);
}

}  // namespace burgeon
