#include "data/made_data.h"

#include "base/error.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fcntl.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::size_t kMadeBufferBytes = std::size_t{1} << 20U;
constexpr std::array<double, 7> kPowersOfTen{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

}  // namespace

MadeFile::MadeFile(const std::filesystem::path& file)
    : file_(file), fd_(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (!fd_) {
    throw system_error("cannot create", file.string(), errno, "check the folder's permissions");
  }
  buffer_.reserve(kMadeBufferBytes + 4096);
}

void MadeFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kMadeBufferBytes) {
    flush();
  }
}

void MadeFile::write_fixed(double value, int places) {
  if (std::isnan(value)) {
    write("NaN");
    return;
  }
  const double power = kPowersOfTen[static_cast<std::size_t>(places)];
  const auto scaled = static_cast<std::int64_t>(std::llround(std::abs(value) * power));
  const auto unit = static_cast<std::int64_t>(power);
  std::array<char, 40> text{};
  char* at = text.data();
  if (value < 0 && scaled != 0) {
    *at++ = '-';
  }
  at = std::to_chars(at, text.data() + text.size(), scaled / unit).ptr;
  if (places > 0) {
    // The leading 1 keeps the zeros behind the point; the point then takes its place.
    char* const point = at;
    at = std::to_chars(at, text.data() + text.size(), unit + scaled % unit).ptr;
    *point = '.';
  }
  write({text.data(), static_cast<std::size_t>(at - text.data())});
}

std::int64_t MadeFile::close() {
  flush();
  // Some file systems report a full disk only here.
  if (::fsync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) {
    throw system_error("cannot write", file_.string(), errno, "check free space there");
  }
  fd_.reset();
  return bytes_;
}

void MadeFile::flush() {
  std::string_view left(buffer_);
  while (!left.empty()) {
    const ssize_t count = ::write(fd_.get(), left.data(), left.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      throw system_error("cannot write",
                         file_.string(),
                         count < 0 ? errno : ENOSPC,
                         "make space there, choose another folder, or a smaller --scale");
    }
    left.remove_prefix(static_cast<std::size_t>(count));
    bytes_ += count;
  }
  buffer_.clear();
}

void write_made_image(const std::filesystem::path& file, std::span<const std::uint8_t> bytes) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  while (fd && !bytes.empty()) {
    const ssize_t count = ::write(fd.get(), bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      break;
    }
    bytes = bytes.subspan(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  if (!bytes.empty()) {
    throw system_error("cannot write", file.string(), errno, "check free space there");
  }
}

}  // namespace gradwatt
