#include "training/recommender/train_blend.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "training/recommender/score_size.h"
#include "training/recommender/train_ranker.h"

namespace burgeon {
namespace {

absl::Status Validate(const BlendOptions& options) {
  if (options.members.empty() || std::ssize(options.members) > kMaxBlendMembers) {
    return InvalidArgument("blend: ", options.members.size(), " members; from 1 to ",
                           kMaxBlendMembers, " are possible (recommender.blend.members)");
  }
  for (size_t m = 0; m < options.members.size(); ++m) {
    const BlendMember& member = options.members[m];
    if (!(member.weight > 0) || !std::isfinite(member.weight)) {
      return InvalidArgument("blend: member ", m + 1, ": weight ", member.weight,
                             " is not a positive number");
    }
    if (member.recommender.kind == RecommenderKind::kBlend) {
      return InvalidArgument("blend: member ", m + 1, " is a blend itself");
    }
  }
  return absl::OkStatus();
}

// a + scale b, entry by entry; a without rows is nothing.
CsrMatrix Add(const CsrMatrix& a, float scale, const CsrMatrix& b) {
  CsrMatrix out;
  out.cols = b.cols;
  const auto put = [&out](uint32_t column, float value) {
    out.columns.push_back(column);
    out.values.push_back(value);
  };
  for (int64_t i = 0; i < b.rows(); ++i) {
    const auto left = a.rows() == 0 ? std::span<const uint32_t>() : a.view().row_columns(i);
    const auto left_values = a.rows() == 0 ? std::span<const float>() : a.view().row_values(i);
    const auto right = b.view().row_columns(i);
    const auto right_values = b.view().row_values(i);
    size_t l = 0;
    size_t r = 0;
    while (l < left.size() || r < right.size()) {
      if (r == right.size() || (l < left.size() && left[l] < right[r])) {
        put(left[l], left_values[l]);
        ++l;
      } else if (l == left.size() || right[r] < left[l]) {
        put(right[r], scale * right_values[r]);
        ++r;
      } else {
        put(left[l], left_values[l] + scale * right_values[r]);
        ++l;
        ++r;
      }
    }
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

class Blender {
 public:
  Blender(ExecutionContext& context, const RecommenderData& data, TrainingReport* report)
      : context_(context), data_(data), report_(report) {
    blend_.kind = RecommenderKind::kBlend;
  }

  absl::Status Add(const BlendMember& member, size_t number, size_t count) {
    const RecommenderKind kind = member.recommender.kind;
    report_->lines.push_back(
        Concat("member ", number, " of ", count, ": ", RecommenderKindName(kind)));
    auto trained = TrainRecommender(context_, data_, kind, member.recommender, report_);
    if (!trained.ok()) {
      return Annotate(trained.status(), Concat("blend: member ", number));
    }
    BURGEON_ASSIGN_OR_RETURN(const float scale, Scale(*trained, member.weight, number));
    if (blend_.popularity.empty()) blend_.popularity = trained->popularity;
    if (trained->has_operator()) {
      blend_.item_operator = burgeon::Add(blend_.item_operator, scale, trained->item_operator);
      return absl::OkStatus();
    }
    trained->customer_embeddings = FloatMatrix(0, trained->dim());
    blend_.members.push_back(*std::move(trained));
    blend_.member_weights.push_back(scale);
    return absl::OkStatus();
  }

  absl::StatusOr<RecommenderModel> Finish() {
    if (blend_.members.empty()) {
      return InvalidArgument(
          "blend: every member ranks by an item operator; one with embeddings (spectral, als, ",
          "sequence) is needed, which indexes, neighbours and lookalike go by");
    }
    int64_t dim = 0;
    for (const RecommenderModel& member : blend_.members) dim += member.dim();
    if (dim > limits::kMaxDim) {
      return InvalidArgument("blend: the dimensions of the members sum to ", dim, ", above ",
                             limits::kMaxDim);
    }
    StackMembers(&blend_);
    // By fold-in, so that a customer of training and the same history later have the same bits.
    BURGEON_ASSIGN_OR_RETURN(
        blend_.customer_embeddings,
        FoldIn(context_, blend_, {.weights = data_.interactions, .sequence = data_.sequences}));
    return std::move(blend_);
  }

 private:
  absl::StatusOr<float> Scale(const RecommenderModel& model, float weight, size_t number) {
    const double size = RootMeanSquareScore(context_, model, data_.interactions);
    if (!(size > 0) || !std::isfinite(size)) {
      return InvalidArgument("blend: member ", number, " (", RecommenderKindName(model.kind),
                             ") scores every item zero");
    }
    return static_cast<float>(static_cast<double>(weight) / size);
  }

  ExecutionContext& context_;
  const RecommenderData& data_;
  TrainingReport* report_;
  RecommenderModel blend_;
};

absl::StatusOr<RecommenderModel> BlendOf(ExecutionContext& context, const RecommenderData& data,
                                         const BlendOptions& options, TrainingReport* report) {
  Blender blender(context, data, report);
  for (size_t m = 0; m < options.members.size(); ++m) {
    BURGEON_RETURN_IF_ERROR(blender.Add(options.members[m], m + 1, options.members.size()));
  }
  return blender.Finish();
}

absl::StatusOr<ListRanker> RankerOf(ExecutionContext& context, const RecommenderData& data,
                                    const BlendOptions& options, TrainingReport* report) {
  const RankerSplit split = HoldOutForRanker(data.interactions, data.sequences, options.ranker);
  report->lines.push_back("members without what the ranker learns from");
  BURGEON_ASSIGN_OR_RETURN(const RecommenderModel blend,
                           BlendOf(context,
                                   {.interactions = split.train.view(),
                                    .sequences = split.sequences.view(),
                                    .item_features = data.item_features},
                                   options, report));
  const ItemTrends trends(data.sequences, data.interactions.cols, options.ranker.trend_days);
  return TrainRanker(context, blend, split, trends, options.ranker, report);
}

}  // namespace

absl::StatusOr<RecommenderModel> TrainBlend(ExecutionContext& context, const RecommenderData& data,
                                            const BlendOptions& options, TrainingReport* report) {
  BURGEON_RETURN_IF_ERROR(Validate(options));
  ListRanker ranker;
  if (options.ranker.pool > 0) {
    BURGEON_ASSIGN_OR_RETURN(ranker, RankerOf(context, data, options, report));
  }
  BURGEON_ASSIGN_OR_RETURN(RecommenderModel blend, BlendOf(context, data, options, report));
  blend.ranker = std::move(ranker);
  return blend;
}

}  // namespace burgeon
