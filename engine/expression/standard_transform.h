// The normal forms of this room by name, as a mapping's `transforms` have them
// (engine/events/field_source.h). docs/configuration.md lists them.
//
//   BURGEON_ASSIGN_OR_RETURN(const StandardTransform to_kg, MakeTransform(files, "unit", "lb>kg"));
//   if (!to_kg("2.5", &out, &wanted)) ...
//
// Transforms are immutable and thread-safe.
#ifndef BURGEON_ENGINE_EXPRESSION_STANDARD_TRANSFORM_H_
#define BURGEON_ENGINE_EXPRESSION_STANDARD_TRANSFORM_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// The new text into *out; false, with what was wanted, for text that it cannot take.
using StandardTransform =
    std::function<bool(std::string_view text, std::string* out, std::string* wanted)>;

// The names, each with its argument as "phone=COUNTRY", for messages.
std::vector<std::string> StandardTransformNames();
bool IsStandardTransform(std::string_view name);
// Whether the argument of the transform is the path of a file that MakeTransform reads.
bool TakesFile(std::string_view name);

// kInvalidArgument for an argument that is wrong, missing or not wanted; the errors of the file.
absl::StatusOr<StandardTransform> MakeTransform(FileSystem& files, std::string_view name,
                                                std::string_view argument);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_STANDARD_TRANSFORM_H_
