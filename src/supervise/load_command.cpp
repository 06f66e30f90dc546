#include "supervise/load_command.h"

#include "base/error.h"

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {

LoadCommand::LoadCommand(const std::string& command) {
  const pid_t parent = ::getpid();
  const char* text = command.c_str();
  pid_ = ::fork();
  if (pid_ < 0) {
    throw system_error("cannot start", command, errno);
  }
  if (pid_ == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
      ::_exit(1);
    }
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    ::execl("/bin/sh", "sh", "-c", text, static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ::setpgid(pid_, pid_);  // Whoever is first: hold() must find the group.
}

LoadCommand::~LoadCommand() {
  ::kill(-pid_, SIGKILL);
  if (!ended_) {
    ::waitpid(pid_, nullptr, 0);
  }
}

void LoadCommand::hold() { ::kill(-pid_, SIGSTOP); }

void LoadCommand::go_on() { ::kill(-pid_, SIGCONT); }

bool LoadCommand::has_ended() {
  ended_ = ended_ || ::waitpid(pid_, nullptr, WNOHANG) == pid_;
  return ended_;
}

}  // namespace gradwatt
