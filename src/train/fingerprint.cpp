#include "train/fingerprint.h"

#include "base/error.h"
#include "data/crc32.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <span>
#include <string_view>

namespace gradwatt {
namespace {

constexpr std::size_t kWindowsLookedAt = 64;

template <typename Number>
std::string_view bytes_of(std::span<const Number> numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

template <typename Number>
std::uint32_t crc_with(std::uint32_t crc, const std::vector<Number>& numbers) {
  return crc32_of(bytes_of(std::span<const Number>(numbers)), crc);
}

/// Some windows of a series, spread over the part: labels alone tell little of them.
std::uint32_t crc_with_windows(std::uint32_t crc, const InputShape& shape, const DataPart& part) {
  const auto* numbers = std::get_if<std::vector<float>>(&part.inputs);
  if (numbers == nullptr || !shape.is_series()) {
    return crc;
  }
  const auto size = static_cast<std::size_t>(shape.size());
  const std::size_t count = numbers->size() / size;
  const std::size_t looked_at = std::min(count, kWindowsLookedAt);
  for (std::size_t i = 0; i < looked_at; ++i) {
    const std::size_t window = i * count / looked_at;
    crc = crc32_of(bytes_of(std::span<const float>(*numbers).subspan(window * size, size)), crc);
  }
  return crc;
}

}  // namespace

std::string data_fingerprint(const TrainingData& data) {
  std::uint32_t crc =
      crc32_of(fmt::format("{} {} {}", data.shape.channels, data.shape.height, data.shape.width));
  crc = crc_with(crc_with(crc, data.mean), data.deviation);
  for (const DataPart* part : {&data.train, &data.validation, &data.test}) {
    crc = crc_with(crc_with(crc, part->classes), part->attributes);
    crc = crc_with_windows(crc, data.shape, *part);
  }
  return fmt::format("{} + {} + {} samples, crc {:08x}",
                     data.train.count(),
                     data.validation.count(),
                     data.test.count(),
                     crc);
}

std::string file_fingerprint(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw system_error("cannot be opened", file.string(), errno);
  }
  std::string piece(std::size_t{1} << 20U, '\0');
  std::uint32_t crc = 0;
  std::int64_t bytes = 0;
  while (stream) {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto count = static_cast<std::size_t>(stream.gcount());
    crc = crc32_of(std::string_view(piece).substr(0, count), crc);
    bytes += stream.gcount();
  }
  if (stream.bad()) {
    throw system_error("cannot be read", file.string(), errno);
  }
  return fmt::format("{} bytes, crc {:08x}", bytes, crc);
}

}  // namespace gradwatt
