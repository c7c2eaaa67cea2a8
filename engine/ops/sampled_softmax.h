// Softmax cross entropy of a positive among sampled candidates, and its gradients: what a two-tower
// or sequence model trains with. The contract of both the CPU and the CUDA form.
//
// For query row i with its positive row p_i, candidates c_j, temperature T and weight w_i:
//   s_i0 = <q_i, p_i> / T - log_q(p_i),   s_ij = <q_i, c_j> / T - log_q(c_j),
//   loss_i = -log( exp(s_i0) / (exp(s_i0) + sum_j exp(s_ij)) ),
// the sum over candidates whose id is not that of the positive ("accidental hits" do not count).
// Taking log q off corrects for sampling with probabilities q (Bengio and Senecal, "Adaptive
// Importance Sampling to Accelerate Training of a Neural Probabilistic Language Model", 2008; Yi et
// al., "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations", RecSys
// 2019). With in-batch negatives the candidates are the positives, and ids mask each one's own.
// Gradients are those of sum_i w_i loss_i; with P_ij = exp(s_ij) / (exp(s_i0) + sum_j exp(s_ij)):
//   dq_i = w_i / T (sum_j P_ij c_j - (1 - P_i0) p_i),   dp_i = -w_i / T (1 - P_i0) q_i,
//   dc_j = 1 / T sum_i w_i P_ij q_i.
// The matrix of logits is never written: tiles of it are made, used and made again.
//
//   SampledSoftmaxInput input{.queries = q, .positives = p, .candidates = c};
//   input.positive_ids = ...; input.candidate_ids = ...;
//   BURGEON_RETURN_IF_ERROR(SampledSoftmax(context, input, {.temperature = 0.07F}, output));
//
// Error. Let D be the largest error of a logit. A loss is off by at most 2 D, and each gradient
// element by at most (exp(2 D) - 1 + r) times the same sum with absolute values.
//   CPU: fp32 sums; D <= (dim + 8) 2^-22 |q| |c| / T, r <= (rows + candidates + 16) 2^-22.
//   CUDA, kBf16: vectors and P are rounded to bf16, sums are in fp32 (u = 2^-22,
//   cuda/top_k_bound.h):
//     D <= (2^-8 + 2^-17 + 2 (dim + 8) 2^-22) |q| |c| / T, r <= 2^-7 + (rows + candidates + 16)
//     2^-21.
//   CUDA, kSplitBf16: logits from two bf16 a value, three products; P and the other operand of the
//     gradients as in kBf16: D <= (2^-15 + 6 (dim + 8) 2^-22) |q| |c| / T.
//   All: and |s| 2^-20 for arithmetic on logits themselves.
// Same bits for any number of threads; on a device from run to run.
#ifndef BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_H_
#define BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct SampledSoftmaxInput {
  MatrixView<const float> queries = {};     // [n, dim]
  MatrixView<const float> positives = {};   // [n, dim]
  MatrixView<const float> candidates = {};  // [m, dim]
  // Both or neither.
  std::span<const uint32_t> positive_ids = {};   // [n]
  std::span<const uint32_t> candidate_ids = {};  // [m]
  // Each may be empty: zeros.
  std::span<const float> positive_log_q = {};   // [n]
  std::span<const float> candidate_log_q = {};  // [m]
  std::span<const float> weights = {};          // [n], >= 0; empty: ones
};

// Of a CUDA device; a CPU has one way.
enum class SoftmaxPrecision {
  kBf16,       // up to 384 dimensions
  kSplitBf16,  // up to 128 dimensions; some three times the work
};

struct SampledSoftmaxParams {
  float temperature = 1;  // > 0
  SoftmaxPrecision precision = SoftmaxPrecision::kBf16;
};

// Overwritten. Gradients without data are not computed, all three or none.
struct SampledSoftmaxOutput {
  std::span<float> losses = {};               // [n], without weights
  MatrixView<float> query_gradient = {};      // [n, dim]
  MatrixView<float> positive_gradient = {};   // [n, dim]
  MatrixView<float> candidate_gradient = {};  // [m, dim]
};

// kInvalidArgument for shapes that do not fit, values that are not finite, and logits beyond the
// range of fp32.
absl::Status SampledSoftmax(ExecutionContext& context, const SampledSoftmaxInput& input,
                            const SampledSoftmaxParams& params, const SampledSoftmaxOutput& output);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_H_
