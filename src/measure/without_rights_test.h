#pragma once

#include <array>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gradwatt {

/// While it lives, this thread opens files as an ordinary user would, also when root runs the test.
class WithoutRights {
 public:
  WithoutRights() {
    ::syscall(SYS_capget, &header_, before_.data());
    Sets without = before_;
    for (auto& set : without) {
      set.effective = 0;
    }
    ::syscall(SYS_capset, &header_, without.data());
  }
  ~WithoutRights() { ::syscall(SYS_capset, &header_, before_.data()); }
  WithoutRights(const WithoutRights&) = delete;
  WithoutRights& operator=(const WithoutRights&) = delete;

 private:
  using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  Sets before_{};
};

}  // namespace gradwatt
