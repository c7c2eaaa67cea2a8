// A release manifest from any bytes: what is accepted must be written again and read back the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/release/release_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace burgeon;  // NOLINT: a fuzz target is one function
  const auto manifest =
      ParseReleaseManifest(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!manifest.ok()) return 0;
  const std::string text = ReleaseManifestText(*manifest);
  const auto again = ParseReleaseManifest(text, "again");
  BURGEON_CHECK(again.ok());
  BURGEON_CHECK(ReleaseManifestText(*again) == text);
  return 0;
}
