#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gradwatt {

constexpr int kNodeSchema = 2;

/// The tables of a node file. Times are microseconds since meta.reference_ns (on
/// CLOCK_MONOTONIC), energies whole microjoules. NULL means not known. docs/store.md explains them.
constexpr const char* kNodeTables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE sources(source INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
CREATE TABLE channels(source INTEGER NOT NULL, position INTEGER NOT NULL, channel TEXT NOT NULL,
  device TEXT NOT NULL, method TEXT NOT NULL, scope TEXT NOT NULL, kind TEXT NOT NULL,
  in_total INTEGER NOT NULL, gain_lo REAL NOT NULL, gain_hi REAL NOT NULL,
  refresh_us INTEGER NOT NULL, power_max_w REAL, basis TEXT NOT NULL, window_us INTEGER NOT NULL,
  lag_us INTEGER NOT NULL, power_min_w REAL NOT NULL, quantum_uj INTEGER NOT NULL,
  PRIMARY KEY(source, position)) STRICT, WITHOUT ROWID;
CREATE TABLE gaps(gap INTEGER PRIMARY KEY, source INTEGER NOT NULL, channel TEXT NOT NULL,
  begin_us INTEGER NOT NULL, end_us INTEGER NOT NULL, reason TEXT NOT NULL, errno INTEGER NOT NULL,
  energy_lost INTEGER NOT NULL, least_uj INTEGER, assumed_uj INTEGER, most_uj INTEGER) STRICT;
CREATE TABLE marks(mark INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, received_us INTEGER NOT NULL,
  seq INTEGER, pid INTEGER, key TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE states(state INTEGER PRIMARY KEY, t_us INTEGER NOT NULL, source INTEGER NOT NULL,
  device TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL) STRICT;
)sql";

/// CREATE TABLE samples_<source>: one row per chunk of readings (record/sample_chunk.h), with what
/// is known of it without unpacking `data`. `crc` is the CRC-32C of `data`.
[[nodiscard]] inline std::string samples_table(std::size_t source, std::size_t channels) {
  std::string sql =
      "CREATE TABLE samples_" + std::to_string(source) +
      "(begin_us INTEGER PRIMARY KEY, end_us INTEGER NOT NULL, count INTEGER NOT NULL";
  for (const char* edge : {"_first_uj INTEGER", "_last_uj INTEGER"}) {
    for (std::size_t c = 0; c < channels; ++c) {
      sql += ", c" + std::to_string(c) + edge;
    }
  }
  return sql + ", crc INTEGER NOT NULL, data BLOB NOT NULL) STRICT";
}

/// meta's key for the number of readings of a source: a lost chunk would not be missed otherwise.
[[nodiscard]] inline std::string readings_key(std::size_t source) {
  return "readings_" + std::to_string(source);
}

/// meta's key for the sums of the tables.
constexpr std::string_view kSumsKey = "sums";

/// The sums of the RowSums of each table's rows, in whatever order they are read.
struct TableSums {
  std::uint64_t meta = 0;      ///< Without the row that holds these sums.
  std::uint64_t channels = 0;  ///< And sources.
  std::uint64_t gaps = 0;
  std::uint64_t marks = 0;
  std::uint64_t states = 0;

  /// As stored in meta: hexadecimal, in this order.
  [[nodiscard]] std::string text() const;
  /// What text() begins with when marks and states have not been read.
  [[nodiscard]] std::string head() const;
};

}  // namespace gradwatt
