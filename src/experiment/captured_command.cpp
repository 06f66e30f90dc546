#include "experiment/captured_command.h"

#include "base/error.h"
#include "base/expects.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using ScratchFile = std::unique_ptr<std::FILE, FileCloser>;

/// Files rather than pipes: a program that says much can never wait for us.
ScratchFile new_scratch_file() {
  ScratchFile file(std::tmpfile());
  if (!file) {
    throw system_error("cannot make a temporary file", "/tmp", errno, "check the space there");
  }
  return file;
}

std::string content_of(std::FILE* file) {
  std::string text;
  std::array<char, 4096> block{};
  std::rewind(file);
  for (std::size_t size = 0; (size = std::fread(block.data(), 1, block.size(), file)) > 0;) {
    text.append(block.data(), size);
  }
  return text;
}

}  // namespace

CapturedCommand run_captured(const std::vector<std::string>& command) {
  expects(!command.empty(), "a command");
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const ScratchFile output = new_scratch_file();
  const ScratchFile errors = new_scratch_file();
  const pid_t child = ::fork();
  if (child < 0) {
    throw system_error("cannot start a process", command.front(), errno);
  }
  if (child == 0) {
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(::fileno(output.get()), STDOUT_FILENO);
    ::dup2(::fileno(errors.get()), STDERR_FILENO);
    ::execvp(argv.front(), argv.data());
    ::_exit(kNoSuchProgram);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const int exit_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {exit_status, content_of(output.get()), content_of(errors.get())};
}

}  // namespace gradwatt
