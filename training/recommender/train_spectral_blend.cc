#include "training/recommender/train_spectral_blend.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/base/limits.h"
#include "training/recommender/score_size.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 512;

absl::Status Validate(std::span<const SpectralPart> parts) {
  if (parts.empty() || std::ssize(parts) > kMaxSpectralParts) {
    return InvalidArgument("spectral: ", parts.size(), " parts; from 1 to ", kMaxSpectralParts,
                           " are possible");
  }
  int64_t dims = 0;
  for (size_t p = 0; p < parts.size(); ++p) {
    if (!(parts[p].weight > 0) || !std::isfinite(parts[p].weight)) {
      return InvalidArgument("spectral: part ", p + 1, ": weight ", parts[p].weight,
                             " is not a positive number");
    }
    dims += parts[p].options.rank;
  }
  if (dims > limits::kMaxDim) {
    return InvalidArgument("spectral: the ranks of the parts sum to ", dims, ", above ",
                           limits::kMaxDim);
  }
  return absl::OkStatus();
}

// The same table of every part, side by side; each is freed once it stands there.
FloatMatrix SideBySide(ExecutionContext& context, FloatMatrix RecommenderModel::*table,
                       std::vector<RecommenderModel>* parts) {
  int64_t dim = 0;
  for (const RecommenderModel& part : *parts) dim += (part.*table).cols();
  FloatMatrix out((parts->front().*table).rows(), dim);
  size_t column = 0;
  for (RecommenderModel& part : *parts) {
    const FloatMatrix from = std::exchange(part.*table, FloatMatrix());
    context.pool().ParallelFor(from.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        std::ranges::copy(from.row(i), out.row(i).subspan(column).begin());
      }
    });
    column += static_cast<size_t>(from.cols());
  }
  return out;
}

}  // namespace

std::vector<SpectralPart> ParseSpectralParts(const ConfigNode& node,
                                             const SpectralOptions& defaults) {
  std::vector<SpectralPart> parts;
  for (const ConfigNode& child : node.Children("parts")) {
    SpectralPart part;
    part.weight = static_cast<float>(child.GetDouble("weight", 1, {.min = 1e-6, .max = 1e6}));
    part.options = ParseSpectralOptions(child, defaults);
    parts.push_back(part);
  }
  if (std::ssize(parts) > kMaxSpectralParts) {
    node.Fail("parts", Concat(parts.size(), " parts; at most ", kMaxSpectralParts));
  }
  return parts;
}

std::vector<MemoryPhase> PlanSpectralBlend(std::span<const SpectralPart> parts,
                                           const DataCounts& data) {
  std::vector<MemoryPhase> phases;
  int64_t trained = 0;  // bytes of the parts before
  for (const SpectralPart& part : parts) {
    int64_t model = 0;
    for (MemoryPhase phase : PlanSpectral(part.options, data)) {
      if (phase.name == "write") {
        model = phase.bytes / 2;
        continue;
      }
      phase.bytes += trained;
      phases.push_back(std::move(phase));
    }
    trained += model;
  }
  phases.push_back({"side by side", 2 * trained});
  phases.push_back({"write", 2 * trained});
  return phases;
}

absl::StatusOr<RecommenderModel> TrainSpectralBlend(ExecutionContext& context,
                                                    const CsrView& interactions,
                                                    std::span<const SpectralPart> parts,
                                                    TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(parts));
  std::vector<RecommenderModel> models;
  RecommenderModel out;
  out.kind = RecommenderKind::kSpectral;
  for (size_t p = 0; p < parts.size(); ++p) {
    report->lines.push_back(Concat("part ", p + 1, " of ", parts.size()));
    BURGEON_ASSIGN_OR_RETURN(RecommenderModel model,
                             TrainSpectral(context, interactions, parts[p].options, report));
    const double size = RootMeanSquareScore(context, model, interactions);
    if (!(size > 0)) {
      return InvalidArgument("spectral: part ", p + 1,
                             " scores every item zero: its filter leaves ", "nothing");
    }
    const auto scale = static_cast<float>(static_cast<double>(parts[p].weight) / size);
    for (const float f : model.filter) out.filter.push_back(f * scale);
    model.customer_embeddings = FloatMatrix();
    out.popularity = std::move(model.popularity);
    models.push_back(std::move(model));
  }
  out.item_embeddings = SideBySide(context, &RecommenderModel::item_embeddings, &models);
  out.fold_in_items = SideBySide(context, &RecommenderModel::fold_in_items, &models);
  // By fold-in, so that a customer of training and the same history later have the same bits.
  BURGEON_ASSIGN_OR_RETURN(out.customer_embeddings,
                           FoldIn(context, out, {.weights = interactions}));
  return out;
}

}  // namespace burgeon
