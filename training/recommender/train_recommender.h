// Training of every kind of recommender, by name: the one place that knows them all.
//
//   RecommenderOptions options = ParseRecommenderOptions(config.root().Child("recommender"));
//   TrainingReport report;
//   BURGEON_ASSIGN_OR_RETURN(const RecommenderModel model,
//                            TrainRecommender(context, {.interactions = csr.view()},
//                                             RecommenderKind::kSpectral, options, &report));
//
// Same bits for any number of threads; a result depends on data, options and seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_RECOMMENDER_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_RECOMMENDER_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "training/recommender/ranker_options.h"
#include "training/recommender/train_als.h"
#include "training/recommender/train_ease.h"
#include "training/recommender/train_graph_filter.h"
#include "training/recommender/train_item_knn.h"
#include "training/recommender/train_sequence.h"
#include "training/recommender/train_spectral_blend.h"
#include "training/recommender/train_two_tower.h"

namespace burgeon {

// What there is to learn from. Views; a kind reads what it needs of it.
struct RecommenderData {
  CsrView interactions = {};    // [customers, items], weights > 0
  SequenceView sequences = {};  // [customers] items in order of time; without offsets: not known
  CsrView item_features = {};  // [items, features] what is known of items; without offsets: nothing
};

struct BlendMember;

// What blend is made of (train_blend.h).
struct BlendOptions {
  std::vector<BlendMember> members;
  RankerOptions ranker;
};

// The options of every kind, of which a job uses one or several.
struct RecommenderOptions {
  RecommenderKind kind = RecommenderKind::kSpectral;  // "model" of the config
  SpectralOptions spectral;
  std::vector<SpectralPart> spectral_parts;  // "spectral.parts"; empty: spectral alone
  AlsOptions als;
  EaseOptions ease;
  ItemKnnOptions item_knn;
  GraphFilterOptions graph_filter;
  SequenceOptions sequence;
  TwoTowerOptions two_tower;
  BlendOptions blend;
};

struct BlendMember {
  float weight = 1;                // > 0
  RecommenderOptions recommender;  // its kind, not blend, and the options of that kind
};

// The kinds that TrainRecommender trains, in the order they are listed to people: all there are.
std::span<const RecommenderKind> TrainableKinds();
// Nothing for a name that is not of TrainableKinds().
std::optional<RecommenderKind> ParseTrainableKind(std::string_view name);

// Whether a training of this kind can be stopped and gone on with (training/run/checkpoint.h).
bool KeepsCheckpoints(RecommenderKind kind);
// Whether it learns from RecommenderData::sequences, for certain; a blend may.
bool NeedsOrder(RecommenderKind kind);
// Whether it makes something of it where it is there: those that need it, and blends.
bool ReadsOrder(RecommenderKind kind);

// {model: spectral, spectral: {...}, als: {...}, ease: {...}, item_knn: {...},
//  graph_filter: {...}, sequence: {...}, two_tower: {...},
//  blend: {members: [{weight: 1, model: als, als: {...}}]}}
RecommenderOptions ParseRecommenderOptions(const ConfigNode& node);
// The same seed for every kind.
void SetSeed(uint64_t seed, RecommenderOptions* options);

// By `kind`, whatever options.kind says. kFailedPrecondition when there is nothing to learn from,
// kInvalidArgument for a kind that is not of TrainableKinds(), or data that it needs and are not
// there.
absl::StatusOr<RecommenderModel> TrainRecommender(ExecutionContext& context,
                                                  const RecommenderData& data, RecommenderKind kind,
                                                  const RecommenderOptions& options,
                                                  TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_RECOMMENDER_H_
