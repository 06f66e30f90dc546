#include "broker/lockdown.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr uid_t kNobody = 65534;
constexpr std::uint32_t bit(int capability) { return std::uint32_t{1} << capability; }

/// Makes `wanted`, as far as it is there, all that this process has and can get.
bool keep_capabilities(std::uint32_t wanted) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) {
    return false;
  }
  const std::uint32_t kept = sets[0].permitted & wanted;
  sets = {};
  sets[0].permitted = sets[0].effective = kept;
  return ::syscall(SYS_capset, &header, sets.data()) == 0;
}

/// The set above which no program this one could ever start would rise. Emptying it needs a right
/// that a broker with but one has not; it needs it the less.
void empty_bounding_set() {
  for (int capability = 0; capability <= 63; ++capability) {
    ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the broker's filter of system calls knows x86_64 and aarch64"
#endif

constexpr std::array<std::uint32_t, 9> kAllowed{SYS_ppoll,
                                                SYS_accept4,
                                                SYS_getsockopt,
                                                SYS_sendmsg,
                                                SYS_close,
                                                SYS_write,
                                                SYS_restart_syscall,
                                                SYS_rt_sigreturn,
                                                SYS_exit_group};

bool filter_system_calls() {
  constexpr auto kLoad = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
  constexpr auto kEqual = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
  constexpr auto kReturn = static_cast<std::uint16_t>(BPF_RET | BPF_K);
  constexpr std::size_t kHead = 4;
  std::array<sock_filter, kHead + 2 * kAllowed.size() + 1> program{};
  program[0] = {kLoad, 0, 0, offsetof(seccomp_data, arch)};
  program[1] = {kEqual, 1, 0, kArchitecture};
  program[2] = {kReturn, 0, 0, SECCOMP_RET_KILL_PROCESS};
  program[3] = {kLoad, 0, 0, offsetof(seccomp_data, nr)};
  for (std::size_t i = 0; i < kAllowed.size(); ++i) {
    program[kHead + 2 * i] = {kEqual, 0, 1, kAllowed[i]};
    program[kHead + 2 * i + 1] = {kReturn, 0, 0, SECCOMP_RET_ALLOW};
  }
  program.back() = {kReturn, 0, 0, SECCOMP_RET_KILL_PROCESS};
  const sock_fprog filter{static_cast<std::uint16_t>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

}  // namespace

const char* keep_only_reading() {
  const std::uint32_t reading = bit(CAP_DAC_READ_SEARCH);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return "cannot forbid new privileges";
  }
  empty_bounding_set();
  if (::geteuid() == 0) {
    // CAP_SETUID and CAP_SETGID are for the change of user and go with it.
    if (!keep_capabilities(reading | bit(CAP_SETUID) | bit(CAP_SETGID)) ||
        ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 || ::syscall(SYS_setgroups, 0, nullptr) != 0 ||
        ::setresgid(kNobody, kNobody, kNobody) != 0 ||
        ::setresuid(kNobody, kNobody, kNobody) != 0) {
      return "cannot become another user than root";
    }
  }
  return keep_capabilities(reading) ? nullptr : "cannot give up capabilities";
}

const char* keep_only_serving() {
  if (!keep_capabilities(0)) {
    return "cannot give up the last capability";
  }
  return filter_system_calls() ? nullptr : "the kernel does not filter system calls";
}

}  // namespace gradwatt
