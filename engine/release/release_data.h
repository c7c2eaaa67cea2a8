// All that a query needs, as plain data: what publish writes and what load gives back.
#ifndef BURGEON_ENGINE_RELEASE_RELEASE_DATA_H_
#define BURGEON_ENGINE_RELEASE_RELEASE_DATA_H_

#include <optional>
#include <string>
#include <vector>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/dataset/item_attributes.h"
#include "engine/dataset/snapshot.h"
#include "engine/dataset/vocabulary.h"
#include "engine/events/event.h"
#include "engine/features/customer_features.h"
#include "engine/governance/consent.h"
#include "engine/index/vector_index.h"
#include "engine/models/churn_model.h"
#include "engine/models/recommender_model.h"
#include "engine/release/contact.h"

namespace burgeon {

struct ReleaseData {
  std::string snapshot_id;
  TimeMicros as_of = 0;  // data watermark
  Vocabulary customers;
  Vocabulary items;
  std::vector<std::string> item_label;     // [items], "" when there is none
  ItemAttributes item_attributes;          // of items, for rules about lists
  std::vector<uint8_t> item_content;       // [items] 1: its embedding comes from what is written
                                           // about it (content_items.h); empty: of none
  std::vector<ConsentBits> consent;        // [customers]
  std::vector<ConsentTimes> consent_said;  // [customers] when each purpose was last spoken of in
                                           // what the release was made from; empty: never
  ConsentPolicy consent_policy;            // for customers the release does not know
  EventWeights event_weights;              // turns the events of a request into a history
  bool pseudonymous = false;               // ids in requests are pseudonymised before the look-up
  CsrMatrix interactions;                  // [customers, items]
  CsrMatrix seen;                          // [customers, items] pattern
  ItemSequences order;                     // [customers] the newest items in order of time, as many
                                           // as the recommender reads; no rows, and no times, for
                                           // one that reads no order
  FeatureTable features;                   // [customers, f] at as_of
  ContactHistory contacts;                 // [customers] when they were contacted; may be absent
  RecommenderModel recommender;
  std::optional<ChurnModel> churn;
  std::vector<float> churn_risk;  // [customers]; empty without a churn model; NaN: the
                                  // customer is not in the model's population (not active)
  IndexParams item_index;
  IndexParams customer_index;
  std::string config_sha256;
  // Where it comes from, for `burgeon lineage`.
  std::string recommender_candidate;  // "" when it did not come from one
  std::string churn_candidate;
  int64_t store_version = 0;  // of the event store that the snapshot was built from; 0: not known
  TimeMicros erasure_watermark = 0;  // erasures until then are worked in; 0: none is
  std::string replaces;              // release that this one is, without somebody; "" for none
  std::string metrics_json;          // offline metrics as training wrote them, a JSON object
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_RELEASE_DATA_H_
