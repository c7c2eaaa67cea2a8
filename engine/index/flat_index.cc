#include "engine/index/index_kinds.h"

namespace burgeon {

namespace {

class FlatIndex final : public VectorIndex {
 public:
  FlatIndex(MatrixView<const float> vectors, const IndexParams& params)
      : params_(params), scorer_(vectors, params.similarity) {}

  const IndexParams& params() const override { return params_; }
  int64_t rows() const override { return scorer_.vectors().rows; }
  absl::StatusOr<std::vector<Neighbor>> Search(std::span<const float> query, int k) const override {
    BURGEON_RETURN_IF_ERROR(scorer_.Check(query, k));
    if (!scorer_.Finds(query)) return std::vector<Neighbor>();
    return scorer_.BestOfAll(query, k);
  }
  absl::StatusOr<std::string> Serialize() const override { return std::string(); }

 private:
  IndexParams params_;
  VectorScorer scorer_;
};

}  // namespace

std::unique_ptr<VectorIndex> BuildFlatIndex(MatrixView<const float> vectors,
                                            const IndexParams& params) {
  return std::make_unique<FlatIndex>(vectors, params);
}

}  // namespace burgeon
