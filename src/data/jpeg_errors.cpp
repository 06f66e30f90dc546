#include "data/jpeg_errors.h"

namespace gradwatt {
namespace {

void jump_out(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  jpeg->err->format_message(jpeg, errors->text.data());
  std::longjmp(errors->jump, 1);
}

void jump_out_on_warning(j_common_ptr jpeg, int level) {
  if (level < 0) {
    jump_out(jpeg);
  }
}

void stay_silent(j_common_ptr /*jpeg*/) {}

}  // namespace

jpeg_error_mgr* JpegErrors::install() {
  ::jpeg_std_error(&base);
  base.error_exit = jump_out;
  base.emit_message = jump_out_on_warning;
  base.output_message = stay_silent;
  return &base;
}

bool jpeg_completes(JpegErrors& errors, void (*step)(void*), void* object) {
  if (setjmp(errors.jump) != 0) {
    return false;
  }
  step(object);
  return true;
}

}  // namespace gradwatt
