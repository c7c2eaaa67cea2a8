// One release in memory, immutable, shared by serving and batch. Built by LoadRelease
// (release_store.h).
#ifndef BURGEON_ENGINE_RELEASE_LOADED_RELEASE_H_
#define BURGEON_ENGINE_RELEASE_LOADED_RELEASE_H_

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "engine/index/vector_index.h"
#include "engine/ops/dense.h"
#include "engine/recommend/recommend.h"
#include "engine/release/release_data.h"

namespace burgeon {

class LoadedRelease {
 public:
  LoadedRelease(std::string id, std::unique_ptr<const ReleaseData> data,
                std::unique_ptr<VectorIndex> item_index,
                std::unique_ptr<VectorIndex> customer_index)
      : id_(std::move(id)),
        data_(std::move(data)),
        item_index_(std::move(item_index)),
        customer_index_(std::move(customer_index)) {}

  const std::string& id() const { return id_; }
  const ReleaseData& data() const { return *data_; }
  const VectorIndex& item_index() const { return *item_index_; }          // inner product
  const VectorIndex& customer_index() const { return *customer_index_; }  // cosine
  // Of the item embeddings; made when it is first asked for. Thread-safe.
  const DoubleMatrix& item_gram(ExecutionContext& context) const {
    std::call_once(gram_made_,
                   [&] { item_gram_ = Gram(context, data_->recommender.item_embeddings.view()); });
    return item_gram_;
  }

 private:
  std::string id_;
  std::unique_ptr<const ReleaseData> data_;  // before the indexes: they point into it
  std::unique_ptr<VectorIndex> item_index_;
  std::unique_ptr<VectorIndex> customer_index_;
  mutable std::once_flag gram_made_;
  mutable DoubleMatrix item_gram_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RELEASE_LOADED_RELEASE_H_
