#pragma once

#include "data/hdf5_api.h"

#include <mutex>
#include <string>
#include <utility>

namespace gradwatt {

/// One of the HDF5 library's objects, closed at the end of its scope. Empty when the call that made
/// it failed. To be made, used and destroyed under hdf5_mutex().
class Hdf5Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Hdf5Handle() = default;
  Hdf5Handle(hid_t id, Close close) : id_(id), close_(close) {}
  ~Hdf5Handle() {
    if (id_ >= 0) {
      (void)close_(id_);
    }
  }
  Hdf5Handle(Hdf5Handle&& other) noexcept
      : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;

  explicit operator bool() const { return id_ >= 0; }
  [[nodiscard]] hid_t id() const { return id_; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// The library may have been built without thread safety: each use of it holds this mutex.
[[nodiscard]] std::mutex& hdf5_mutex();

/// Keeps the library from writing its errors to stderr. Call it under the mutex, before others.
void silence_hdf5();

/// What the library says of the call that failed last: its innermost message.
[[nodiscard]] std::string hdf5_complaint();

}  // namespace gradwatt
