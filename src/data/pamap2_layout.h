#pragma once

#include "data/pamap2_options.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

// What PAMAP2's files look like: one row per 10 ms, 54 columns, one space between them, NaN where a
// value is missing. Counted from 0: 0 time in s, 1 activity, 2 heart rate in 1/min (9 Hz), then 17
// columns for the hand (3), chest (20) and ankle (37): 0 temperature in °C, 1-3 acceleration up to
// 16 g in m/s², 4-6 the same up to 6 g, 7-9 gyroscope in rad/s, 10-12 magnetometer in µT, 13-16
// orientation, which is invalid.
// Source: Reiss, Stricker, "Introducing a new benchmarked dataset for activity monitoring", ISWC
// 2012; UCI repository, data set 231.
constexpr int kPamap2Columns = 54;
constexpr double kPamap2Interval_s = 0.01;
constexpr int kPamap2Subjects = 9;  ///< 101 to 109.
constexpr int kPamap2ActivityMax = 24;

struct Pamap2Activity {
  int id;
  const char* name;
};

/// All activities of the data set; 0 is what lies between them.
[[nodiscard]] std::span<const Pamap2Activity> pamap2_activities();

/// nullptr for an id that PAMAP2 does not use. Example: 24 is "rope jumping".
[[nodiscard]] const char* pamap2_activity_name(int id);

struct Pamap2Channel {
  std::string name;  ///< "hand_acc16_x"
  int column = 0;    ///< Counted from 0.
};

/// The channels that `options` choose, in the order of their columns.
/// Example: the defaults give 27, the first is hand_acc16_x in column 4.
[[nodiscard]] std::vector<Pamap2Channel> pamap2_channels(const Pamap2Options& options);

struct Pamap2Source {
  int subject = 0;
  std::filesystem::path file;
};

/// The folder of the recordings: `folder`/PAMAP2_Dataset/Protocol, `folder`/Protocol or `folder`
/// itself, the first that holds a subject1NN.dat. Empty when none does.
[[nodiscard]] std::filesystem::path pamap2_protocol(const std::filesystem::path& folder);

/// Optional/ beside the folder of the recordings or in it. Empty when it holds no recording.
[[nodiscard]] std::filesystem::path pamap2_optional(const std::filesystem::path& folder);

/// The recordings by subject, those of Optional/ behind those of Protocol/.
/// Throws Error when there is none, or when Optional/ is asked for and absent.
[[nodiscard]] std::vector<Pamap2Source> pamap2_sources(const std::filesystem::path& folder,
                                                       bool with_optional);

struct Pamap2Absence {
  std::filesystem::path file;  ///< Where the recording would be.
  std::string what;            ///< "subject 106, named for testing, has no file"
};

/// The subjects that `options` name for testing and, unless the split is random, for validation,
/// and that have no recording among `sources`. Training refuses them.
/// Takes at least one source.
[[nodiscard]] std::vector<Pamap2Absence> absent_subjects(const Pamap2Options& options,
                                                         const std::vector<Pamap2Source>& sources);

}  // namespace gradwatt
