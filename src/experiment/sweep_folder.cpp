#include "experiment/sweep_folder.h"

#include "base/error.h"
#include "base/file.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <vector>

namespace gradwatt {
namespace {

void make_private_folder(const std::filesystem::path& folder) {
  const std::filesystem::path parent = folder.parent_path();
  std::error_code error;
  if (!parent.empty() && !std::filesystem::exists(parent, error)) {
    make_private_folder(parent);
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw system_error("cannot create",
                       folder.string(),
                       errno,
                       "choose another place with --store or GRADWATT_STORE");
  }
}

std::filesystem::path sweeps_in(const std::filesystem::path& store_root) {
  return store_root / "sweeps";
}

}  // namespace

SweepFolder::SweepFolder(const std::filesystem::path& store_root, const std::string& sweep)
    : folder_(sweeps_in(store_root) / sweep) {
  make_private_folder(folder_);
}

std::filesystem::path SweepFolder::log_of(const std::string& key) const {
  return folder_ / (key + ".log");
}

std::filesystem::path SweepFolder::checkpoint_of(const std::string& key) const {
  return folder_ / (key + ".checkpoint");
}

std::string SweepFolder::end_of_log(const std::string& key, int lines) const {
  const auto text = read_text(log_of(key));
  if (!text) {
    return "";
  }
  std::vector<std::string> last;
  std::string_view rest = trimmed(*text);
  while (!rest.empty() && last.size() < static_cast<std::size_t>(lines)) {
    const auto newline = rest.rfind('\n');
    const auto begin = newline == std::string_view::npos ? 0 : newline + 1;
    last.push_back(printable(rest.substr(begin)));
    rest = rest.substr(0, begin == 0 ? 0 : newline);
  }
  std::string joined;
  for (auto line = last.rbegin(); line != last.rend(); ++line) {
    joined += *line + "\n";
  }
  return joined;
}

SweepLock::SweepLock(const std::filesystem::path& store_root, const std::string& sweep) {
  make_private_folder(sweeps_in(store_root));
  const std::filesystem::path file = sweeps_in(store_root) / (sweep + ".lock");
  fd_ = UniqueFd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd_) {
    throw system_error("cannot create", file.string(), errno, "check the permissions there");
  }
  if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      throw Error("this sweep is going on already",
                  sweep,
                  "wait for it, or give one of the two files another name");
    }
    throw system_error("cannot lock", file.string(), errno, "put the store on another file system");
  }
}

}  // namespace gradwatt
