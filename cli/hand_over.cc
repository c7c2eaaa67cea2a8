#include "cli/hand_over.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/verb.h"

namespace burgeon {

std::string VerbOf(const std::vector<std::string>& arguments) {
  static constexpr std::string_view kWithValue[] = {
      "-w", "--workspace", "-c", "--config", "--set", "--device", "--threads", "--random-seed"};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!word.starts_with('-')) return word;
    if (std::find(std::begin(kWithValue), std::end(kWithValue), word) != std::end(kWithValue)) ++i;
  }
  return "";
}

bool IsModelVerb(const std::string& verb) {
  const std::vector<ModelVerb> verbs = ModelVerbNames();
  return std::any_of(verbs.begin(), verbs.end(),
                     [&](const ModelVerb& model) { return verb == model.name; });
}

std::string ModelsProgram() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "burgeon-models").string();
}

absl::Status HandOver(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), program);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  const int error = errno;
  if (error == ENOENT) {
    return NotFound(program, ": is not there; the verb '", VerbOf(arguments),
                    "' is in that program, which belongs beside burgeon");
  }
  return Unavailable(program, ": cannot be started: ", std::strerror(error));
}

}  // namespace burgeon
