// Customers of whom some belong to a group, for tests of lookalike audiences.
#ifndef BURGEON_TESTS_SUPPORT_LOOKALIKE_WORLD_H_
#define BURGEON_TESTS_SUPPORT_LOOKALIKE_WORLD_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/philox.h"
#include "tests/support/vectors.h"

namespace burgeon {

struct LookalikeWorld {
  FloatMatrix embeddings;          // [customers, dim]
  std::vector<CustomerRow> group;  // ascending
};

// The group is every customer whose first two dimensions are both large, whatever the other, far
// more varied dimensions say: near to each other only where it counts, so that plain distance is
// misled and a model is not.
inline LookalikeWorld MakeLookalikeWorld(int64_t customers, int64_t dim, uint64_t seed) {
  LookalikeWorld world{.embeddings = NormalVectors(customers, dim, seed), .group = {}};
  for (uint32_t i = 0; i < static_cast<uint64_t>(customers); ++i) {
    if (world.embeddings.at(i, 0) > 1.0F && world.embeddings.at(i, 1) > 0.7F) {
      world.group.emplace_back(i);
    }
    for (int64_t j = 2; j < dim; ++j) world.embeddings.at(i, j) *= 1.5F;
  }
  return world;
}

// Every other one, from `first`.
inline std::vector<CustomerRow> EveryOther(const std::vector<CustomerRow>& rows, size_t first) {
  std::vector<CustomerRow> out;
  for (size_t i = first; i < rows.size(); i += 2) out.push_back(rows[i]);
  return out;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_LOOKALIKE_WORLD_H_
