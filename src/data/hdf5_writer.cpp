#include "data/hdf5_writer.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/hdf5_handle.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

Error cannot_write_fields(const std::filesystem::path& file) {
  return {fmt::format("cannot write: {}", hdf5_complaint()),
          file.string(),
          "make space there, or choose another folder"};
}

Hdf5Handle creation_plan(const Hdf5Form& form) {
  Hdf5Handle plan(hdf5().H5Pcreate(hdf5().dataset_create), hdf5().H5Pclose);
  if (form.chunk[0] == 0) {
    return plan;
  }
  std::array<hsize_t, 4> chunk{};
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    chunk[i] = static_cast<hsize_t>(form.chunk[i]);
  }
  hdf5().H5Pset_chunk(plan.id(), 4, chunk.data());
  if (form.shuffle) {
    hdf5().H5Pset_shuffle(plan.id());
  }
  if (form.deflate > 0) {
    hdf5().H5Pset_deflate(plan.id(), static_cast<unsigned>(form.deflate));
  }
  if (form.checksum) {
    hdf5().H5Pset_fletcher32(plan.id());
  }
  return plan;
}

}  // namespace

struct Hdf5Writer::Open {
  Hdf5Handle file;
  Hdf5Handle fields;
};

Hdf5Writer::Hdf5Writer(const std::filesystem::path& file,
                       const FieldShape& shape,
                       const Hdf5Form& form)
    : file_(file), shape_(shape), open_(std::make_unique<Open>()) {
  const std::scoped_lock lock(hdf5_mutex());
  silence_hdf5();
  const std::array<hsize_t, 4> size{static_cast<hsize_t>(shape.times),
                                    static_cast<hsize_t>(shape.channels),
                                    static_cast<hsize_t>(shape.height),
                                    static_cast<hsize_t>(shape.width)};
  open_->file = {hdf5().H5Fcreate(file.c_str(), kHdf5Replace, H5P_DEFAULT, H5P_DEFAULT),
                 hdf5().H5Fclose};
  const Hdf5Handle space(hdf5().H5Screate_simple(4, size.data(), nullptr), hdf5().H5Sclose);
  const Hdf5Handle plan = creation_plan(form);
  if (open_->file) {
    open_->fields = {hdf5().H5Dcreate2(open_->file.id(),
                                       "fields",
                                       hdf5().float32_le,
                                       space.id(),
                                       H5P_DEFAULT,
                                       plan.id(),
                                       H5P_DEFAULT),
                     hdf5().H5Dclose};
  }
  if (!open_->fields) {
    const Error error = cannot_write_fields(file_);
    open_.reset();
    throw Error(error);
  }
}

Hdf5Writer::~Hdf5Writer() {
  const std::scoped_lock lock(hdf5_mutex());
  open_.reset();
}

void Hdf5Writer::write(std::int64_t time, std::span<const float> grids) {
  expects(static_cast<std::int64_t>(grids.size()) == shape_.channels * shape_.height * shape_.width,
          "one time");
  const std::scoped_lock lock(hdf5_mutex());
  const std::array<hsize_t, 4> from{static_cast<hsize_t>(time), 0, 0, 0};
  const std::array<hsize_t, 4> extent{1,
                                      static_cast<hsize_t>(shape_.channels),
                                      static_cast<hsize_t>(shape_.height),
                                      static_cast<hsize_t>(shape_.width)};
  const Hdf5Handle space(hdf5().H5Dget_space(open_->fields.id()), hdf5().H5Sclose);
  const Hdf5Handle memory(hdf5().H5Screate_simple(4, extent.data(), nullptr), hdf5().H5Sclose);
  hdf5().H5Sselect_hyperslab(
      space.id(), H5S_SELECT_SET, from.data(), nullptr, extent.data(), nullptr);
  if (hdf5().H5Dwrite(open_->fields.id(),
                      hdf5().native_float,
                      memory.id(),
                      space.id(),
                      H5P_DEFAULT,
                      grids.data()) < 0) {
    throw cannot_write_fields(file_);
  }
}

std::int64_t Hdf5Writer::close() {
  const std::scoped_lock lock(hdf5_mutex());
  const bool flushed = hdf5().H5Fflush(open_->file.id(), H5F_SCOPE_LOCAL) >= 0;
  if (!flushed) {
    throw cannot_write_fields(file_);
  }
  hsize_t bytes = 0;
  hdf5().H5Fget_filesize(open_->file.id(), &bytes);
  open_ = std::make_unique<Open>();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace gradwatt
