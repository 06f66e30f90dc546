#include "train/available_cpus.h"

#include <algorithm>
#include <sched.h>
#include <thread>

namespace gradwatt {

int available_cpus() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (::sched_getaffinity(0, sizeof(mask), &mask) == 0) {
    return std::max(1, CPU_COUNT(&mask));
  }
  // More processors than a cpu_set_t holds (1024): the affinity call refuses.
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace gradwatt
