#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gradwatt {

/// What a window is called: the activity of most of its readings (ties: the smallest id), or that
/// of its last one.
enum class WindowLabel { mode, last };

/// How the windows that are not for testing become training and validation: by subject, or drawn.
/// Drawn windows overlap each other, so a network has seen half of each validation window.
enum class WindowSplit { subjects, random };

/// How to make windows of the PAMAP2 recordings.
///
/// Source of the defaults:
///   activities, channels, interpolation, keep_every, window, step   the loader of ISWC22-HAR
///       (teco-kit, dataloader_PAMAP_har.py): 100 Hz kept as 33.3 Hz, 5.12 s, half overlapping, the
///       usual 12 classes. It uses acc16 and gyro (18 channels) and a test step of a tenth window;
///       here magnetometers are used too, and test windows overlap as the others do.
///   validation_subjects, test_subjects   Hammerla, Halloran, Plötz, IJCAI 2016: 105 and 106.
///   label = last, window = 24, step = 12   are those of Attend and Discriminate (2020).
///   gap_max_s   ours: that loader interpolates over gaps of any length.
/// The accelerometer of 6 g saturates and the orientation is invalid, says its own description;
/// heart rate (9 Hz) and temperature tell subjects and days apart rather than activities.
struct Pamap2Options {
  std::filesystem::path folder;  ///< Holds PAMAP2_Dataset/Protocol, Protocol or subject101.dat ...
  bool with_optional = false;    ///< The recordings in Optional/ too.
  std::vector<int> activities{1, 2, 3, 4, 5, 6, 7, 12, 13, 16, 17, 24};  ///< Classes, in order.
  bool acc16 = true;
  bool acc6 = false;
  bool gyro = true;
  bool magnetometer = true;
  bool heart_rate = false;
  bool temperature = false;
  int keep_every = 3;  ///< Of the readings, 100 a second.
  int window = 168;    ///< In kept readings, as the steps.
  int step = 84;
  int test_step = 0;  ///< 0: as step.
  WindowLabel label = WindowLabel::mode;
  WindowSplit split = WindowSplit::subjects;
  std::vector<int> validation_subjects{105};  ///< For WindowSplit::subjects.
  std::vector<int> test_subjects{106};        ///< May be empty: nothing to test on.
  double validation_share = 0.1;              ///< For WindowSplit::random.
  double gap_max_s = 1.0;  ///< Longer gaps are not interpolated; windows over them are left out.
  std::uint64_t seed = 0;  ///< Of the drawn split.
  std::filesystem::path cache;  ///< Folder for finished windows; empty: none are kept.
};

}  // namespace gradwatt
