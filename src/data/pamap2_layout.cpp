#include "data/pamap2_layout.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace gradwatt {
namespace {

constexpr std::array<Pamap2Activity, 19> kActivities{{
    {0, "transient"},
    {1, "lying"},
    {2, "sitting"},
    {3, "standing"},
    {4, "walking"},
    {5, "running"},
    {6, "cycling"},
    {7, "nordic walking"},
    {9, "watching TV"},
    {10, "computer work"},
    {11, "car driving"},
    {12, "ascending stairs"},
    {13, "descending stairs"},
    {16, "vacuum cleaning"},
    {17, "ironing"},
    {18, "folding laundry"},
    {19, "house cleaning"},
    {20, "playing soccer"},
    {24, "rope jumping"},
}};

/// 101 for "subject101.dat"; nullopt for any other name.
std::optional<int> subject_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  int subject = 0;
  if (name.size() != 14 || !name.starts_with("subject") || !name.ends_with(".dat")) {
    return std::nullopt;
  }
  const char* first = name.data() + 7;
  const auto [end, error] = std::from_chars(first, first + 3, subject);
  if (error != std::errc() || end != first + 3 || subject < 100) {
    return std::nullopt;
  }
  return subject;
}

std::vector<Pamap2Source> recordings_in(const std::filesystem::path& folder) {
  std::vector<Pamap2Source> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (const auto subject = subject_of(entry.path())) {
      found.push_back({*subject, entry.path()});
    }
  }
  std::sort(found.begin(), found.end(), [](const Pamap2Source& a, const Pamap2Source& b) {
    return a.subject < b.subject;
  });
  return found;
}

void add_axes(std::vector<Pamap2Channel>& channels, const std::string& name, int column) {
  for (const char* axis : {"_x", "_y", "_z"}) {
    channels.push_back({name + axis, column++});
  }
}

}  // namespace

std::span<const Pamap2Activity> pamap2_activities() { return kActivities; }

const char* pamap2_activity_name(int id) {
  const auto* const found =
      std::find_if(kActivities.begin(), kActivities.end(), [&](const Pamap2Activity& activity) {
        return activity.id == id;
      });
  return found == kActivities.end() ? nullptr : found->name;
}

std::vector<Pamap2Channel> pamap2_channels(const Pamap2Options& options) {
  std::vector<Pamap2Channel> channels;
  if (options.heart_rate) {
    channels.push_back({"heart_rate", 2});
  }
  int first = 3;
  for (const std::string place : {"hand", "chest", "ankle"}) {
    if (options.temperature) {
      channels.push_back({place + "_temperature", first});
    }
    if (options.acc16) {
      add_axes(channels, place + "_acc16", first + 1);
    }
    if (options.acc6) {
      add_axes(channels, place + "_acc6", first + 4);
    }
    if (options.gyro) {
      add_axes(channels, place + "_gyro", first + 7);
    }
    if (options.magnetometer) {
      add_axes(channels, place + "_magnetometer", first + 10);
    }
    first += 17;
  }
  return channels;
}

std::filesystem::path pamap2_protocol(const std::filesystem::path& folder) {
  for (const auto& place : {folder / "PAMAP2_Dataset" / "Protocol", folder / "Protocol", folder}) {
    if (!recordings_in(place).empty()) {
      return place;
    }
  }
  return {};
}

std::filesystem::path pamap2_optional(const std::filesystem::path& folder) {
  const std::filesystem::path protocol = pamap2_protocol(folder);
  for (const auto& place : {protocol.parent_path() / "Optional", protocol / "Optional"}) {
    if (!protocol.empty() && !recordings_in(place).empty()) {
      return place;
    }
  }
  return {};
}

std::vector<Pamap2Source> pamap2_sources(const std::filesystem::path& folder, bool with_optional) {
  const std::filesystem::path protocol = pamap2_protocol(folder);
  if (protocol.empty()) {
    throw Error("PAMAP2 is not here: no PAMAP2_Dataset/Protocol/subject101.dat ...",
                folder.string(),
                "unpack PAMAP2_Dataset.zip of the UCI repository (data set 231) there, or make a "
                "set of that form:\n    gradwatt data make pamap2 --out DIR");
  }
  std::vector<Pamap2Source> sources = recordings_in(protocol);
  if (with_optional) {
    const std::filesystem::path place = pamap2_optional(folder);
    if (place.empty()) {
      throw Error("the optional recordings are not here: no Optional/subject101.dat ...",
                  folder.string(),
                  "unpack them there, or train without them");
    }
    const std::vector<Pamap2Source> more = recordings_in(place);
    sources.insert(sources.end(), more.begin(), more.end());
  }
  return sources;
}

std::vector<Pamap2Absence> absent_subjects(const Pamap2Options& options,
                                           const std::vector<Pamap2Source>& sources) {
  std::vector<Pamap2Absence> absent;
  const auto look_for = [&](const std::vector<int>& subjects, const char* part) {
    for (const int subject : subjects) {
      if (std::none_of(sources.begin(), sources.end(), [&](const Pamap2Source& source) {
            return source.subject == subject;
          })) {
        absent.push_back(
            {sources.front().file.parent_path() / fmt::format("subject{}.dat", subject),
             fmt::format("subject {}, named for {}, has no file", subject, part)});
      }
    }
  };
  look_for(options.test_subjects, "testing");
  if (options.split == WindowSplit::subjects) {
    look_for(options.validation_subjects, "validation");
  }
  return absent;
}

}  // namespace gradwatt
