#include "cli/command_line.h"

#include "base/error.h"
#include "cli/catalog.h"
#include "cli/measuring_flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace gradwatt {
namespace {

TEST(CommandLine, EndsWrongUsageWith2) {
  EXPECT_EQ(run_command_line({"shwo"}), 2);
  EXPECT_EQ(run_command_line({"show", "--nonsense"}), 2);
  EXPECT_EQ(run_command_line({"run", "-n"}), 2);
}

TEST(CommandLine, LeavesWhatFollowsTheDashesToTheCommand) {
  // "--help" behind the dashes is the command's: without a command before it this is wrong usage.
  EXPECT_EQ(run_command_line({"ls", "--help"}), 0);
  EXPECT_EQ(run_command_line({"run", "--interval", "never", "--", "true", "--help"}), 2);
}

TEST(VerbCatalog, ListsEveryFileOfItsFolder) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) {
    names.emplace_back(verb.name);
  }
  const std::filesystem::path folder = std::filesystem::path(GRADWATT_SOURCE_DIR) / "src/cli/verbs";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cpp") {
      continue;
    }
    std::string name = entry.path().stem().string();
    name = name.substr(0, name.find("_verb"));
    std::replace(name.begin(), name.end(), '_', '-');
    EXPECT_THAT(names, testing::Contains(name == "list" ? "ls" : name));
  }
}

TEST(MeasuringFlagsCpuWatts, TakesIdleAndFullLoad) {
  MeasuringFlags flags;
  EXPECT_FALSE(flags.known_power());
  flags.cpu_watts = "35:120.5";
  EXPECT_EQ(flags.known_power()->full, Power{120.5});
  for (const char* wrong : {"35", "120:35", ":", "a:b", "-1:5", "35:120:9"}) {
    flags.cpu_watts = wrong;
    EXPECT_THROW(static_cast<void>(flags.known_power()), UsageError) << wrong;
  }
}

}  // namespace
}  // namespace gradwatt
