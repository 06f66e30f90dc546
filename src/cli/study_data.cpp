#include "cli/study_data.h"

#include "base/error.h"
#include "experiment/command_template.h"
#include "experiment/local_runner.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// Status of a command that shares this process's terminal and group, so that Ctrl-C ends both.
int status_of(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) {
    throw system_error("cannot start a process", words.front(), errno);
  }
  if (child == 0) {
    ::dup2(STDERR_FILENO, STDOUT_FILENO);  // stdout is the report's.
    ::execv(pointers.front(), pointers.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

void make_study_data(const StudyDataSet& set, const fs::path& folder) {
  const fs::path target = folder / set.folder;
  if (fs::exists(target)) {
    return;
  }
  fs::path part = target;
  part += ".part";
  fs::remove_all(part);
  fs::create_directories(target.parent_path());
  fmt::print(
      stderr, "making a synthetic {} at scale {} in {}\n", set.name, set.scale, target.string());
  const std::vector<std::string> words{own_program().string(),
                                       "data",
                                       "make",
                                       set.name,
                                       "--out",
                                       part.string(),
                                       "--scale",
                                       set.scale};
  if (status_of(words) != 0) {
    fs::remove_all(part);
    throw Error(fmt::format("the synthetic {} could not be made", set.name),
                shell_quoted(words),
                "free some space, or give the published data sets with --data DIR");
  }
  fs::rename(part, target);
}

}  // namespace gradwatt
