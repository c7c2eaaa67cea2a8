// burgeon-models: every verb, those that need LibTorch and FAISS among them.
#include <iostream>
#include <string>
#include <vector>

#include "cli/app.h"

int main(int argc, char** argv) {
  return burgeon::RunBurgeon(std::vector<std::string>(argv + 1, argv + argc), std::cout, std::cerr);
}
