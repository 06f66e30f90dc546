#include "supervise/process_tree.h"

#include "base/file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace gradwatt {
namespace {

constexpr Duration kRenew = std::chrono::seconds(10);
constexpr int kRestPerWork = 1000;

/// User and system ticks of a process and of its children that ended, from /proc/PID/stat.
std::optional<std::int64_t> ticks_of(const std::filesystem::path& process) {
  const auto text = read_text(process / "stat");
  if (!text) {
    return std::nullopt;
  }
  // The name, field 2, may hold anything; the last parenthesis ends it.
  std::istringstream fields(text->substr(std::min(text->rfind(')') + 2, text->size())));
  std::string skipped;
  for (int field = 3; field < 14; ++field) {
    fields >> skipped;
  }
  std::int64_t sum = 0;
  for (int field = 14; field <= 17; ++field) {
    std::int64_t ticks = 0;
    fields >> ticks;
    sum += ticks;
  }
  return fields ? std::optional(sum) : std::nullopt;
}

std::vector<pid_t> children_of(const std::filesystem::path& process) {
  std::vector<pid_t> children;
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(process / "task", error)) {
    std::istringstream words(read_text(task.path() / "children").value_or(""));
    for (pid_t child = 0; words >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

Duration tree_cpu_time(pid_t root) {
  std::int64_t ticks = 0;
  std::vector<pid_t> pending{root};
  while (!pending.empty()) {
    const std::filesystem::path process = "/proc/" + std::to_string(pending.back());
    pending.pop_back();
    ticks += ticks_of(process).value_or(0);
    for (const pid_t child : children_of(process)) {
      pending.push_back(child);
    }
  }
  return Duration(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

}  // namespace

void ProcessTree::follow(pid_t root) {
  const std::lock_guard lock(mutex_);
  root_ = root;
}

void ProcessTree::ended(Duration total) {
  const std::lock_guard lock(mutex_);
  root_ = 0;
  known_ = total;
}

std::optional<Duration> ProcessTree::cpu_time() {
  const std::lock_guard lock(mutex_);
  if (root_ == 0) {
    return known_;
  }
  const Instant now = clock_.now();
  if (now < renew_at_) {
    return std::nullopt;
  }
  const Duration used = tree_cpu_time(root_);
  renew_at_ = now + std::max(kRenew, kRestPerWork * (clock_.now() - now));
  return used;
}

std::vector<pid_t> process_and_descendants(pid_t root) {
  std::vector<pid_t> found{root};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const pid_t child : children_of("/proc/" + std::to_string(found[i]))) {
      found.push_back(child);
    }
  }
  return found;
}

std::vector<pid_t> own_children_among(const std::vector<pid_t>& candidates) {
  const std::vector<pid_t> children = children_of("/proc/self");
  std::vector<pid_t> own;
  for (const pid_t candidate : candidates) {
    if (std::find(children.begin(), children.end(), candidate) != children.end()) {
      own.push_back(candidate);
    }
  }
  return own;
}

}  // namespace gradwatt
