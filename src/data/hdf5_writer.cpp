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
  Hdf5Handle plan(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  if (form.chunk[0] == 0) {
    return plan;
  }
  std::array<hsize_t, 4> chunk{};
  for (std::size_t i = 0; i < chunk.size(); ++i) {
    chunk[i] = static_cast<hsize_t>(form.chunk[i]);
  }
  H5Pset_chunk(plan.id(), 4, chunk.data());
  if (form.shuffle) {
    H5Pset_shuffle(plan.id());
  }
  if (form.deflate > 0) {
    H5Pset_deflate(plan.id(), static_cast<unsigned>(form.deflate));
  }
  if (form.checksum) {
    H5Pset_fletcher32(plan.id());
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
  open_->file = {H5Fcreate(file.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose};
  const Hdf5Handle space(H5Screate_simple(4, size.data(), nullptr), H5Sclose);
  const Hdf5Handle plan = creation_plan(form);
  if (open_->file) {
    open_->fields = {H5Dcreate2(open_->file.id(),
                                "fields",
                                H5T_IEEE_F32LE,
                                space.id(),
                                H5P_DEFAULT,
                                plan.id(),
                                H5P_DEFAULT),
                     H5Dclose};
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
  const Hdf5Handle space(H5Dget_space(open_->fields.id()), H5Sclose);
  const Hdf5Handle memory(H5Screate_simple(4, extent.data(), nullptr), H5Sclose);
  H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, from.data(), nullptr, extent.data(), nullptr);
  if (H5Dwrite(open_->fields.id(),
               H5T_NATIVE_FLOAT,
               memory.id(),
               space.id(),
               H5P_DEFAULT,
               grids.data()) < 0) {
    throw cannot_write_fields(file_);
  }
}

std::int64_t Hdf5Writer::close() {
  const std::scoped_lock lock(hdf5_mutex());
  const bool flushed = H5Fflush(open_->file.id(), H5F_SCOPE_LOCAL) >= 0;
  if (!flushed) {
    throw cannot_write_fields(file_);
  }
  hsize_t bytes = 0;
  H5Fget_filesize(open_->file.id(), &bytes);
  open_ = std::make_unique<Open>();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace gradwatt
