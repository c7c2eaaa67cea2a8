// Of the program, as manifests name it.
#ifndef BURGEON_ENGINE_BASE_VERSION_H_
#define BURGEON_ENGINE_BASE_VERSION_H_

namespace burgeon {

inline constexpr char kBurgeonVersion[] = "0.1.0";

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_VERSION_H_
