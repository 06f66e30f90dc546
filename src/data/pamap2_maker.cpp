#include "data/pamap2_maker.h"

#include "base/error.h"
#include "data/made_movement.h"
#include "data/pamap2_layout.h"
#include "data/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace gradwatt {
namespace {

constexpr int kRowsPerHeartRate = 11;
constexpr double kDropsPerRow = 1.0 / 1500;
constexpr std::uint32_t kDropRowsMax = 40;
constexpr double kTransientShare = 0.3;  // 0.93 of 2.87 million rows are of activity 0.

/// Published rows of each subject.
constexpr std::array<int, kPamap2Subjects> kPublishedRows{
    376417, 447000, 252833, 329576, 374783, 361817, 313599, 408031, 8477};

struct Bout {
  int activity;
  double weight;  ///< Of the time of all bouts.
};

/// The order and about the lengths of the protocol's activities.
constexpr std::array<Bout, 12> kProtocol{{{1, 24},
                                          {2, 23},
                                          {3, 23},
                                          {17, 29},
                                          {16, 22},
                                          {12, 14},
                                          {13, 13},
                                          {4, 29},
                                          {7, 23},
                                          {6, 21},
                                          {5, 12},
                                          {24, 6}}};

std::vector<Bout> bouts_of(int subject) {
  if (subject == 109) {
    return {{18, 3}, {20, 4}, {24, 6}};
  }
  std::vector<Bout> bouts(kProtocol.begin(), kProtocol.end());
  std::erase_if(bouts, [&](const Bout& bout) {
    const bool is_running = bout.activity == 5 || bout.activity == 24;
    return (subject == 103 && (is_running || bout.activity == 6 || bout.activity == 7)) ||
           (subject == 104 && is_running);
  });
  return bouts;
}

/// Writes the rows of one subject.
class RecordingMaker {
 public:
  RecordingMaker(const std::filesystem::path& file, int subject, std::uint64_t seed)
      : file_(file),
        seed_(SplitMix64(seed ^ static_cast<std::uint64_t>(subject)).next()),
        person_(seed, subject),
        noise_(seed_),
        drops_(SplitMix64(seed_).next()) {}

  void write_bout(int activity, std::int64_t rows) {
    MadeMovement movement(activity, person_, SplitMix64(seed_ ^ ++bouts_).next());
    for (std::int64_t i = 0; i < rows; ++i) {
      heart_rate_ += 0.001 * (movement.heart_rate() - heart_rate_) + 0.05 * noise_.normal();
      write_row(activity, movement.next());
    }
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  std::int64_t close() { return file_.close(); }

 private:
  void write_row(int activity, const std::array<MovementReading, 3>& readings) {
    file_.write_fixed(kFirstTime_s + static_cast<double>(rows_) * kPamap2Interval_s, 2);
    file_.write(" ");
    file_.write_fixed(activity, 0);
    file_.write(" ");
    const bool has_heart_rate = rows_ % kRowsPerHeartRate == 4;
    file_.write_fixed(has_heart_rate ? heart_rate_ : std::numeric_limits<double>::quiet_NaN(), 0);
    for (std::size_t sensor = 0; sensor < 3; ++sensor) {
      write_sensor(sensor, readings[sensor]);
    }
    file_.write("\n");
    ++rows_;
  }

  void write_sensor(std::size_t sensor, const MovementReading& reading) {
    if (drop_rows_[sensor] == 0 && noise_.uniform() < kDropsPerRow) {
      drop_rows_[sensor] = 1 + drops_.below(kDropRowsMax);
    }
    if (drop_rows_[sensor] > 0) {
      --drop_rows_[sensor];
      file_.write(" NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN");
      return;
    }
    file_.write(" ");
    const double warmth = 1 - std::exp(-static_cast<double>(rows_) / 60000);
    file_.write_fixed(30 + static_cast<double>(sensor) + 3 * warmth, 4);
    write_vector(reading.acceleration_mps2, 5);
    Vector3 small = reading.acceleration_mps2;
    for (double& x : small) {
      constexpr double kSixG = 6 * 9.81;  // m/s²
      x = std::clamp(0.98 * x + 0.2 + 0.05 * noise_.normal(), -kSixG, kSixG);
    }
    write_vector(small, 5);
    write_vector(reading.turning_radps, 6);
    write_vector(reading.field_ut, 4);
    file_.write(" 1 0 0 0");
  }

  void write_vector(const Vector3& vector, int places) {
    for (const double x : vector) {
      file_.write(" ");
      file_.write_fixed(x, places);
    }
  }

  static constexpr double kFirstTime_s = 8.38;

  MadeFile file_;
  std::uint64_t seed_;
  MadePerson person_;
  MadeNoise noise_;
  SplitMix64 drops_;
  std::uint64_t bouts_ = 0;
  double heart_rate_ = 80;
  std::int64_t rows_ = 0;
  std::array<std::uint32_t, 3> drop_rows_{};
};

/// Each activity with a stretch of activity 0 before it and one behind the last.
void write_protocol(RecordingMaker& maker, int subject, std::int64_t rows) {
  const std::vector<Bout> bouts = bouts_of(subject);
  double weights = 0;
  for (const Bout& bout : bouts) {
    weights += bout.weight;
  }
  const auto until = [&](double share) {
    return std::llround(share * static_cast<double>(rows)) - maker.rows();
  };
  const double pause = kTransientShare / static_cast<double>(bouts.size() + 1);
  double done = 0;
  for (const Bout& bout : bouts) {
    maker.write_bout(0, until(done += pause));
    maker.write_bout(bout.activity, until(done += (1 - kTransientShare) * bout.weight / weights));
  }
  maker.write_bout(0, until(1));
}

}  // namespace

MadeData make_pamap2(const std::filesystem::path& folder, double scale, std::uint64_t seed) {
  if (!(scale >= 0.001 && scale <= 10)) {
    throw UsageError(fmt::format("the scale is {}, and not between 0.001 and 10", scale),
                     "PAMAP2",
                     "1 is the size of the published set, 1.1 GB");
  }
  const std::filesystem::path place = folder / "PAMAP2_Dataset" / "Protocol";
  std::filesystem::create_directories(place);
  std::array<std::int64_t, kPamap2Subjects> bytes{};
  std::array<std::int64_t, kPamap2Subjects> rows{};
  side_by_side(kPamap2Subjects, [&](std::size_t i) {
    const int subject = 101 + static_cast<int>(i);
    RecordingMaker maker(place / fmt::format("subject{}.dat", subject), subject, seed);
    write_protocol(maker, subject, std::llround(scale * kPublishedRows[i]));
    rows[i] = maker.rows();
    bytes[i] = maker.close();
  });
  MadeData made;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    made.facts.push_back(fmt::format("subject{}.dat  {} rows", 101 + i, rows[i]));
    made.bytes += bytes[i];
    ++made.files;
  }
  return made;
}

}  // namespace gradwatt
