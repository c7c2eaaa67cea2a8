// Which vector instructions this CPU has, for the few kernels of this room that are compiled more
// than once. A kernel is written once, as an always-inline body on plain loops, and
// wrapped by one function an instruction set:
//
//   BURGEON_SIMD_KERNEL(float, Sum, (const float* x, int64_t n), (x, n))   // calls SumBody
//
// (Not GCC's target_clones: its resolvers run before a sanitizer is ready.)
#ifndef BURGEON_ENGINE_OPS_SIMD_H_
#define BURGEON_ENGINE_OPS_SIMD_H_

namespace burgeon {

enum class SimdLevel { kBaseline, kAvx2, kAvx512 };

// The best this CPU has; found once.
SimdLevel DetectedSimdLevel();

// Instructions beyond a level, for kernels written for them alone; found once.
bool HasAvx512Vnni();  // with kAvx512
bool HasAvx512Bf16();  // with kAvx512
// AMX tiles of bf16, and the kernel lets this process use them (Linux asks for leave first).
bool HasAmxBf16();  // with kAvx512

}  // namespace burgeon

#if defined(__x86_64__)
#define BURGEON_SIMD_KERNEL(result, name, parameters, arguments)                               \
  __attribute__((target(                                                                       \
      "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))) static result name##Avx512 parameters { \
    return name##Body arguments;                                                               \
  }                                                                                            \
  __attribute__((target("avx2,fma"))) static result name##Avx2 parameters {                    \
    return name##Body arguments;                                                               \
  }                                                                                            \
  static result name##Baseline parameters { return name##Body arguments; }                     \
  static result name##Dispatch parameters {                                                    \
    switch (DetectedSimdLevel()) {                                                             \
      case SimdLevel::kAvx512:                                                                 \
        return name##Avx512 arguments;                                                         \
      case SimdLevel::kAvx2:                                                                   \
        return name##Avx2 arguments;                                                           \
      case SimdLevel::kBaseline:                                                               \
        break;                                                                                 \
    }                                                                                          \
    return name##Baseline arguments;                                                           \
  }
#else
#define BURGEON_SIMD_KERNEL(result, name, parameters, arguments) \
  static result name##Dispatch parameters { return name##Body arguments; }
#endif
#define BURGEON_SIMD_BODY static inline __attribute__((always_inline))

#endif  // BURGEON_ENGINE_OPS_SIMD_H_
