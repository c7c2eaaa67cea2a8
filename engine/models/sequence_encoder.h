// What a sequence model makes of a customer's items in order: causal self-attention over the last
// of them (SASRec: Kang, McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018) with gated
// residuals and a gated feed-forward as in LiGR ("From Features to Transformers: Redefining Ranking
// for Scalable Impact", Borisyuk et al., 2025). Inference alone, without LibTorch: what
// engine/models/sequence_module.h trained is exported into it.
//
//   x_t  = sqrt(d) E[item_t] + P[t]                                    t from the oldest kept
//   x   <- x + sigmoid(G_a x) * W_o attention(norm(x))                 a block
//   x   <- x + sigmoid(G_f x) * W_down(silu(W_up norm(x)) * W_side norm(x))
//   out  = norm(x_last), scaled to length 1
//
// An item's score is its inner product with an item table of the same dim (RecommenderModel).
#ifndef BURGEON_ENGINE_MODELS_SEQUENCE_ENCODER_H_
#define BURGEON_ENGINE_MODELS_SEQUENCE_ENCODER_H_

#include <cstdint>
#include <vector>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct SequenceLayer {
  FloatMatrix weight;       // [inputs, outputs]
  std::vector<float> bias;  // [outputs]
};

// (x - mean) / sqrt(variance + 1e-5), times gain, plus bias.
struct SequenceNorm {
  std::vector<float> gain;  // [d]
  std::vector<float> bias;  // [d]
};

struct SequenceBlock {
  SequenceNorm attention_norm;
  SequenceLayer query_key_value;  // [d, 3 d]; each a heads x (d / heads)
  SequenceLayer attention_out;    // [d, d]
  SequenceLayer attention_gate;   // [d, d]
  SequenceNorm feed_norm;
  SequenceLayer feed_up;    // [d, f]
  SequenceLayer feed_side;  // [d, f]
  SequenceLayer feed_down;  // [f, d]
  SequenceLayer feed_gate;  // [d, d]
};

struct SequenceEncoder {
  int heads = 1;          // divides d
  FloatMatrix items;      // [items, d]
  FloatMatrix positions;  // [length, d]: so many of the newest items are read
  std::vector<SequenceBlock> blocks;
  SequenceNorm last_norm;
  int64_t dim() const { return items.cols(); }
  int64_t length() const { return positions.rows(); }
};

// [rows, d], each of length 1; zeros for a row without items. A row has the same bits whatever rows
// are encoded with it. kInvalidArgument for an item that the encoder does not know.
absl::StatusOr<FloatMatrix> EncodeSequences(ThreadPool& pool, const SequenceEncoder& encoder,
                                            const SequenceView& sequences);

// Tensors under "recommender.sequence.*".
void AddSequenceTensors(const SequenceEncoder& encoder, TensorFile* file);
// Checks every shape against that of the items, and every number. kDataLoss.
absl::StatusOr<SequenceEncoder> ReadSequenceTensors(const TensorFile& file);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_SEQUENCE_ENCODER_H_
