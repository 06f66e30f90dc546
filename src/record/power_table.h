#pragma once

#include "marks/mark.h"
#include "trace/energy_curve.h"
#include "trace/run_account.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What a meter wrote down: one channel or several, each with times that rise.
struct PowerTable {
  struct Channel {
    std::string name;         ///< Empty: the table has one channel without a name.
    bool is_energy = false;   ///< Values are joules of a counter, not watts.
    std::vector<double> t_s;  ///< On the meter's clock.
    std::vector<double> value;
    std::optional<ChannelInfo> info;  ///< What is known of it; absent: some meter.
  };
  std::string file;  ///< Where it is from, for messages.
  std::vector<Channel> channels;
};

/// Reads CSV text: a line of names, then rows. Columns `t_s` and `power_w` or `energy_j`, perhaps
/// `channel`; others are ignored. Empty lines and lines that begin with '#' are skipped.
///
/// Throws Error with file and line for what is no number, powers below 0, counters that fall, times
/// that fall or repeat, and decimal commas. `file` is for the messages.
/// Example: "t_s,power_w\n0,100\n1,110\n"
[[nodiscard]] PowerTable parse_power_table(std::string_view text, const std::string& file);
[[nodiscard]] PowerTable read_power_table(const std::filesystem::path& file);

/// A mark and when it was true, on the meter's clock.
struct TimedMark {
  double t_s = 0;
  std::string key;
  std::string value;
  std::string note;  ///< What is odd about it, with file and line; empty: nothing.
};

/// Reads CSV text with the columns `t_s` and `mark` ("EPOCH=3"). Throws Error with file and line
/// for times that fall and values that do not fit their key. A key that nothing knows is kept, with
/// a note.
/// Example: "t_s,mark\n0,EPOCH=0\n9,EPOCH_END=0\n"
[[nodiscard]] std::vector<TimedMark> parse_mark_table(std::string_view text,
                                                      const std::string& file);
[[nodiscard]] std::vector<TimedMark> read_mark_table(const std::filesystem::path& file);

/// The channel's energy over its own clock.
[[nodiscard]] EnergyCurve curve_of(const PowerTable::Channel& channel);

/// Longer waits between readings than this are gaps: ten times the middle one.
[[nodiscard]] double longest_usual_step_s(const EnergyCurve& curve);

}  // namespace gradwatt
