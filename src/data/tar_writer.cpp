#include "data/tar_writer.h"

#include "base/error.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <numeric>
#include <string>

namespace gradwatt {
namespace {

constexpr std::size_t kWrittenBlock = 512;

using UstarHeader = std::array<char, kWrittenBlock>;

void put_text(UstarHeader& header, std::size_t at, std::string_view text) {
  std::memcpy(header.data() + at, text.data(), text.size());
}

/// Splits at the first '/' that leaves a name of at most 100 bytes.
std::pair<std::string_view, std::string_view> ustar_name(std::string_view name) {
  if (name.size() <= 100) {
    return {"", name};
  }
  const std::size_t slash = name.find('/', name.size() - 101);
  if (slash == std::string_view::npos || slash > 155 || slash + 1 == name.size()) {
    throw Error("is too long a name for an archive", name);
  }
  return {name.substr(0, slash), name.substr(slash + 1)};
}

UstarHeader ustar_header(std::string_view name, std::size_t size) {
  const auto [prefix, own] = ustar_name(name);
  UstarHeader header{};
  put_text(header, 0, own);
  put_text(header, 100, "0000644");
  put_text(header, 108, "0000000");
  put_text(header, 116, "0000000");
  put_text(header, 124, fmt::format("{:011o}", size));
  put_text(header, 136, "00000000000");
  put_text(header, 148, "        ");
  header[156] = '0';
  put_text(header, 257, std::string_view("ustar\00000", 8));
  put_text(header, 345, prefix);
  const int sum = std::accumulate(header.begin(), header.end(), 0, [](int total, char c) {
    return total + static_cast<unsigned char>(c);
  });
  put_text(header, 148, std::string_view(fmt::format("{:06o}", sum) + '\0'));
  return header;
}

std::string_view zeros(std::size_t count) {
  static constexpr std::array<char, 2 * kWrittenBlock> kZeros{};
  return {kZeros.data(), count};
}

}  // namespace

TarWriter::TarWriter(const std::filesystem::path& archive) : file_(archive) {}

void TarWriter::add(std::string_view name, std::string_view bytes) {
  const UstarHeader header = ustar_header(name, bytes.size());
  file_.write({header.data(), header.size()});
  file_.write(bytes);
  file_.write(zeros((kWrittenBlock - bytes.size() % kWrittenBlock) % kWrittenBlock));
}

void TarWriter::add(std::string_view name, std::span<const std::uint8_t> bytes) {
  add(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

std::int64_t TarWriter::close() {
  file_.write(zeros(2 * kWrittenBlock));
  return file_.close();
}

}  // namespace gradwatt
