#include "cli/command_line.h"

#include <string>
#include <vector>

int main(int argc, char** argv) {
  return gradwatt::run_command_line(std::vector<std::string>(argv + 1, argv + argc));
}
