// Calls the command line in this process, and keeps one workspace, made from the small slice of
// Online Retail, that all tests of the program share.
#ifndef BURGEON_TESTS_CLI_RUN_BURGEON_H_
#define BURGEON_TESTS_CLI_RUN_BURGEON_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include "cli/app.h"
#include "engine/base/text.h"

namespace burgeon {

struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

inline Outcome Burgeon(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.exit_code = RunBurgeon(arguments, out, err);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

inline std::string SourceDir() {
  const char* folder = std::getenv("BURGEON_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

inline std::string FreshFolder(const std::string& name) {
  const std::string path =
      Concat(testing::TempDir(), "/burgeon_", name, "_", static_cast<int64_t>(getpid()));
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

inline void WriteText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::string SampleConfig() { return SourceDir() + "/configs/sample.yaml"; }

// A workspace with one release of the sample; made by `burgeon run`, once a program.
inline const std::string& PublishedWorkspace() {
  static const std::string workspace = [] {
    const std::string folder = FreshFolder("published");
    const Outcome outcome =
        Burgeon({"run", "--config", SampleConfig(), "--workspace", folder, "--quiet"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return folder;
  }();
  return workspace;
}

// For tests that change one.
inline std::string CopyOfPublishedWorkspace(const std::string& name) {
  const std::string folder = FreshFolder(name);
  std::filesystem::copy(
      PublishedWorkspace(), folder,
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  return folder;
}

inline std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace burgeon

#endif  // BURGEON_TESTS_CLI_RUN_BURGEON_H_
