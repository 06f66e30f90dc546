#pragma once

namespace gradwatt {

/// Keeps freed memory inside the process instead of handing it back to the kernel.
///
/// A training step frees and asks again for the same large blocks (activations). By default glibc
/// gives blocks above 32 MiB straight back, and every step pays for fresh zeroed pages.
/// Call it once, before the first tensor. Does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace gradwatt
