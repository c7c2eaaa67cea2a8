// graph_filter: a low-pass filter on the graph of customers and items, as an item-item operator:
//
//   P = A'A,  A = D_u^-a R D_i^-b,   B_ij = h(P)_ij (d_j / d_i)^g + w (V V')_ij (d_j / d_i)^e
//
// with D_u and D_i the row and column sums of R, d_i = (D_i)_ii, and V the `ideal_rank` leading
// eigenvectors of P (the ideal low pass). score(u, .) = x_u B. h is
//  - polynomial: h(P) = c_1 P + c_2 P^2 + ..., `coefficients` c;
//  - plateau: the Chebyshev interpolation, of `degree`, of a response that is flat between: over
//    t = 1 - 2 p in [-1, 1], p an eigenvalue of P,  h = (1 + |t|^flatness) / 2 for t < 0 and
//    (1 - t^flatness) / 2 for t >= 0.
// Published models that these are, with their values for Gowalla:
//  - GF-CF (Shen et al., CIKM 2021): coefficients [1], a = b = .5, g 0, w .3, ideal_rank 256, e .5;
//    the defaults.
//  - Turbo-CF (Park et al., SIGIR 2024), without its element-wise power of P: w 0 and coefficients
//    [1], [2, -1] or [.71, .1, -.01], with b = 1 - a.
//  - ChebyCF (Kim et al., WWW 2025): plateau, degree 8, flatness 1.5, g = e = .4, w .2,
//    ideal_rank 512. Its response is taken at the nodes of the interpolation; the authors' program
//    takes it at the extrema instead.
//
// h(P) is computed in blocks of its columns by sparse products, never as a whole: time is
// 4 nonzeros items degree floating-point operations. `keep_entries` keeps the entries of largest
// magnitude of each row. An item's own entry B_ii stays: it matters where items already bought may
// be listed.
//
// Its embeddings are those of a spectral model (train_spectral.h) of `embedding` options.
// Same bits for any number of threads; the result depends on data, options and seed alone. Runs on
// the host's CPU, whatever device the context has.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_GRAPH_FILTER_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_GRAPH_FILTER_H_

#include <cstdint>
#include <vector>

#include "training/recommender/train_spectral.h"

namespace burgeon {

enum class GraphResponse { kPolynomial, kPlateau };

struct GraphFilterOptions {
  GraphResponse response = GraphResponse::kPolynomial;
  std::vector<double> coefficients = {1};  // of P, P^2, ...; polynomial
  int degree = 8;                          // plateau
  float flatness = 1.5F;                   // plateau, > 0
  float customer_exponent = 0.5F;          // a
  float item_exponent = 0.5F;              // b
  float degree_exponent = 0;               // g
  float ideal_weight = 0.3F;               // w >= 0; 0: no ideal low pass
  int ideal_rank = 256;
  float ideal_exponent = 0.5F;  // e
  int keep_entries = 500;       // of each row; 0: all
  double memory_gib = 16;       // what training and the operator may take together
  SpectralOptions embedding = EmbeddingOptions();
};

GraphFilterOptions ParseGraphFilterOptions(const ConfigNode& node);

// c_0, c_1, ..., so that sum_k c_k T_k(t), T the Chebyshev polynomials, is the plateau response at
// the degree + 1 zeros of T_(degree + 1) (Trefethen, "Approximation Theory and Approximation
// Practice", 2019, chapter 3).
std::vector<double> PlateauCoefficients(int degree, double flatness);

// Bytes at the peak of TrainGraphFilter, beside the interactions.
int64_t GraphFilterMemoryBytes(int64_t customers, int64_t items, const GraphFilterOptions& options);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty;
// kInvalidArgument for options out of range, and for a plateau with exponents other than a = b =
// .5, which alone keep the eigenvalues of P from 0 to 1; kResourceExhausted, before anything is
// allocated, when it needs more than memory_gib.
absl::StatusOr<RecommenderModel> TrainGraphFilter(ExecutionContext& context,
                                                  const CsrView& interactions,
                                                  const GraphFilterOptions& options,
                                                  TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_GRAPH_FILTER_H_
