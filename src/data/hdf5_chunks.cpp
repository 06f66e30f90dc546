#include "base/error.h"
#include "data/hdf5_file.h"
#include "data/hdf5_library.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace gradwatt {
namespace {

constexpr const char* kFetchChunks = "fetch or convert it again; gradwatt data check tells more";
constexpr std::size_t kShuffled = sizeof(float);
/// Of a chunk that has no filters: beside the numbers of the library's, which are above 0.
constexpr int kCopy = -1;

using Origin = std::array<std::int64_t, 4>;

std::string chunk_place(const std::filesystem::path& file, const Origin& origin) {
  return fmt::format("{}: `fields` at time {}, channel {}", file.string(), origin[0], origin[1]);
}

/// Byte b of element i lies at b * elements + i.
void unshuffle(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
  const std::size_t elements = to.size() / kShuffled;
  const std::uint8_t* byte = from.data();
  for (std::size_t i = 0; i < elements; ++i) {
    for (std::size_t b = 0; b < kShuffled; ++b) {
      to[i * kShuffled + b] = byte[b * elements + i];
    }
  }
}

/// False when `from` is no zlib stream of the size of `to`.
bool inflated(std::span<const std::uint8_t> from, std::span<std::uint8_t> to) {
  uLongf length = to.size();
  return ::uncompress(to.data(), &length, from.data(), from.size()) == Z_OK && length == to.size();
}

/// Where the chunks begin that reach into [first, end).
std::vector<std::int64_t> chunk_begins(std::int64_t first, std::int64_t end, std::int64_t extent) {
  std::vector<std::int64_t> begins;
  for (std::int64_t begin = first / extent * extent; begin < end; begin += extent) {
    begins.push_back(begin);
  }
  return begins;
}

}  // namespace

void Hdf5File::read_chunks(const Wanted& wanted) const {
  if (chunk_[0] == 1 && chunk_[1] == 1 && chunk_[2] >= shape_.height && chunk_[3] == shape_.width) {
    return read_grids(wanted);
  }
  thread_local std::vector<std::uint8_t> bytes;
  bytes.resize(chunk_bytes());
  for (const Origin& origin : chunks_of(wanted)) {
    if (!decode_chunk(origin, bytes)) {
      return read_by_library(wanted);  // a chunk that was never written: its fill value
    }
    scatter(origin, bytes, wanted);
  }
}

/// Where the chunks begin that hold something wanted, each once.
std::vector<std::array<std::int64_t, 4>> Hdf5File::chunks_of(const Wanted& wanted) const {
  std::array<std::vector<std::int64_t>, 4> begins{
      chunk_begins(wanted.first, wanted.first + wanted.count, chunk_[0]),
      {},
      chunk_begins(0, wanted.selection.rows, chunk_[2]),
      chunk_begins(0, shape_.width, chunk_[3])};
  for (const int channel : wanted.selection.channels) {
    begins[1].push_back(channel / chunk_[1] * chunk_[1]);
  }
  std::sort(begins[1].begin(), begins[1].end());
  begins[1].erase(std::unique(begins[1].begin(), begins[1].end()), begins[1].end());
  std::vector<Origin> origins(1);
  for (std::size_t axis = 0; axis < begins.size(); ++axis) {
    std::vector<Origin> further;
    for (Origin origin : origins) {
      for (const std::int64_t begin : begins[axis]) {
        origin[axis] = begin;
        further.push_back(origin);
      }
    }
    origins = std::move(further);
  }
  return origins;
}

/// Chunks of one grid each are decoded in place. Rows that are not wanted lie where the next grid
/// goes, and are overwritten by it; only at the end there is no room for them.
void Hdf5File::read_grids(const Wanted& wanted) const {
  thread_local std::vector<std::uint8_t> bytes;
  const auto kept = static_cast<std::size_t>(wanted.selection.rows * shape_.width) * sizeof(float);
  std::span<std::uint8_t> left{reinterpret_cast<std::uint8_t*>(wanted.out.data()),
                               wanted.out.size_bytes()};
  for (std::int64_t t = wanted.first; t < wanted.first + wanted.count; ++t) {
    for (const int channel : wanted.selection.channels) {
      const bool has_room = left.size() >= chunk_bytes();
      bytes.resize(has_room ? bytes.size() : chunk_bytes());
      const std::span<std::uint8_t> place = has_room ? left.first(chunk_bytes()) : bytes;
      if (!decode_chunk({t, channel, 0, 0}, place)) {
        return read_by_library(wanted);
      }
      if (!has_room) {
        std::memcpy(left.data(), place.data(), kept);
      }
      left = left.subspan(kept);
    }
  }
}

std::size_t Hdf5File::chunk_bytes() const {
  return static_cast<std::size_t>(chunk_[0] * chunk_[1] * chunk_[2] * chunk_[3]) * sizeof(float);
}

/// The chunk at `origin` as the file stores it: in `out` when that is how it is read, otherwise in
/// `stored`. Returns the filters to undo, the last one first; nullopt: the file does not hold it.
std::optional<std::vector<int>> Hdf5File::fetch_chunk(const Origin& origin,
                                                      std::vector<std::uint8_t>& stored,
                                                      std::span<std::uint8_t> out) const {
  const std::array<hsize_t, 4> at{static_cast<hsize_t>(origin[0]),
                                  static_cast<hsize_t>(origin[1]),
                                  static_cast<hsize_t>(origin[2]),
                                  static_cast<hsize_t>(origin[3])};
  const std::scoped_lock lock(hdf5_mutex());
  hsize_t size = 0;
  if (hdf5().H5Dget_chunk_storage_size(library_->fields.id(), at.data(), &size) < 0 || size == 0) {
    return std::nullopt;
  }
  const bool as_it_is = filters_.empty() && size == out.size();
  stored.resize(as_it_is ? stored.size() : size);
  std::uint32_t left_out = 0;
  if (hdf5().H5Dread_chunk(library_->fields.id(),
                           H5P_DEFAULT,
                           at.data(),
                           &left_out,
                           as_it_is ? out.data() : stored.data()) < 0) {
    throw Error(fmt::format("cannot be read: {}", hdf5_complaint()),
                chunk_place(path_, origin),
                kFetchChunks);
  }
  std::vector<int> filters;
  for (std::size_t i = filters_.size(); i-- > 0;) {
    if ((left_out >> i & 1U) == 0) {
      filters.push_back(filters_[i]);
    }
  }
  if (!as_it_is && filters.empty()) {
    filters.push_back(kCopy);
  }
  return filters;
}

