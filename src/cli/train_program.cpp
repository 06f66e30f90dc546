#include "cli/train_program.h"

#include "base/error.h"
#include "experiment/command_template.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "gradwatt-train";

struct PipeCloser {
  void operator()(FILE* pipe) const { ::pclose(pipe); }
};

}  // namespace

std::optional<fs::path> find_train_program() {
  std::vector<fs::path> folders;
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    folders.push_back(self.parent_path());
  }
  const char* path = std::getenv("PATH");
  std::istringstream entries(path != nullptr ? path : "");
  for (std::string entry; std::getline(entries, entry, ':');) {
    folders.emplace_back(entry);
  }
  for (const fs::path& folder : folders) {
    if (::access((folder / kProgram).c_str(), X_OK) == 0) {
      return folder / kProgram;
    }
  }
  return std::nullopt;
}

TrainProgramFacts ask_train_program(const fs::path& program) {
  TrainProgramFacts answer;
  const std::unique_ptr<FILE, PipeCloser> pipe(
      ::popen((shell_quoted({program.string(), "--about"}) + " 2>&1").c_str(), "re"));
  if (!pipe) {
    answer.failure = "cannot be started";
    return answer;
  }
  std::array<char, 512> line{};
  while (std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) != nullptr) {
    const std::string text(line.data());
    const auto equals = text.find('=');
    if (equals != std::string::npos) {
      answer.facts[text.substr(0, equals)] = text.substr(equals + 1, text.find('\n') - equals - 1);
    } else if (answer.failure.empty()) {
      answer.failure = text.substr(0, text.find('\n'));
    }
  }
  if (!answer.facts.empty()) {
    answer.failure.clear();
  }
  return answer;
}

void require_device(const std::string& device) {
  if (device.empty() || device == "cpu") {
    return;
  }
  const auto program = find_train_program();
  if (!program) {
    return;  // The first sweep says that.
  }
  const TrainProgramFacts answer = ask_train_program(*program);
  const auto devices = answer.facts.find("devices");
  if (devices == answer.facts.end()) {
    return;
  }
  if (("," + devices->second + ",").find("," + device + ",") == std::string::npos) {
    throw Error(fmt::format("gradwatt-train can compute on {} here, not on {}; nothing was run",
                            devices->second,
                            device),
                "--device " + device,
                "start it on a machine with the device and a libtorch built for it; on a cluster "
                "sweep the study's files (docs/launchers.md)");
  }
}

}  // namespace gradwatt
