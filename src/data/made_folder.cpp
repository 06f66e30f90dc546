#include "data/made_folder.h"

#include "base/error.h"
#include "base/unique_fd.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>

namespace gradwatt {
namespace {

// Lies in a folder that is being filled, and is locked meanwhile.
constexpr const char* kMarker = ".gradwatt-data-make";

bool is_empty_or_absent(const std::filesystem::path& folder) {
  return !std::filesystem::exists(folder) ||
         (std::filesystem::is_directory(folder) && std::filesystem::is_empty(folder));
}

/// Makes the empty folder `part` and holds it until the result is destroyed.
UniqueFd claim_part(const std::filesystem::path& part) {
  if (!is_empty_or_absent(part) && !std::filesystem::exists(part / kMarker)) {
    throw Error("is in the way", part.string(), "move it away, or choose another --out");
  }
  std::filesystem::create_directories(part);
  UniqueFd marker(::open((part / kMarker).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!marker) {
    throw system_error("cannot write there", part.string(), errno, "choose another --out");
  }
  if (::flock(marker.get(), LOCK_EX | LOCK_NB) != 0) {
    throw Error("another gradwatt is writing there", part.string(), "wait until it has ended");
  }
  for (const auto& entry : std::filesystem::directory_iterator(part)) {
    if (entry.path().filename() != kMarker) {
      std::filesystem::remove_all(entry.path());
    }
  }
  return marker;
}

}  // namespace

MadeData make_folder(const std::filesystem::path& folder,
                     const std::function<MadeData(const std::filesystem::path&)>& make) {
  if (!is_empty_or_absent(folder)) {
    throw Error("is there already and not empty", folder.string(), "choose another --out");
  }
  // "DIR/" and "DIR" name the same folder.
  const auto place = (folder / "").lexically_normal().parent_path();
  const std::filesystem::path part = place.string() + ".part";
  try {
    const UniqueFd marker = claim_part(part);
    MadeData made;
    try {
      made = make(part);
      std::filesystem::remove(part / kMarker);
      std::filesystem::rename(part, place);
    } catch (...) {
      std::error_code ignored;
      std::filesystem::remove_all(part, ignored);
      throw;
    }
    return made;
  } catch (const std::filesystem::filesystem_error& error) {
    throw system_error("cannot write", part.string(), error.code().value(), "choose another --out");
  }
}

}  // namespace gradwatt
