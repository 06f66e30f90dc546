#pragma once

#include "analyze/study_sweep.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Study 1, reproduced as far as its sweeps were run: what its report is made of.
struct StudyView {
  std::string scale;  ///< "small" or "paper".
  std::string on;     ///< "study" (PAMAP2 and CelebA) or "fashion".
  /// In the study's order; their names end in their part: joint, pretrain, frozen, unfrozen,
  /// identity, attributes, multitask. Those that were not run are absent.
  std::vector<StudySweep> sweeps;
  std::vector<std::string> notes;  ///< What a reader must know, one sentence each.

  /// The sweep of a part; nullptr when it was not run.
  [[nodiscard]] const StudySweep* part(std::string_view name) const;
};

/// The part behind a sweep's name: "pamap2-joint" is "joint".
[[nodiscard]] std::string part_of(const StudySweep& sweep);

/// "estimated by a model", "measured", or "partly estimated": of all energies of the report.
[[nodiscard]] std::string energy_kind_words(const StudyView& view);

/// A file that a report writes: its name and its bytes.
struct StudyFile {
  std::string name;
  std::string text;
};

}  // namespace gradwatt