/// The numbers of the chunk at `origin`. False: the file does not hold it.
bool Hdf5File::decode_chunk(const Origin& origin, std::span<std::uint8_t> out) const {
  thread_local std::vector<std::uint8_t> stored;
  thread_local std::vector<std::uint8_t> between;
  const auto filters = fetch_chunk(origin, stored, out);
  if (!filters) {
    return false;
  }
  for (std::size_t i = 0; i < filters->size(); ++i) {
    const bool is_last = i + 1 == filters->size();
    between.resize(is_last ? between.size() : out.size());
    const std::span<std::uint8_t> to = is_last ? out : std::span<std::uint8_t>(between);
    if ((*filters)[i] == H5Z_FILTER_DEFLATE) {
      if (!inflated(stored, to)) {
        throw Error("is damaged: it does not decompress", chunk_place(path_, origin), kFetchChunks);
      }
    } else if (stored.size() != to.size()) {
      throw Error("is damaged: a chunk has another size", chunk_place(path_, origin), kFetchChunks);
    } else if ((*filters)[i] == H5Z_FILTER_SHUFFLE) {
      unshuffle(stored, to);
    } else {
      std::memcpy(to.data(), stored.data(), to.size());
    }
    if (!is_last) {
      stored.swap(between);
    }
  }
  return true;
}

/// Copies what `wanted` asks for of the chunk at `origin`.
void Hdf5File::scatter(const Origin& origin,
                       std::span<const std::uint8_t> bytes,
                       const Wanted& wanted) const {
  const auto& channels = wanted.selection.channels;
  const std::int64_t rows = wanted.selection.rows;
  const auto width =
      static_cast<std::size_t>(std::min(chunk_[3], shape_.width - origin[3])) * sizeof(float);
  const std::int64_t row_end = std::min(origin[2] + chunk_[2], rows);
  const std::int64_t begin = std::max(origin[0], wanted.first);
  const std::int64_t end = std::min(origin[0] + chunk_[0], wanted.first + wanted.count);
  for (std::int64_t t = begin; t < end; ++t) {
    for (std::size_t k = 0; k < channels.size(); ++k) {
      const std::int64_t channel = channels[k] - origin[1];
      if (channel < 0 || channel >= chunk_[1]) {
        continue;
      }
      const std::int64_t from_grid = (t - origin[0]) * chunk_[1] + channel;
      const std::int64_t to_grid = (t - wanted.first) * static_cast<std::int64_t>(channels.size()) +
                                   static_cast<std::int64_t>(k);
      for (std::int64_t y = origin[2]; y < row_end; ++y) {
        const std::int64_t from = (from_grid * chunk_[2] + y - origin[2]) * chunk_[3];
        const std::int64_t to = (to_grid * rows + y) * shape_.width + origin[3];
        std::memcpy(wanted.out.data() + to,
                    bytes.data() + static_cast<std::size_t>(from) * sizeof(float),
                    width);
      }
    }
  }
}

/// Neighbouring channels are one selection, so that the library decodes each chunk once.
void Hdf5File::read_by_library(const Wanted& wanted) const {
  const auto& channels = wanted.selection.channels;
  const auto size = [](std::int64_t number) { return static_cast<hsize_t>(number); };
  const std::array<hsize_t, 4> memory_size{
      size(wanted.count), channels.size(), size(wanted.selection.rows), size(shape_.width)};
  const std::scoped_lock lock(hdf5_mutex());
  const Hdf5Handle file_space(hdf5().H5Dget_space(library_->fields.id()), hdf5().H5Sclose);
  const Hdf5Handle memory(hdf5().H5Screate_simple(4, memory_size.data(), nullptr), hdf5().H5Sclose);
  for (std::size_t k = 0; k < channels.size();) {
    std::size_t next = k + 1;
    while (next < channels.size() && channels[next] == channels[next - 1] + 1) {
      ++next;
    }
    const std::array<hsize_t, 4> extent{memory_size[0], next - k, memory_size[2], memory_size[3]};
    const std::array<hsize_t, 4> from{size(wanted.first), size(channels[k]), 0, 0};
    const std::array<hsize_t, 4> to{0, k, 0, 0};
    hdf5().H5Sselect_hyperslab(
        file_space.id(), H5S_SELECT_SET, from.data(), nullptr, extent.data(), nullptr);
    hdf5().H5Sselect_hyperslab(
        memory.id(), H5S_SELECT_SET, to.data(), nullptr, extent.data(), nullptr);
    if (hdf5().H5Dread(library_->fields.id(),
                       hdf5().native_float,
                       memory.id(),
                       file_space.id(),
                       H5P_DEFAULT,
                       wanted.out.data()) < 0) {
      throw Error(fmt::format("cannot be read: {}", hdf5_complaint()),
                  chunk_place(path_, {wanted.first, channels[k], 0, 0}),
                  kFetchChunks);
    }
    k = next;
  }
}

}  // namespace gradwatt
