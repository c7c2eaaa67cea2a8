// Embeddings of items that nobody has touched yet, from what is written about them: the words of
// their label and the values of their attributes, mapped to the space of the trained items.
//
//   BURGEON_ASSIGN_OR_RETURN(const ContentMap map,
//                            LearnContentMap(context, trained, embeddings, {}));
//   const FloatMatrix cold = map.Embed(context, unseen);     // [unseen, dim]
//
// An item becomes a set of tokens: its words in lower case ("hot", of letters and digits; bytes
// beyond ASCII belong to words), "name=value" of each text, with every category above it, and
// "name~n" of each number, n = round(2 log2 value), 0 below. Its features are 1 / sqrt(tokens) for
// each token of the map, and 1. The map W minimises
//   sum_i |x_i' W - y_i|^2 + ridge |W|^2
// over the trained items (ridge regression), by conjugate gradients on the normal equations, each
// dimension by itself; sums in double in fixed order, so the bits do not depend on threads. Plain
// data; thread-safe to read.
#ifndef BURGEON_ENGINE_RECOMMEND_CONTENT_EMBEDDING_H_
#define BURGEON_ENGINE_RECOMMEND_CONTENT_EMBEDDING_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/dataset/item_attributes.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// Ascending, each once. `attributes` may be of more items than this one.
std::vector<std::string> ContentTokens(std::string_view label, const ItemAttributes& attributes,
                                       uint32_t item);

struct ContentOptions {
  double ridge = 1;
  int iterations = 100;         // of conjugate gradients, at most
  int64_t min_items = 2;        // a token that fewer trained items have is left out
  int64_t max_tokens = 20'000;  // the most frequent ones, of equals the smaller text
};

class ContentMap {
 public:
  // [items, dim]. An item without a known token is embedded by the constant alone.
  FloatMatrix Embed(ExecutionContext& context,
                    std::span<const std::vector<std::string>> tokens) const;
  // How many of an item's tokens the map knows.
  int64_t Known(const std::vector<std::string>& tokens) const;
  int64_t tokens() const { return static_cast<int64_t>(column_.size()); }

 private:
  friend absl::StatusOr<ContentMap> LearnContentMap(
      ExecutionContext& context, std::span<const std::vector<std::string>> tokens,
      MatrixView<const float> embeddings, const ContentOptions& options);
  CsrMatrix Features(std::span<const std::vector<std::string>> tokens) const;

  StringMap<uint32_t> column_;
  FloatMatrix weights_;  // [tokens + 1, dim], the constant last
};

// tokens: of the trained items, as many as rows of embeddings. kFailedPrecondition without items,
// kInvalidArgument for a ridge that is not positive.
absl::StatusOr<ContentMap> LearnContentMap(ExecutionContext& context,
                                           std::span<const std::vector<std::string>> tokens,
                                           MatrixView<const float> embeddings,
                                           const ContentOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_CONTENT_EMBEDDING_H_
