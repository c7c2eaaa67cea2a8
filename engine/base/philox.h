// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy
// as 1, 2, 3", SC 2011. The number for (seed, stream, index) never depends on what was drawn
// before, so results do not depend on the order of threads.
//
//   Philox random(seed, kInitialFactors);      // stream: what the numbers are for
//   float z = random.Normal(row * dim + k);
#ifndef BURGEON_ENGINE_BASE_PHILOX_H_
#define BURGEON_ENGINE_BASE_PHILOX_H_

#include <array>
#include <cmath>
#include <cstdint>

namespace burgeon {

class Philox {
 public:
  constexpr Philox(uint64_t seed, uint64_t stream) : seed_(seed), stream_(stream) {}

  // The four 32-bit words at `index`.
  constexpr std::array<uint32_t, 4> Words(uint64_t index) const {
    std::array<uint32_t, 4> x = {static_cast<uint32_t>(index), static_cast<uint32_t>(index >> 32),
                                 static_cast<uint32_t>(stream_),
                                 static_cast<uint32_t>(stream_ >> 32)};
    uint32_t k0 = static_cast<uint32_t>(seed_);
    uint32_t k1 = static_cast<uint32_t>(seed_ >> 32);
    for (int round = 0; round < 10; ++round) {
      const uint64_t p0 = uint64_t{0xD2511F53} * x[0];
      const uint64_t p1 = uint64_t{0xCD9E8D57} * x[2];
      x = {static_cast<uint32_t>(p1 >> 32) ^ x[1] ^ k0, static_cast<uint32_t>(p1),
           static_cast<uint32_t>(p0 >> 32) ^ x[3] ^ k1, static_cast<uint32_t>(p0)};
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    return x;
  }

  // Uniform in [0, 1), 53 bits.
  constexpr double Uniform(uint64_t index) const {
    const auto words = Words(index);
    const uint64_t bits = (uint64_t{words[0]} << 32 | words[1]) >> 11;
    return static_cast<double>(bits) * 0x1p-53;
  }

  // Uniform in [0, bound), bound >= 1; the bias is below bound / 2^64.
  constexpr uint64_t Below(uint64_t index, uint64_t bound) const {
    const auto words = Words(index);
    const uint64_t bits = uint64_t{words[0]} << 32 | words[1];
    return static_cast<uint64_t>((static_cast<unsigned __int128>(bits) * bound) >> 64);
  }

  // Standard normal, by Box and Muller (1958).
  double Normal(uint64_t index) const {
    const auto words = Words(index);
    const double u = (static_cast<double>(words[0]) + 1.0) * 0x1p-32;  // (0, 1]
    const double v = static_cast<double>(words[1]) * 0x1p-32;
    return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586476925 * v);
  }

 private:
  uint64_t seed_;
  uint64_t stream_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_PHILOX_H_
