#include "data/hdf5_handle.h"

#include <string_view>

namespace gradwatt {
namespace {

/// Of "file write failed: time = ..., error message = 'File too large', ..." what a reader needs:
/// "file write failed: File too large".
std::string shortened(const std::string& text) {
  constexpr std::string_view kBefore = "error message = '";
  const std::size_t time = text.find(": time = ");
  const std::size_t reason = text.find(kBefore);
  if (time == std::string::npos || reason == std::string::npos) {
    return text;
  }
  const std::size_t begin = reason + kBefore.size();
  return text.substr(0, time) + ": " + text.substr(begin, text.find('\'', begin) - begin);
}

}  // namespace

std::mutex& hdf5_mutex() {
  static std::mutex mutex;
  return mutex;
}

void silence_hdf5() { hdf5().H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

std::string hdf5_complaint() {
  std::string text;
  const auto keep = [](unsigned, const H5E_error2_t* error, void* into) -> herr_t {
    if (error->desc != nullptr) {
      *static_cast<std::string*>(into) = error->desc;
    }
    return 0;
  };
  // Downward ends at the innermost function, the one that saw what is wrong.
  hdf5().H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep, &text);
  return text.empty() ? "the HDF5 library does not say why" : shortened(text);
}

}  // namespace gradwatt
