#include "data/row_cache.h"

#include "base/error.h"
#include "base/expects.h"
#include "base/unique_fd.h"
#include "data/parallel_rows.h"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::size_t kCacheHeader = 4096;
constexpr const char* kCacheRemedy = "free space there, or train without this cache";

using CacheHeader = std::array<std::uint8_t, kCacheHeader>;

CacheHeader cache_header(const RowSource& source, std::string_view key) {
  expects(key.size() <= 4000, "a key that fits into the header");
  CacheHeader header{};
  std::size_t at = 0;
  const auto append = [&](const void* bytes, std::size_t size) {
    std::memcpy(header.data() + at, bytes, size);
    at += size;
  };
  append("gwrows1", 8);
  const std::array<std::uint64_t, 3> sizes{
      static_cast<std::uint64_t>(source.count()), source.row_bytes(), key.size()};
  append(sizes.data(), sizeof sizes);
  append(key.data(), key.size());
  at = kCacheHeader - sizeof(std::uint32_t);
  const auto sum = static_cast<std::uint32_t>(::crc32(0, header.data(), static_cast<uInt>(at)));
  append(&sum, sizeof sum);
  return header;
}

std::size_t cache_size(const RowSource& source) {
  return kCacheHeader + static_cast<std::size_t>(source.count()) * source.row_bytes();
}

class MappedRows final : public RowSource {
 public:
  MappedRows(void* memory, std::size_t size, const RowSource& like)
      : memory_(static_cast<const std::uint8_t*>(memory)),
        size_(size),
        count_(like.count()),
        row_bytes_(like.row_bytes()) {}
  MappedRows(const MappedRows&) = delete;
  MappedRows& operator=(const MappedRows&) = delete;
  ~MappedRows() override { ::munmap(const_cast<std::uint8_t*>(memory_), size_); }

  [[nodiscard]] std::int64_t count() const override { return count_; }
  [[nodiscard]] std::size_t row_bytes() const override { return row_bytes_; }
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override {
    expects(index >= 0 && index < count_ && row.size() == row_bytes_, "a row of the file");
    std::memcpy(row.data(),
                memory_ + kCacheHeader + static_cast<std::size_t>(index) * row_bytes_,
                row_bytes_);
  }

 private:
  const std::uint8_t* memory_;
  std::size_t size_;
  std::int64_t count_;
  std::size_t row_bytes_;
};

void write_at(int fd,
              std::span<const std::uint8_t> bytes,
              std::size_t at,
              const std::string& file) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count < 0 && errno != EINTR) {
      throw system_error("cannot write", file, errno, kCacheRemedy);
    }
    const auto done = count > 0 ? static_cast<std::size_t>(count) : 0;
    bytes = bytes.subspan(done);
    at += done;
  }
}

/// Removes the file at the end of its life, unless it was renamed by then.
struct PartFile {
  std::string path;
  UniqueFd fd;

  explicit PartFile(std::string where) : path(std::move(where)) {
    fd = UniqueFd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd) {
      throw system_error("cannot create", path, errno, kCacheRemedy);
    }
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (!path.empty()) {
      ::unlink(path.c_str());
    }
  }
};

/// `fd` holds the rows that belong to this header.
bool is_cache_of(int fd, const CacheHeader& header, std::size_t size) {
  struct stat about {};
  CacheHeader there{};
  return ::fstat(fd, &about) == 0 && static_cast<std::size_t>(about.st_size) == size &&
         ::pread(fd, there.data(), there.size(), 0) == static_cast<ssize_t>(there.size()) &&
         there == header;
}

UniqueFd make_cache(const RowSource& source,
                    const std::string& file,
                    const CacheHeader& header,
                    int workers) {
  PartFile part(file + ".part" + std::to_string(::getpid()));
  // A disk that is too small is found out now and not after an hour.
  const int lacking = ::posix_fallocate(part.fd.get(), 0, static_cast<off_t>(cache_size(source)));
  if (lacking != 0) {
    throw system_error("cannot write", file, lacking, kCacheRemedy);
  }
  const std::size_t row_bytes = source.row_bytes();
  for_pieces(source.count(), workers, [&](std::int64_t first, std::int64_t last) {
    std::vector<std::uint8_t> rows(static_cast<std::size_t>(last - first) * row_bytes);
    for (std::int64_t i = first; i < last; ++i) {
      const auto place = static_cast<std::size_t>(i - first) * row_bytes;
      source.write_row(i, std::span(rows).subspan(place, row_bytes));
    }
    write_at(
        part.fd.get(), rows, kCacheHeader + static_cast<std::size_t>(first) * row_bytes, part.path);
  });
  write_at(part.fd.get(), header, 0, part.path);
  if (::fdatasync(part.fd.get()) != 0 || ::rename(part.path.c_str(), file.c_str()) != 0) {
    throw system_error("cannot write", file, errno, kCacheRemedy);
  }
  part.path.clear();
  return std::move(part.fd);
}

}  // namespace

std::unique_ptr<RowSource> cached_rows(const RowSource& source,
                                       const std::filesystem::path& file,
                                       std::string_view key,
                                       int workers) {
  const CacheHeader header = cache_header(source, key);
  const std::size_t size = cache_size(source);
  UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || !is_cache_of(fd.get(), header, size)) {
    fd = make_cache(source, file.string(), header, workers);
  }
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) {
    throw system_error("cannot map", file.string(), errno, kCacheRemedy);
  }
  return std::make_unique<MappedRows>(memory, size, source);
}

}  // namespace gradwatt
