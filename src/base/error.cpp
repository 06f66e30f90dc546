#include "base/error.h"

#include <system_error>

namespace gradwatt {
namespace {

std::string sentence(std::string_view what, std::string_view where, std::string_view remedy) {
  std::string text;
  if (!where.empty()) {
    text.append(where).append(": ");
  }
  text.append(what);
  if (!remedy.empty()) {
    text.append("\n  → ").append(remedy);
  }
  return text;
}

}  // namespace

Error::Error(std::string_view what, std::string_view where, std::string_view remedy)
    : std::runtime_error(sentence(what, where, remedy)) {}

Error Error::inside(std::string_view where) const {
  return Error(std::string(where) + ": " + this->what());
}

Error system_error(std::string_view what,
                   std::string_view where,
                   int errno_value,
                   std::string_view remedy) {
  std::string text(what);
  text.append(": ").append(std::generic_category().message(errno_value));
  return {text, where, remedy};
}

}  // namespace gradwatt
