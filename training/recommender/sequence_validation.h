// The last item of every sequence, kept back to see how well a sequence model foretells it.
#ifndef BURGEON_TRAINING_RECOMMENDER_SEQUENCE_VALIDATION_H_
#define BURGEON_TRAINING_RECOMMENDER_SEQUENCE_VALIDATION_H_

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct SequenceValidation {
  ItemSequences train;  // every customer's sequence, less its last item where it has three or more
  CsrMatrix seen;       // [customers, items] what `train` holds
  CsrMatrix held_out;   // [customers, items] the last item; nothing where it was seen before
};

// kFailedPrecondition when nothing can be held out.
absl::StatusOr<SequenceValidation> HoldOutLast(const SequenceView& sequences, int64_t items);

struct SequenceQuality {
  double hit_rate = 0;  // @10
  double ndcg = 0;      // @10
};
// All items ranked but those seen; customers with something held out alone.
absl::StatusOr<SequenceQuality> ValidateSequences(ExecutionContext& context,
                                                  const SequenceValidation& validation,
                                                  const SequenceEncoder& encoder,
                                                  MatrixView<const float> item_embeddings);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SEQUENCE_VALIDATION_H_
