#pragma once

#include <array>
#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>

#ifndef JCS_ALPHA_EXTENSIONS
#error "gradwatt needs libjpeg-turbo (libjpeg62-turbo-dev), not another libjpeg"
#endif

namespace gradwatt {

/// libjpeg reports errors by a function that must not return. This one jumps back to
/// jpeg_completes(); an exception cannot pass through libjpeg's C frames.
///
/// A warning (truncated or corrupt data, which libjpeg would paint grey) counts as an error.
struct JpegErrors {
  jpeg_error_mgr base{};  ///< First: libjpeg hands out its address, which is this struct's.
  std::jmp_buf jump{};
  std::array<char, JMSG_LENGTH_MAX> text{};  ///< Of the last error, in libjpeg's words.

  /// Fills in `base`; returns what goes into the `err` of a libjpeg struct.
  jpeg_error_mgr* install();
};

/// Calls `step(object)`. False when libjpeg failed in it; `errors.text` then says why.
/// Between here and libjpeg nothing may have a destructor: the jump skips it.
[[nodiscard]] bool jpeg_completes(JpegErrors& errors, void (*step)(void*), void* object);

}  // namespace gradwatt
