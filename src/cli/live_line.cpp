#include "cli/live_line.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace gradwatt {

LiveLine::LiveLine() {
  const char* terminal = std::getenv("TERM");
  is_live_ =
      ::isatty(STDERR_FILENO) != 0 && terminal != nullptr && std::string_view(terminal) != "dumb";
}

void LiveLine::show(const std::string& line) const {
  if (!is_live_) {
    return;
  }
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t width = known ? size.ws_col - 1U : 79U;
  fmt::print(stderr, "\r\x1b[K{:.{}}", line, width);
  std::fflush(stderr);
}

}  // namespace gradwatt
