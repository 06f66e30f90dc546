#include "broker/energy_files.h"

#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

bool is_zone(const char* name) {
  return std::strncmp(name, "intel-rapl", 10) == 0 && std::strchr(name, ':') != nullptr &&
         std::strlen(name) < BrokerMessage::File{}.zone.size();
}

int open_counter(int powercap, const char* zone) {
  const int folder = ::openat(powercap, zone, kFolder);
  if (folder < 0) {
    return -1;
  }
  const int file = ::openat(folder, "energy_uj", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  ::close(folder);
  struct stat status {};
  if (file >= 0 && (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode))) {
    ::close(file);
    return -1;
  }
  return file;
}

int open_powercap(const char* root) {
  const int start = ::open(root, kFolder);
  if (start < 0) {
    return -1;
  }
  const int powercap = ::openat(start, "sys/class/powercap", kFolder);
  ::close(start);
  return powercap;
}

}  // namespace

EnergyFiles open_energy_files(const char* root) {
  EnergyFiles files;
  const int powercap = open_powercap(root);
  DIR* const list = powercap >= 0 ? ::fdopendir(powercap) : nullptr;
  if (list == nullptr) {
    return files;
  }
  while (const dirent* entry = ::readdir(list)) {
    if (files.count == BrokerMessage::kMostFiles) {
      break;
    }
    const int file = is_zone(entry->d_name) ? open_counter(powercap, entry->d_name) : -1;
    if (file >= 0) {
      files.descriptors[files.count] = file;
      std::memcpy(
          files.names[files.count].zone.data(), entry->d_name, std::strlen(entry->d_name) + 1);
      ++files.count;
    }
  }
  ::closedir(list);
  return files;
}

}  // namespace gradwatt
