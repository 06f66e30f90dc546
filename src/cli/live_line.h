#pragma once

#include <string>

namespace gradwatt {

/// One line on stderr that changes in place, where that is a terminal which can; else nothing.
class LiveLine {
 public:
  LiveLine();

  /// Replaces the line; "" takes it away. It is cut rather than wrapped: a wrapped line cannot be
  /// taken back.
  void show(const std::string& line) const;

 private:
  bool is_live_ = false;
};

}  // namespace gradwatt
