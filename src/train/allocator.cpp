#include "train/allocator.h"

#include <climits>

#include <malloc.h>

namespace gradwatt {

void keep_freed_memory() {
#ifdef __GLIBC__
  // Called before any thread is started.
  // NOLINTBEGIN(concurrency-mt-unsafe)
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, INT_MAX);
  // NOLINTEND(concurrency-mt-unsafe)
#endif
}

}  // namespace gradwatt
