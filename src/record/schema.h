#pragma once

#include <string>

namespace gradwatt {

constexpr int kNodeSchema = 1;

/// The tables of a node file. Times are microseconds since meta.reference_ns (on
/// CLOCK_MONOTONIC), energies whole microjoules. NULL means not known.
constexpr const char* kNodeTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE sources(source INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE channels(
  source INTEGER NOT NULL,
  position INTEGER NOT NULL,      -- column c<position>_uj of samples_<source>
  channel TEXT NOT NULL,
  device TEXT NOT NULL,
  method TEXT NOT NULL,           -- counter, power, model
  scope TEXT NOT NULL,
  kind TEXT NOT NULL,             -- measured, estimated
  in_total INTEGER NOT NULL,
  gain_lo REAL NOT NULL,          -- relative systematic error, downwards
  gain_hi REAL NOT NULL,          -- and upwards
  refresh_us INTEGER NOT NULL,
  power_max_w REAL,               -- NULL: no limit is known
  basis TEXT NOT NULL,
  PRIMARY KEY(source, position)) STRICT, WITHOUT ROWID;
CREATE TABLE gaps(
  gap INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  channel TEXT NOT NULL,
  begin_us INTEGER NOT NULL,
  end_us INTEGER NOT NULL,
  reason TEXT NOT NULL,
  errno INTEGER NOT NULL,
  energy_lost INTEGER NOT NULL) STRICT;
CREATE TABLE marks(
  mark INTEGER PRIMARY KEY,       -- order of arrival
  t_us INTEGER NOT NULL,          -- when it was true, by the sender's clock
  received_us INTEGER NOT NULL,
  seq INTEGER,
  pid INTEGER,
  key TEXT NOT NULL,
  value TEXT NOT NULL) STRICT;
)sql";

/// CREATE TABLE samples_<source>: one row per reading that changed.
[[nodiscard]] inline std::string samples_table(std::size_t source, std::size_t channels) {
  std::string sql = "CREATE TABLE samples_" + std::to_string(source) + "(t_us INTEGER PRIMARY KEY";
  for (std::size_t c = 0; c < channels; ++c) {
    sql += ", c" + std::to_string(c) + "_uj INTEGER";
  }
  return sql + ") STRICT";
}

}  // namespace gradwatt
