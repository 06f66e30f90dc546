#pragma once

#include "experiment/sweep_file.h"
#include "experiment/toml_source.h"

namespace gradwatt {

// One reader per table of a sweep file. Each refuses unknown keys and throws UsageError with the
// place in the file. They are called in this order: later tables refer to earlier ones.

void read_axes(const TomlSource& source, SweepFile& into);
void read_sweep(const TomlSource& source, SweepFile& into);
void read_fixed(const TomlSource& source, SweepFile& into);
void read_excluded(const TomlSource& source, SweepFile& into);
void read_goal(const TomlSource& source, SweepFile& into);
void read_limit(const TomlSource& source, SweepFile& into);

/// One factor of a cell that the file names: an axis and one of its values, as written there.
[[nodiscard]] Factor factor_of(const TomlSource& source,
                               const TomlSource::Member& member,
                               const SweepFile& file);

/// One axis, or one fixed value, as a line of a file gives it. Throw UsageError.
[[nodiscard]] Axis axis_of(const TomlSource& source, const TomlSource::Member& member);
[[nodiscard]] FixedValue fixed_value_of(const TomlSource& source,
                                        const TomlSource::Member& member,
                                        const SweepFile& file);

/// Refuses a fixed value that follows an axis and does not say what it is at each of its values.
void check_following(const TomlSource& source, const SweepFile& file);

/// Refuses a template that names what is no axis, fixed value, {repeat} or {seed}; anything else
/// than a template is left alone.
void check_template(const TomlSource& source,
                    const TomlSource::Member& member,
                    const SweepFile& file);

/// Whether `name` can be part of a file's name everywhere: sweeps and values are called so.
[[nodiscard]] bool is_file_name(const std::string& name);

void read_launcher(const TomlSource& source, SweepFile& into);

void read_search(const TomlSource& source, SweepFile& into);

/// Refuses a command that names what is not known, and an axis that the command does not name.
void check_command(const TomlSource& source, const SweepFile& file);

}  // namespace gradwatt
