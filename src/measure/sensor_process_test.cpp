#include "measure/sensor_process.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

Duration of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}
Duration cpu_time(const rusage& usage) { return of(usage.ru_utime) + of(usage.ru_stime); }
Duration children_cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return cpu_time(usage);
}

/// Uses 20 ms of a CPU and ends.
int work(int, int) {
  rusage usage{};
  while (cpu_time(usage) < std::chrono::milliseconds(20)) {
    ::getrusage(RUSAGE_SELF, &usage);
  }
  return 0;
}

/// A child of another kind that does the same.
pid_t other_child() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::_exit(work(0, 0));
  }
  return pid;
}

/// By both accounts, the kernel's microseconds are rounded for each process.
constexpr Duration kRounding = std::chrono::microseconds(10);

TEST(SensorProcess, TellsItsCpuTimeFromThatOfOtherChildren) {
  const Duration before = SensorProcess::reaped_cpu_time();
  const Duration children_before = children_cpu_time();
  SensorProcess process = SensorProcess::start("", {}, work);
  static_cast<void>(process.wait_readable(std::chrono::seconds(60)));
  // Waited for by somebody else, as a command's monitor waits for any child.
  rusage usage{};
  const pid_t ended = ::wait4(-1, nullptr, 0, &usage);
  SensorProcess::note_reaped(ended, usage);
  const Duration used = SensorProcess::reaped_cpu_time() - before;
  EXPECT_GE(used, std::chrono::milliseconds(20));
  EXPECT_LE(used - (children_cpu_time() - children_before), kRounding);
  EXPECT_GE(used - (children_cpu_time() - children_before), -kRounding);
  process.kill();

  const pid_t other = other_child();
  ASSERT_EQ(::wait4(other, nullptr, 0, &usage), other);
  SensorProcess::note_reaped(other, usage);
  EXPECT_EQ(SensorProcess::reaped_cpu_time() - before, used);
}

TEST(SensorProcess, CountsThoseItKills) {
  const Duration before = SensorProcess::reaped_cpu_time();
  SensorProcess process = SensorProcess::start("", {}, work);
  static_cast<void>(process.wait_readable(std::chrono::seconds(60)));
  process.kill();
  while (::waitpid(-1, nullptr, WNOHANG) == 0) {  // Still ending: then nobody is told its time.
  }
  EXPECT_GE(SensorProcess::reaped_cpu_time(), before);
}

}  // namespace
}  // namespace gradwatt
