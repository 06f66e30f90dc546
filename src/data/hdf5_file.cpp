#include "data/hdf5_file.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/hdf5_library.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr const char* kFields = "fields";
constexpr const char* kFetchFields = "fetch or convert it again; gradwatt data check tells more";
constexpr std::int64_t kFloatBytes = sizeof(float);

bool can_decode(int filter) { return filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_SHUFFLE; }

std::string filter_text(int filter) {
  switch (filter) {
    case H5Z_FILTER_DEFLATE:
      return "deflate";
    case H5Z_FILTER_SHUFFLE:
      return "shuffle";
    default:
      return fmt::format("filter {}", filter);
  }
}

/// Fills `out` with the bytes of the file from `offset` on.
void read_bytes(int fd, const std::string& file, std::uint64_t offset, std::span<float> out) {
  const std::span<std::byte> all = std::as_writable_bytes(out);
  std::size_t done = 0;
  while (done < all.size()) {
    const ssize_t count =
        ::pread(fd, all.data() + done, all.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      throw system_error("cannot read", file, errno, "check the disk it is on");
    }
    if (count == 0) {
      throw Error("ends before its data: it was cut off", file, kFetchFields);
    }
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

Hdf5File::Hdf5File(std::filesystem::path file)
    : path_(std::move(file)), library_(std::make_unique<Library>()) {
  library_->bytes = UniqueFd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!library_->bytes) {
    throw system_error("cannot open", path_.string(), errno, "check the name and its permissions");
  }
  const std::scoped_lock lock(hdf5_mutex());
  silence_hdf5();
  try {
    open_dataset();
    read_type_and_shape();
    read_layout();
  } catch (...) {
    library_.reset();
    throw;
  }
}

Hdf5File::~Hdf5File() {
  const std::scoped_lock lock(hdf5_mutex());
  library_.reset();
}

void Hdf5File::open_dataset() {
  if (hdf5().H5Fis_hdf5(path_.c_str()) <= 0) {
    throw Error("is no HDF5 file", path_.string(), kFetchFields);
  }
  library_->file = {hdf5().H5Fopen(path_.c_str(), kHdf5ReadOnly, H5P_DEFAULT), hdf5().H5Fclose};
  if (!library_->file) {
    throw Error(fmt::format("cannot be opened as HDF5: {}", hdf5_complaint()),
                path_.string(),
                kFetchFields);
  }
  library_->fields = {hdf5().H5Dopen2(library_->file.id(), kFields, H5P_DEFAULT), hdf5().H5Dclose};
  if (!library_->fields) {
    throw Error(fmt::format("has no dataset `{}`", kFields),
                path_.string(),
                "ERA5's files hold float32 `fields` [times, channels, height, width]");
  }
}

void Hdf5File::read_type_and_shape() {
  const Hdf5Handle type(hdf5().H5Dget_type(library_->fields.id()), hdf5().H5Tclose);
  if (hdf5().H5Tequal(type.id(), hdf5().float32_le) <= 0) {
    throw Error(fmt::format("its `{}` are not little-endian float32", kFields),
                path_.string(),
                "convert them to float32");
  }
  const Hdf5Handle space(hdf5().H5Dget_space(library_->fields.id()), hdf5().H5Sclose);
  const int rank = hdf5().H5Sget_simple_extent_ndims(space.id());
  if (rank != 4) {
    throw Error(fmt::format("its `{}` have {} dimensions instead of 4", kFields, rank),
                path_.string(),
                "they are [times, channels, height, width]");
  }
  std::array<hsize_t, 4> size{};
  hdf5().H5Sget_simple_extent_dims(space.id(), size.data(), nullptr);
  if (std::find(size.begin(), size.end(), hsize_t{0}) != size.end()) {
    throw Error(fmt::format("its `{}` are empty: {}", kFields, fmt::join(size, " x ")),
                path_.string(),
                kFetchFields);
  }
  std::array<std::int64_t, 4> extent{};
  std::copy(size.begin(), size.end(), extent.begin());
  shape_ = {extent[0], extent[1], extent[2], extent[3]};
}

void Hdf5File::read_layout() {
  const Hdf5Handle plan(hdf5().H5Dget_create_plist(library_->fields.id()), hdf5().H5Pclose);
  const H5D_layout_t layout = hdf5().H5Pget_layout(plan.id());
  if (layout == H5D_CHUNKED) {
    std::array<hsize_t, 4> size{};
    hdf5().H5Pget_chunk(plan.id(), 4, size.data());
    std::copy(size.begin(), size.end(), chunk_.begin());
    read_filters();
    layout_ = std::all_of(filters_.begin(), filters_.end(), can_decode) ? FieldLayout::chunks
                                                                        : FieldLayout::library;
    return;
  }
  if (layout != H5D_CONTIGUOUS || hdf5().H5Pget_external_count(plan.id()) > 0) {
    return;
  }
  offset_ = hdf5().H5Dget_offset(library_->fields.id());
  struct stat status {};
  if (::fstat(library_->bytes.get(), &status) != 0) {
    throw system_error("cannot look at", path_.string(), errno, "check the disk it is on");
  }
  const auto bytes = static_cast<std::uint64_t>(shape_.times * shape_.channels * shape_.height *
                                                shape_.width * kFloatBytes);
  if (offset_ == HADDR_UNDEF || offset_ + bytes > static_cast<std::uint64_t>(status.st_size)) {
    throw Error(
        fmt::format("ends before its `{}`: it was cut off", kFields), path_.string(), kFetchFields);
  }
  layout_ = FieldLayout::contiguous;
}

void Hdf5File::read_filters() {
  const Hdf5Handle plan(hdf5().H5Dget_create_plist(library_->fields.id()), hdf5().H5Pclose);
  const int count = hdf5().H5Pget_nfilters(plan.id());
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    unsigned config = 0;
    filters_.push_back(hdf5().H5Pget_filter2(
        plan.id(), static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &config));
  }
}

