#pragma once

#include "analyze/table.h"
#include "experiment/search_settings.h"
#include "experiment/slurm_launcher.h"
#include "record/manifest.h"
#include "units/energy.h"
#include "units/instant.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A factor that the sweep varies, with its values as the literal text of the file.
struct Axis {
  std::string name;
  std::vector<std::string> values;
};

/// A value that is the same in every cell. `per_repeat` holds one text for all repeats, or one for
/// each repeat: fixed.seed = { per_repeat = [1, 2, 3] }.
///
/// A template, { template = "encoders/{batch}-{seed}" }, is a text made anew for each cell: {names}
/// stand for axes, {repeat}, {seed} and fixed values that are no templates themselves.
///
/// One that follows an axis, { per = "ranks", values = [0.25, 0.5] }, has a text for each of the
/// axis's values: what a study changes together with it.
struct FixedValue {
  std::string name;
  std::vector<std::string> per_repeat;  ///< Empty when it follows an axis.
  bool is_template = false;
  std::string follows = {};                          ///< The axis; empty: none.
  std::map<std::string, std::string> by_value = {};  ///< The axis's value, and this one's text.

  [[nodiscard]] const std::string& in_repeat(int repeat) const {
    return per_repeat.size() == 1 ? per_repeat.front()
                                  : per_repeat.at(static_cast<std::size_t>(repeat));
  }
};

/// interleaved: each repeat is a shuffled pass over all cells. sequential: cell after cell, with
/// its repeats in a row. random: all points shuffled together.
enum class SweepOrder { interleaved, sequential, random };

[[nodiscard]] const char* name_of(SweepOrder order);

/// A sweep file, checked: every name in the command is known, and every axis changes the command.
struct SweepFile {
  std::string name;
  std::vector<std::string> command;  ///< With {names}; empty when `workload` is set.
  std::string workload;              ///< Of gradwatt-train; empty when `command` is set.
  int repeat = 1;
  SweepOrder order = SweepOrder::interleaved;
  std::optional<std::uint64_t> seed;  ///< Of the order. Absent: drawn, or the stored runs' one.
  Duration cooldown{};
  bool stop_on_failure = false;
  std::vector<Axis> axes;                     ///< At least one, in the file's order.
  std::vector<FixedValue> fixed;              ///< In the file's order.
  std::vector<std::vector<Factor>> excluded;  ///< A cell that has all factors of one is left out.
  std::vector<Factor> default_cell;           ///< The user's present setup: all axes or none.
  std::optional<Goal> goal;
  std::optional<Energy> energy_max;
  SearchSettings search;
  std::optional<SlurmLauncher> slurm;  ///< Absent: points run on this machine, one by one.
};

/// Reads the text of a sweep file; `file` is for messages. The format is in docs/sweeps.md.
/// Throws UsageError "FILE:LINE:COLUMN: what" with the remedy.
[[nodiscard]] SweepFile parse_sweep_file(std::string text, const std::string& file);

/// The same from disk. Throws UsageError also when the file cannot be read.
[[nodiscard]] SweepFile load_sweep_file(const std::filesystem::path& file);

/// The texts that {name} stands for in one cell and repeat: axes and fixed values, templates filled
/// in, {repeat} from 0, and {seed}, which is repeat + 1 unless the file gives one.
[[nodiscard]] std::map<std::string, std::string> values_of(const SweepFile& file,
                                                           const std::vector<Factor>& cell,
                                                           int repeat);

/// Fixed values that no element of the command names: allowed, and worth a word to the user.
[[nodiscard]] std::vector<std::string> unused_fixed(const SweepFile& file);

}  // namespace gradwatt
