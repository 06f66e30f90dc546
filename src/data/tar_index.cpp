#include "data/tar_index.h"

#include "base/error.h"
#include "base/unique_fd.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::uint64_t kTarBlock = 512;
/// Names and pax records; longer ones are no names.
constexpr std::uint64_t kTarTextMax = std::uint64_t{1} << 20U;
constexpr std::uint64_t kTarSizeMax = std::uint64_t{1} << 62U;
constexpr const char* kTarRemedy = "fetch or write the archive again";

/// One header block; fields as POSIX lays them out.
class TarHeader {
 public:
  std::array<char, kTarBlock> bytes{};

  [[nodiscard]] bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
  }
  [[nodiscard]] char type() const { return bytes[156]; }
  [[nodiscard]] std::optional<std::uint64_t> size() const { return number(124, 12); }
  [[nodiscard]] bool is_ustar() const { return raw(257, 6) == std::string_view("ustar\0", 6); }

  [[nodiscard]] std::string name() const {
    const std::string own(text(0, 100));
    const std::string_view prefix = is_ustar() ? text(345, 155) : "";
    return prefix.empty() ? own : fmt::format("{}/{}", prefix, own);
  }

  /// Old programs summed signed characters.
  [[nodiscard]] bool has_right_sum() const {
    std::int64_t sum = 8 * std::int64_t{' '};
    std::int64_t signed_sum = sum;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (i < 148 || i >= 156) {
        sum += static_cast<unsigned char>(bytes[i]);
        signed_sum += static_cast<signed char>(bytes[i]);
      }
    }
    const auto stored = number(148, 8);
    return stored && (static_cast<std::int64_t>(*stored) == sum ||
                      static_cast<std::int64_t>(*stored) == signed_sum);
  }

 private:
  [[nodiscard]] std::string_view raw(std::size_t at, std::size_t size) const {
    return {bytes.data() + at, size};
  }
  [[nodiscard]] std::string_view text(std::size_t at, std::size_t size) const {
    const std::string_view field = raw(at, size);
    return field.substr(0, field.find('\0'));
  }
  /// Octal digits between blanks, or, with the first bit set, the bytes themselves.
  [[nodiscard]] std::optional<std::uint64_t> number(std::size_t at, std::size_t size) const {
    std::string_view field = raw(at, size);
    if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
      std::uint64_t value = static_cast<unsigned char>(field.front()) & 0x7fU;
      for (const char c : field.substr(1)) {
        if (value > kTarSizeMax / 256) {
          return std::nullopt;
        }
        value = value * 256 + static_cast<unsigned char>(c);
      }
      return value;
    }
    field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
    field = field.substr(0, field.find_first_of(std::string_view(" \0", 2)));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value, 8);
    const bool is_whole = error == std::errc() && end == field.data() + field.size();
    return is_whole ? std::optional(value) : std::nullopt;
  }
};

/// What extension headers say about the next member.
struct TarOverrides {
  std::optional<std::string> name;
  std::optional<std::uint64_t> size;
};

