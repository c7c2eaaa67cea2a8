// A tensor file from any bytes: what is accepted must be written again and read back the same, and
// every getter must answer.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/storage/tensor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace burgeon;  // NOLINT: a fuzz target is one function
  const auto file =
      ParseTensors(std::string_view(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!file.ok()) return 0;
  const std::string bytes = SerializeTensors(*file);
  const auto again = ParseTensors(bytes, "again");
  BURGEON_CHECK(again.ok());
  BURGEON_CHECK(SerializeTensors(*again) == bytes);
  for (const auto& [name, tensor] : file->tensors()) {
    const std::string stem = name.substr(0, name.rfind('.'));
    (void)file->GetMatrix(name);
    (void)file->GetStrings(stem);
    const auto csr = file->GetCsr(stem);
    if (csr.ok()) BURGEON_CHECK(csr->offsets.back() == csr->view().nonzeros());
  }
  return 0;
}
