#include "measure/pm_counter.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr int kTries = 3;

/// Takes the next word off `text`; empty: there is none.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \t\n"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::int64_t> whole_number(std::string_view word) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional(value)
                                                                  : std::nullopt;
}

}  // namespace

std::optional<PmValue> parse_pm_value(std::string_view text) {
  const auto value = whole_number(next_word(text));
  if (!value) {
    return std::nullopt;
  }
  PmValue result{*value, next_word(text), std::nullopt};
  const std::string_view time = next_word(text);
  if (!time.empty()) {
    result.time_us = whole_number(time);
    const std::string_view time_unit = next_word(text);
    if (!result.time_us || (time_unit != "us" && !time_unit.empty())) {
      return std::nullopt;
    }
  }
  return next_word(text).empty() ? std::optional(result) : std::nullopt;
}

bool PmCounter::ensure_open() noexcept {
  struct stat status {};
  const bool current = fd_ && ::fstat(fd_.get(), &status) == 0 && status.st_nlink > 0;
  if (!current) {
    fd_ = UniqueFd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
    error_ = fd_ ? 0 : errno;
  }
  return static_cast<bool>(fd_);
}

std::optional<std::int64_t> PmCounter::read() noexcept {
  if (!ensure_open()) {
    return std::nullopt;
  }
  std::array<char, 128> block{};
  const ssize_t size = ::pread(fd_.get(), block.data(), block.size(), 0);
  if (size < 0) {
    error_ = errno;
    fd_.reset();
    return std::nullopt;
  }
  const auto value = parse_pm_value({block.data(), static_cast<std::size_t>(size)});
  if (!value || value->unit != unit_) {
    error_ = EINVAL;
    return std::nullopt;
  }
  return value->value;
}

bool read_one_scan(const std::function<std::optional<std::int64_t>()>& freshness,
                   const std::function<void()>& read_all) {
  for (int i = 0; i < kTries; ++i) {
    const auto before = freshness();
    read_all();
    if (before == freshness()) {
      return true;
    }
  }
  return false;
}

}  // namespace gradwatt
