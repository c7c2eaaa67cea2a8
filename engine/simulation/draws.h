// Random numbers of the simulated world. Every one is a function of (seed, stream, entity, sub,
// position), never of what another entity drew or of the thread: so a person, an item or a defect
// is the same whatever else the world holds.
//
//   Draws draws(seed, Stream::kSessions, person);
//   const double gap_days = draws.Exponential() / rate;
#ifndef BURGEON_ENGINE_SIMULATION_DRAWS_H_
#define BURGEON_ENGINE_SIMULATION_DRAWS_H_

#include <array>
#include <cstdint>
#include <span>

#include "engine/base/philox.h"

namespace burgeon {

// What numbers are for. The values are part of what a seed means: never renumber.
enum class Stream : uint8_t {
  kCatalogue = 1,
  kItem = 2,
  kPerson = 3,
  kTimes = 4,     // when a person comes, and when the person is gone
  kSessions = 5,  // what happens in a session
  kAfter = 6,     // what follows a purchase: returns, reviews
  kFeedback = 7,  // surveys
  kConsent = 8,
  kLags = 9,  // when an event is known
  kAttributes = 10,
  kAggregates = 11,
  kDefects = 12,
  kTreatments = 13,  // reserved: who is treated when campaigns join (docs/simulation.md)
  kTexts = 14,
};

class Draws {
 public:
  // entity < 2^56; `sub` is a part of the entity's own, such as a session.
  Draws(uint64_t seed, Stream stream, uint64_t entity, uint32_t sub = 0)
      : philox_(seed, uint64_t{static_cast<uint8_t>(stream)} << 56 | entity),
        index_(uint64_t{sub} << 32) {}

  uint32_t Word() {
    if (used_ == 4) {
      words_ = philox_.Words(index_++);
      used_ = 0;
    }
    return words_[used_++];
  }
  // Uniform in (0, 1), 32 bits: never 0, never 1.
  double Uniform() { return (static_cast<double>(Word()) + 0.5) * 0x1p-32; }
  bool Chance(double probability) { return Uniform() < probability; }
  // Uniform in 0 .. bound - 1; the bias is below bound / 2^32.
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>((uint64_t{Word()} * bound) >> 32); }
  double Exponential();  // mean 1
  double Normal();       // Box and Muller (1958)
  // Mean `shape`, scale 1. Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables",
  // ACM TOMS 26 (2000); below shape 1 by their boost.
  double Gamma(double shape);
  // Failures before the first success: mean (1 - p) / p.
  uint32_t Geometric(double p);
  // A row of `cumulative`, ascending sums that end at the total.
  size_t Pick(std::span<const double> cumulative);

 private:
  Philox philox_;
  std::array<uint32_t, 4> words_ = {};
  uint64_t index_;
  uint32_t used_ = 4;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_DRAWS_H_
