#include "data/idx_file.h"

#include "base/error.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>

namespace gradwatt {
namespace {

constexpr std::size_t kValuesMax = std::size_t{1} << 32U;
constexpr const char* kFetchAgain = "the file is damaged or no IDX file; fetch it again";

struct CloseGzip {
  void operator()(gzFile_s* file) const { ::gzclose(file); }
};

/// A file that zlib decompresses on the fly, or passes through when it is not compressed.
class IdxReader {
 public:
  explicit IdxReader(const std::filesystem::path& path) : path_(path.string()) {
    errno = 0;
    file_.reset(::gzopen(path.c_str(), "rb"));
    if (!file_) {
      throw system_error("cannot open", path_, errno != 0 ? errno : ENOMEM);
    }
    ::gzbuffer(file_.get(), 1 << 17U);
  }

  /// Fills `bytes` as far as the file goes; the number that were there.
  std::size_t read(std::span<std::uint8_t> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const auto wish =
          static_cast<unsigned>(std::min<std::size_t>(bytes.size() - done, 1U << 30U));
      const int got = ::gzread(file_.get(), bytes.data() + done, wish);
      if (got < 0) {
        int code = 0;
        throw Error(fmt::format("cannot decompress: {}", ::gzerror(file_.get(), &code)),
                    path_,
                    kFetchAgain);
      }
      if (got == 0) {
        break;
      }
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  void read_exactly(std::span<std::uint8_t> bytes, std::string_view what) {
    const std::size_t got = read(bytes);
    if (got != bytes.size()) {
      throw Error(fmt::format("ends inside {}: {} of {} bytes", what, got, bytes.size()),
                  path_,
                  kFetchAgain);
    }
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::unique_ptr<gzFile_s, CloseGzip> file_;
};

}  // namespace

IdxArray read_idx(const std::filesystem::path& file) {
  IdxReader reader(file);
  std::array<std::uint8_t, 4> word{};
  reader.read_exactly(word, "the header");
  if (word[0] != 0 || word[1] != 0) {
    throw Error(fmt::format("starts with {:02x}{:02x} instead of 0000", word[0], word[1]),
                reader.path(),
                kFetchAgain);
  }
  if (word[2] != 0x08) {
    throw Error(fmt::format("holds values of type 0x{:02x}; only unsigned bytes (0x08) can be read",
                            word[2]),
                reader.path());
  }
  IdxArray array;
  std::size_t count = 1;
  const int dimensions = word[3];
  for (int i = 0; i < dimensions; ++i) {
    reader.read_exactly(word, "the header");
    const std::size_t size = (std::size_t{word[0]} << 24U) | (std::size_t{word[1]} << 16U) |
                             (std::size_t{word[2]} << 8U) | std::size_t{word[3]};
    array.shape.push_back(static_cast<std::int64_t>(size));
    if (size == 0 || count > kValuesMax / size) {
      throw Error(fmt::format("dimension {} of its header is {}, which cannot be", i, size),
                  reader.path(),
                  kFetchAgain);
    }
    count *= size;
  }
  if (dimensions == 0) {
    throw Error("its header names no dimension", reader.path(), kFetchAgain);
  }
  array.values.resize(count);
  reader.read_exactly(array.values, "the values");
  if (reader.read(std::span(word).first(1)) != 0) {
    throw Error(fmt::format("goes on after the {} values of its header", count),
                reader.path(),
                kFetchAgain);
  }
  return array;
}

}  // namespace gradwatt
