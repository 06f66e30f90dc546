#include "data/pamap2_check.h"

#include "data/pamap2_file.h"
#include "data/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

namespace gradwatt {
namespace {

constexpr int kPlaces = 3;
constexpr int kChannelsOfPlace = 9;  // acc16, gyro and magnetometer, three axes each.

/// A run of rows in which some usual channel of one sensor is missing.
struct SensorGap {
  std::int64_t rows = 0;
  std::int64_t first_line = 0;
};

/// Reads one recording and collects what there is to say about it.
class RecordingCheck {
 public:
  explicit RecordingCheck(const Pamap2Source& source)
      : source_(source), channels_(pamap2_channels(usual_)), seen_(channels_.size(), false) {}

  void read() {
    Pamap2Reader reader(source_.file);
    while (true) {
      const auto found = reader.next();
      if (found == Pamap2Reader::Found::end) {
        break;
      }
      if (found == Pamap2Reader::Found::damaged_line) {
        problems_.add("damaged", {reader.where(), reader.damage(), false});
        continue;
      }
      take(reader.row(), reader.line());
    }
    conclude();
  }

  [[nodiscard]] const ProblemList& problems() const { return problems_; }
  [[nodiscard]] std::string fact() const {
    const bool is_optional = source_.file.parent_path().filename() == "Optional";
    return fmt::format("{}{}  {} rows, {} of {} activities",
                       is_optional ? "Optional/" : "",
                       source_.file.filename().string(),
                       rows_,
                       classes_.size(),
                       usual_.activities.size());
  }

 private:
  void take(const Pamap2Row& row, std::int64_t line) {
    ++rows_;
    const auto& activities = usual_.activities;
    if (std::find(activities.begin(), activities.end(), row.activity) != activities.end()) {
      classes_.insert(row.activity);
    }
    if (last_time_s_ && row.time_s - *last_time_s_ > kPamap2Interval_s + usual_.gap_max_s) {
      problems_.add("rows",
                    {at(line),
                     fmt::format("{:.2f} s of rows are missing before it: no window reaches over",
                                 row.time_s - *last_time_s_),
                     true});
    }
    last_time_s_ = row.time_s;
    for (int place = 0; place < kPlaces; ++place) {
      follow_gap(place, line, is_missing(row, place));
    }
  }

  /// Whether some channel of the sensor is missing in the row; remembers those that are there.
  bool is_missing(const Pamap2Row& row, int place) {
    bool missing = false;
    for (int i = place * kChannelsOfPlace; i < (place + 1) * kChannelsOfPlace; ++i) {
      const auto channel = static_cast<std::size_t>(i);
      if (std::isnan(row.values[static_cast<std::size_t>(channels_[channel].column)])) {
        missing = true;
      } else {
        seen_[channel] = true;
      }
    }
    return missing;
  }

  void follow_gap(int place, std::int64_t line, bool is_missing) {
    SensorGap& gap = gaps_[static_cast<std::size_t>(place)];
    if (is_missing) {
      gap.first_line = gap.rows == 0 ? line : gap.first_line;
      ++gap.rows;
      return;
    }
    const double gap_s = static_cast<double>(gap.rows) * kPamap2Interval_s;
    if (gap_s > usual_.gap_max_s) {
      constexpr std::array<const char*, kPlaces> kNames{"hand", "chest", "ankle"};
      problems_.add("gap",
                    {at(gap.first_line),
                     fmt::format("{:.2f} s without all {} channels: no window reaches over",
                                 gap_s,
                                 kNames[static_cast<std::size_t>(place)]),
                     true});
    }
    gap = {};
  }

  void conclude() {
    for (int place = 0; place < kPlaces; ++place) {
      follow_gap(place, 0, false);
    }
    if (rows_ == 0) {
      problems_.add("empty", {source_.file.string(), "holds no row", false});
      return;
    }
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      if (!seen_[i]) {
        problems_.add(
            "channel",
            {source_.file.string(),
             fmt::format("subject {} has no reading of {}", source_.subject, channels_[i].name),
             false});
      }
    }
  }

  [[nodiscard]] std::string at(std::int64_t line) const {
    return fmt::format("{}:{}", source_.file.string(), line);
  }

  Pamap2Options usual_;
  Pamap2Source source_;
  std::vector<Pamap2Channel> channels_;
  std::vector<bool> seen_;
  std::int64_t rows_ = 0;
  std::set<int> classes_;
  std::optional<double> last_time_s_;
  std::array<SensorGap, kPlaces> gaps_;
  ProblemList problems_;
};

}  // namespace

DataCheck check_pamap2(const std::filesystem::path& folder) {
  const auto sources = pamap2_sources(folder, !pamap2_optional(folder).empty());
  std::vector<RecordingCheck> recordings(sources.begin(), sources.end());
  side_by_side(recordings.size(), [&](std::size_t i) { recordings[i].read(); });
  DataCheck check;
  ProblemList problems;
  std::set<int> subjects;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    subjects.insert(sources[i].subject);
    check.facts.push_back(recordings[i].fact());
    problems.add(recordings[i].problems());
  }
  const Pamap2Options usual;
  for (const Pamap2Absence& absence : absent_subjects(usual, pamap2_sources(folder, false))) {
    problems.add("subject", {absence.file.string(), absence.what + ", in the defaults", false});
  }
  problems.write_to(check);
  if (std::ssize(subjects) < kPamap2Subjects) {
    check.facts.push_back(
        fmt::format("only {} of PAMAP2's {} subjects are here", subjects.size(), kPamap2Subjects));
  }
  return check;
}

}  // namespace gradwatt
