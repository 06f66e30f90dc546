#include "record/ulid.h"

#include "base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/random.h>

namespace gradwatt {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 26;

}  // namespace

std::string new_ulid(WallTime time) {
  std::array<unsigned char, 10> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    throw system_error("no random bytes for a run id", "getrandom", errno);
  }
  std::string text;
  for (int shift = 45; shift >= 0; shift -= 5) {
    text.push_back(kAlphabet[static_cast<std::size_t>(time.ms >> shift) & 31U]);
  }
  // Ten bytes are sixteen characters of five bits.
  unsigned bits = 0;
  int held = 0;
  for (const unsigned char byte : random) {
    bits = (bits << 8U) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text.push_back(kAlphabet[(bits >> static_cast<unsigned>(held)) & 31U]);
    }
  }
  return text;
}

bool is_ulid(std::string_view text) {
  return text.size() == kLength && std::all_of(text.begin(), text.end(), [](char c) {
           return kAlphabet.find(c) != std::string_view::npos;
         });
}

}  // namespace gradwatt