class TarReader {
 public:
  explicit TarReader(const std::filesystem::path& archive)
      : name_(archive.string()), fd_(::open(archive.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about {};
    if (!fd_ || ::fstat(fd_.get(), &about) != 0) {
      throw system_error("cannot open", name_, errno);
    }
    size_ = static_cast<std::uint64_t>(about.st_size);
  }

  std::vector<TarMember> members() {
    std::vector<TarMember> all;
    while (const auto header = next_header()) {
      const std::uint64_t header_at = at_ - kTarBlock;
      const std::uint64_t size = data_size(*header, header_at);
      const ByteRange data{at_, size};
      at_ += (size + kTarBlock - 1) / kTarBlock * kTarBlock;
      if (!read_extension(*header, data, header_at)) {
        if (is_regular(header->type())) {
          all.push_back({next_.name.value_or(header->name()), data});
        }
        next_ = {};
      }
    }
    return all;
  }

 private:
  [[noreturn]] void fail(std::string_view what, std::uint64_t at) const {
    throw Error(what, fmt::format("{}, byte {}", name_, at), kTarRemedy);
  }

  static bool is_regular(char type) { return type == '0' || type == '\0' || type == '7'; }

  void read(std::uint64_t offset, std::span<char> bytes) const {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t got = ::pread(
          fd_.get(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno != EINTR) {
        throw system_error("cannot read", name_, errno);
      }
      if (got == 0) {
        fail("the archive ends too early", offset + done);
      }
      done += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
  }

  /// nullopt at the end of the archive.
  std::optional<TarHeader> next_header() {
    if (at_ >= size_) {
      fail("the archive ends without its two blocks of zeros, perhaps cut off", size_);
    }
    TarHeader header;
    read(at_, header.bytes);
    if (header.is_zero()) {
      return std::nullopt;
    }
    if (!header.has_right_sum()) {
      const bool is_gzip = at_ == 0 && header.bytes[0] == '\x1f' && header.bytes[1] == '\x8b';
      fail(is_gzip ? "is compressed; decompress it, members are read in place"
                   : "is no tar header, or a damaged one: its check sum is wrong",
           at_);
    }
    at_ += kTarBlock;
    return header;
  }

  [[nodiscard]] std::uint64_t data_size(const TarHeader& header, std::uint64_t header_at) const {
    const char type = header.type();
    // Links, devices, folders and pipes have no data, whatever their size says.
    if (type >= '1' && type <= '6') {
      return 0;
    }
    if (type == 'S') {
      fail("holds a sparse file, which cannot be read in place", header_at);
    }
    const std::optional<std::uint64_t> stored = header.size();
    if (!stored) {
      fail("the size of the member is no number", header_at);
    }
    const std::uint64_t size = is_regular(type) ? next_.size.value_or(*stored) : *stored;
    if (size > size_ - at_) {
      fail(fmt::format(
               "a member of {} bytes goes on behind the end of the file, {} bytes", size, size_),
           header_at);
    }
    return size;
  }

  /// True for headers that tell about the member after them.
  bool read_extension(const TarHeader& header, ByteRange data, std::uint64_t header_at) {
    const char type = header.type();
    if (type == 'K' || type == 'g') {
      return true;
    }
    if (type != 'L' && type != 'x') {
      return false;
    }
    if (data.size > kTarTextMax) {
      fail("a name longer than 1 MiB", header_at);
    }
    std::string text(data.size, '\0');
    read(data.offset, text);
    if (type == 'L') {
      next_.name = text.substr(0, text.find('\0'));
    } else {
      read_pax(text, data.offset);
    }
    return true;
  }

  /// Records "LENGTH KEY=VALUE\n", the length counting all of the record.
  void read_pax(std::string_view text, std::uint64_t at) {
    while (!text.empty()) {
      std::size_t length = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
      const auto digits = static_cast<std::size_t>(end - text.data());
      if (error != std::errc() || length <= digits + 1 || length > text.size() ||
          text[digits] != ' ' || text[length - 1] != '\n') {
        fail("a damaged pax record", at);
      }
      const std::string_view record = text.substr(digits + 1, length - digits - 2);
      const std::size_t equals = record.find('=');
      if (equals == std::string_view::npos) {
        fail("a pax record without '='", at);
      }
      take_pax(record.substr(0, equals), record.substr(equals + 1), at);
      text.remove_prefix(length);
      at += length;
    }
  }

  void take_pax(std::string_view key, std::string_view value, std::uint64_t at) {
    if (key == "path") {
      next_.name = std::string(value);
    } else if (key == "size") {
      std::uint64_t size = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (error != std::errc() || end != value.data() + value.size()) {
        fail("a pax size that is no number", at);
      }
      next_.size = size;
    } else if (key.starts_with("GNU.sparse.")) {
      fail("holds a sparse file, which cannot be read in place", at);
    }
  }

  std::string name_;
  UniqueFd fd_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
  TarOverrides next_;
};

}  // namespace

std::vector<TarMember> tar_index(const std::filesystem::path& archive) {
  return TarReader(archive).members();
}

}  // namespace gradwatt
