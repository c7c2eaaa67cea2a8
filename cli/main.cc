// burgeon: the verbs of data; the others are handed to burgeon-models.
#include <iostream>
#include <string>
#include <vector>

#include "cli/app.h"
#include "cli/hand_over.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (burgeon::IsModelVerb(burgeon::VerbOf(arguments))) {
    const absl::Status status = burgeon::HandOver(burgeon::ModelsProgram(), arguments);
    return burgeon::ReportFailure(status, arguments, std::cout, std::cerr);
  }
  return burgeon::RunDataBurgeon(arguments, std::cout, std::cerr);
}
