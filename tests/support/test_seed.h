// The seed of a random test: BURGEON_TEST_SEED when it is set, so that a failure can be run again,
// else a fresh one. It is printed either way.
#ifndef BURGEON_TESTS_SUPPORT_TEST_SEED_H_
#define BURGEON_TESTS_SUPPORT_TEST_SEED_H_

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

#include "engine/base/text.h"

namespace burgeon {

inline uint64_t TestSeed() {
  static const uint64_t seed = [] {
    const char* const given = std::getenv("BURGEON_TEST_SEED");
    const auto replay = given == nullptr ? std::nullopt : ParseInt64(given);
    return replay ? static_cast<uint64_t>(*replay) : uint64_t{std::random_device{}()};
  }();
  std::cout << "BURGEON_TEST_SEED=" << seed << "\n";
  return seed;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_TEST_SEED_H_