std::string Hdf5File::layout_text() const {
  if (chunk_[0] == 0) {
    return layout_ == FieldLayout::contiguous ? "contiguous" : "in other files";
  }
  std::string text = fmt::format("chunks of {}", fmt::join(chunk_, " x "));
  for (const int filter : filters_) {
    text += ", " + filter_text(filter);
  }
  return text;
}

void Hdf5File::read(std::int64_t first,
                    std::int64_t count,
                    const FieldSelection& selection,
                    std::span<float> out) const {
  expects(first >= 0 && count > 0 && first + count <= shape_.times, "times that exist");
  expects(selection.rows > 0 && selection.rows <= shape_.height, "rows that exist");
  expects(std::all_of(selection.channels.begin(),
                      selection.channels.end(),
                      [&](int channel) { return channel >= 0 && channel < shape_.channels; }),
          "channels that exist");
  expects(static_cast<std::int64_t>(out.size()) == count * selection.size(shape_), "room for all");
  const Wanted wanted{first, count, selection, out};
  switch (layout_) {
    case FieldLayout::contiguous:
      return read_contiguous(wanted);
    case FieldLayout::chunks:
      return read_chunks(wanted);
    case FieldLayout::library:
      return read_by_library(wanted);
  }
}

/// Grids that lie one behind the other, in the file as in `out`, are one read.
void Hdf5File::read_contiguous(const Wanted& wanted) const {
  const FieldSelection& selection = wanted.selection;
  const std::int64_t grid = shape_.height * shape_.width;
  const auto kept = static_cast<std::size_t>(selection.rows * shape_.width);
  const bool whole_grids = selection.rows == shape_.height;
  std::vector<std::int64_t> starts;
  for (std::int64_t time = wanted.first; time < wanted.first + wanted.count; ++time) {
    for (const int channel : selection.channels) {
      starts.push_back((time * shape_.channels + channel) * grid);
    }
  }
  std::size_t done = 0;
  while (done < starts.size()) {
    std::size_t next = done + 1;
    while (whole_grids && next < starts.size() && starts[next] == starts[next - 1] + grid) {
      ++next;
    }
    read_bytes(library_->bytes.get(),
               path_.string(),
               offset_ + static_cast<std::uint64_t>(starts[done] * kFloatBytes),
               wanted.out.subspan(done * kept, (next - done) * kept));
    done = next;
  }
}

}  // namespace gradwatt
