#include "marks/mark.h"

#include <algorithm>
#include <charconv>

namespace gradwatt {
namespace {

constexpr std::size_t kLineMax = 4096;

bool is_key(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

ParsedMarks parse_marks(std::string_view datagram, Instant received) {
  ParsedMarks result;
  std::optional<std::int64_t> sent_ns;
  std::optional<std::uint64_t> seq;
  std::optional<std::int64_t> pid;
  std::optional<int> rank;

  while (!datagram.empty()) {
    const auto end = std::min(datagram.find('\n'), datagram.size());
    const std::string_view line = datagram.substr(0, end);
    datagram.remove_prefix(std::min(end + 1, datagram.size()));
    if (line.empty()) {
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || line.size() > kLineMax ||
        !is_key(line.substr(0, equals)) || !is_value(line.substr(equals + 1))) {
      ++result.rejected;
      continue;
    }
    const std::string_view key = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (key == "T") {
      sent_ns = parse_integer<std::int64_t>(value);
      result.rejected += sent_ns ? 0 : 1;
    } else if (key == "SEQ") {
      seq = parse_integer<std::uint64_t>(value);
      result.rejected += seq ? 0 : 1;
    } else if (key == "PID") {
      pid = parse_integer<std::int64_t>(value);
      result.rejected += pid ? 0 : 1;
    } else if (key == "RANK") {
      rank = parse_integer<int>(value);
      result.rejected += rank ? 0 : 1;
    } else {
      result.marks.push_back({received, received, {}, {}, std::string(key), std::string(value)});
    }
  }
  for (Mark& mark : result.marks) {
    mark.seq = seq;
    mark.pid = pid;
    mark.rank = rank;
    if (sent_ns && *sent_ns > 0 && *sent_ns <= received.ns) {
      mark.time = Instant{*sent_ns};
    }
  }
  return result;
}

}  // namespace gradwatt
