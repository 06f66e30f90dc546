#include "data/era5_layout.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 20> kEra5Channels{
    "u10",  "v10",  "t2m",  "sp",   "mslp", "t850", "u1000", "v1000", "z1000", "u850",
    "v850", "z850", "u500", "v500", "z500", "t500", "z50",   "r500",  "r850",  "tcwv"};

std::vector<fs::path> hdf5_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".h5") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// -1: no channel is called that.
int channel_called(const std::string& name, std::int64_t channels) {
  int number = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, number);
  if (error == std::errc{} && rest == end) {
    return number >= 0 && number < channels ? number : -1;
  }
  const auto found = std::find(kEra5Channels.begin(), kEra5Channels.end(), name);
  const auto at = std::distance(kEra5Channels.begin(), found);
  return found != kEra5Channels.end() && at < channels ? static_cast<int>(at) : -1;
}

}  // namespace

Era5Files find_era5(const fs::path& folder) {
  for (const fs::path& root : {folder, folder / "era5"}) {
    Era5Files files{root,
                    hdf5_files_in(root / "train"),
                    hdf5_files_in(root / "test"),
                    hdf5_files_in(root / "out_of_sample")};
    if (!files.train.empty()) {
      return files;
    }
  }
  return {};
}

Era5Files require_era5(const fs::path& folder) {
  constexpr const char* kHow =
      "name the folder with train/*.h5, test/*.h5 and stats/*.npy by --data; gradwatt data make "
      "era5 --out DIR makes a small one";
  Era5Files files = find_era5(folder);
  if (files.root.empty()) {
    throw Error("holds no ERA5: train/ with *.h5 is missing", folder.string(), kHow);
  }
  if (files.validation.empty()) {
    throw Error("has no *.h5 to validate on", (files.root / "test").string(), kHow);
  }
  return files;
}

std::string era5_channel_name(int channel) {
  const auto index = static_cast<std::size_t>(channel);
  return index < kEra5Channels.size() ? std::string(kEra5Channels[index])
                                      : fmt::format("c{}", channel);
}

std::vector<int> usual_era5_channels(std::int64_t channels) {
  std::vector<int> usual;
  for (int i = 0; i < std::min<std::int64_t>(channels, kEra5Channels.size()); ++i) {
    usual.push_back(i);
  }
  return usual;
}

std::vector<int> era5_channels_named(const std::vector<std::string>& names, std::int64_t channels) {
  std::vector<int> chosen;
  for (const std::string& name : names) {
    const int channel = channel_called(name, channels);
    if (channel < 0) {
      throw UsageError(
          fmt::format("the files have no channel {}", name),
          "--channels",
          fmt::format("take numbers from 0 to {}, or names as u10 and z500", channels - 1));
    }
    if (std::find(chosen.begin(), chosen.end(), channel) != chosen.end()) {
      throw UsageError(fmt::format("channel {} is named twice", name), "--channels");
    }
    chosen.push_back(channel);
  }
  return chosen;
}

}  // namespace gradwatt
