// Macs: what `powermetrics` tells of the chip's parts, read while it runs. Source: macOS's manual
// page powermetrics(1). It needs root; without it only a record made with sudo can be imported.
#include "measure/sources/catalog.h"

#ifdef __APPLE__
#include "base/unique_fd.h"
#include "measure/powermetrics.h"
#include "measure/powermetrics_source.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;
#endif

namespace gradwatt {
namespace {

#ifdef __APPLE__

constexpr Duration kInterval = std::chrono::seconds(1);

/// A running powermetrics; ended with the object.
struct Process {
  explicit Process(pid_t id) : pid(id) {}
  ~Process() {
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  pid_t pid;
};

std::shared_ptr<Process> start(UniqueFd& out) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) {
    return nullptr;
  }
  out = UniqueFd(ends[0]);
  const UniqueFd in(ends[1]);
  ::fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_addclose(&actions, ends[1]);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words{"/usr/bin/powermetrics",
                                 "--samplers",
                                 "cpu_power,gpu_power,ane_power",
                                 "-i",
                                 "1000",
                                 "-f",
                                 "plist"};
  std::vector<char*> arguments;
  for (std::string& word : words) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  pid_t pid = 0;
  const int failed =
      ::posix_spawn(&pid, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? std::make_shared<Process>(pid) : nullptr;
}

/// The first record comes after an interval, so what will be in it is told by the kind of chip.
std::vector<ChannelInfo> expected_channels() {
  PowermetricsSample sample{kInterval, std::nullopt, {}};
#ifdef __aarch64__
  sample.energies = {{"cpu", {}}, {"gpu", {}}, {"ane", {}}};
#else
  sample.energies = {{"package", {}}};
#endif
  std::vector<ChannelInfo> channels = powermetrics_channels({sample});
  for (ChannelInfo& channel : channels) {
    channel.source = "apple";
  }
  return channels;
}

Discovery discover_apple(const Machine&, std::span<const std::string>) {
  Discovery discovery;
  if (::geteuid() != 0) {
    discovery.findings.push_back(
        {"apple powermetrics",
         Finding::Status::denied,
         "powermetrics needs root",
         "in another terminal: sudo powermetrics --samplers cpu_power,gpu_power,ane_power -i 1000 "
         "-o power.txt; afterwards: gradwatt import powermetrics power.txt"});
    return discovery;
  }
  UniqueFd out;
  auto process = start(out);
  if (!process) {
    discovery.findings.push_back({"apple powermetrics",
                                  Finding::Status::unused,
                                  "/usr/bin/powermetrics cannot be started",
                                  ""});
    return discovery;
  }
  auto source =
      std::make_unique<PowermetricsSource>(std::move(out), expected_channels(), std::move(process));
  for (const ChannelInfo& channel : source->channels()) {
    discovery.findings.push_back(
        {"apple " + channel.channel, Finding::Status::present, channel.basis, ""});
  }
  discovery.sources.push_back(std::move(source));
  return discovery;
}

bool might_be_here(const Machine&) { return true; }

#else

bool might_be_here(const Machine&) { return false; }

Discovery discover_apple(const Machine&, std::span<const std::string>) {
  Discovery discovery;
  discovery.findings.push_back(
      {"apple powermetrics", Finding::Status::absent, "only on macOS", ""});
  return discovery;
}

#endif

}  // namespace

SourceFamily apple_family() {
  return {"apple",
          "Macs: powermetrics' model of CPU, GPU and ANE",
          discover_apple,
          true,
          might_be_here};
}

}  // namespace gradwatt
