#include "data/jpeg_rows.h"

#include "base/error.h"
#include "base/expects.h"
#include "base/unique_fd.h"
#include "data/jpeg_decoder.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::size_t kImageFileMax = std::size_t{64} << 20U;

/// Fills `bytes` with the whole file; its memory grows to the largest file.
std::span<const std::uint8_t> image_file(const std::filesystem::path& file,
                                         std::vector<std::uint8_t>& bytes) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    throw system_error("cannot open", file.string(), errno);
  }
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) {
    throw system_error("cannot read", file.string(), errno);
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > kImageFileMax) {
    throw Error(fmt::format("has {} bytes, too many for an image", size), file.string());
  }
  if (bytes.size() < size) {
    bytes.resize(size);
  }
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(fd.get(), bytes.data() + done, size - done);
    if (got < 0 && errno != EINTR) {
      throw system_error("cannot read", file.string(), errno);
    }
    if (got == 0) {
      break;
    }
    done += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return std::span(bytes).first(done);
}

/// FNV-1a, 64 bits. Source: Fowler, Noll, Vo, RFC 9923.
std::uint64_t hashed(std::uint64_t hash, std::string_view text) {
  for (const char c : text) {
    hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
  }
  return hash;
}

}  // namespace

JpegRows::JpegRows(std::vector<std::filesystem::path> files, ImageShape shape, std::string remedy)
    : files_(std::move(files)), shape_(shape), remedy_(std::move(remedy)) {
  expects(shape.height > 0 && shape.width > 0 && shape.channels == 3, "a shape of RGB pixels");
}

std::int64_t JpegRows::count() const { return static_cast<std::int64_t>(files_.size()); }

std::size_t JpegRows::row_bytes() const { return static_cast<std::size_t>(shape_.size()); }

std::string JpegRows::key() const {
  // The version changes with any change of the bytes that decoding gives.
  constexpr int kVersion = 1;
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::filesystem::path& file : files_) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
      throw system_error("cannot open", file.string(), errno);
    }
    hash = hashed(hash,
                  fmt::format("{}\n{} {} {}\n",
                              file.string(),
                              about.st_size,
                              about.st_mtim.tv_sec,
                              about.st_mtim.tv_nsec));
  }
  return fmt::format("JPEG rows {}: {} x {}, {} files, {:016x}",
                     kVersion,
                     shape_.height,
                     shape_.width,
                     files_.size(),
                     hash);
}

void JpegRows::write_row(std::int64_t index, std::span<std::uint8_t> row) const {
  thread_local JpegDecoder decoder;
  thread_local std::vector<std::uint8_t> bytes;
  expects(index >= 0 && index < count(), "the index of a file");
  const std::filesystem::path& file = files_[static_cast<std::size_t>(index)];
  try {
    decoder.decode(image_file(file, bytes), file.native(), shape_, row);
  } catch (const Error& error) {
    if (remedy_.empty()) {
      throw;
    }
    throw Error(error.what(), "", remedy_);
  }
}

}  // namespace gradwatt
