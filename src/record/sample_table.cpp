#include "record/sample_table.h"

#include "base/error.h"
#include "record/crc32c.h"

#include <algorithm>
#include <iterator>

namespace gradwatt {
namespace {

/// Readings taken at a time from a table that has a row for each.
constexpr int kRowsAtATime = 64;

void append(std::vector<SampleRow>& rows, std::vector<SampleRow>&& more) {
  rows.insert(
      rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void prepend(std::vector<SampleRow>& rows, std::vector<SampleRow>&& earlier) {
  append(earlier, std::move(rows));
  rows = std::move(earlier);
}

std::optional<std::int64_t> edge(const SampleChunk::Column& column, bool last) {
  std::optional<std::int64_t> known;
  for (const auto& value : column) {
    if (value && (last || !known)) {
      known = value;
    }
  }
  return known;
}

}  // namespace

void merge_rows(std::vector<SampleRow>& rows, std::vector<SampleRow>&& more) {
  std::vector<SampleRow> both;
  both.reserve(rows.size() + more.size());
  std::set_union(std::make_move_iterator(rows.begin()),
                 std::make_move_iterator(rows.end()),
                 std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()),
                 std::back_inserter(both),
                 [](const SampleRow& a, const SampleRow& b) { return a.time < b.time; });
  rows = std::move(both);
}

SampleTable::SampleTable(NodeTables& tables, std::size_t source)
    : tables_(tables),
      source_(source),
      table_("samples_" + std::to_string(source)),
      time_(tables.schema() == 1 ? "t_us" : "begin_us") {}

std::size_t SampleTable::channels() const {
  return tables_.head().sources[source_].channels.size();
}

/// Adds the readings of one row of the table: the only one in schema 1, its chunk since then.
void SampleTable::unpack(const Statement& row, std::vector<SampleRow>& rows) const {
  const std::size_t channels = this->channels();
  const int source = static_cast<int>(source_);
  if (tables_.schema() == 1) {
    SampleRow reading{source, tables_.instant(tables_.integer(row, 0)), {}, {}};
    for (std::size_t c = 0; c < channels; ++c) {
      const auto value = row.integer(static_cast<int>(c) + 1);
      reading.channels.push_back(value ? std::optional(Energy{*value}) : std::nullopt);
    }
    rows.push_back(std::move(reading));
    return;
  }
  const int columns = static_cast<int>(channels);
  const std::string_view data = row.blob(4 + 2 * columns);
  if (tables_.integer(row, 3 + 2 * columns) != std::int64_t{crc32c(data)}) {
    throw tables_.damaged("readings are not as they were written");
  }
  const auto chunk = decode_chunk(data);
  bool fits = chunk && chunk->energies_uj.size() == channels &&
              tables_.integer(row, 0) == chunk->times_us.front() &&
              tables_.integer(row, 1) == chunk->times_us.back() &&
              tables_.integer(row, 2) == static_cast<std::int64_t>(chunk->size());
  for (int c = 0; fits && c < columns; ++c) {
    const SampleChunk::Column& column = chunk->energies_uj[static_cast<std::size_t>(c)];
    fits = row.integer(3 + c) == edge(column, false) &&
           row.integer(3 + columns + c) == edge(column, true);
  }
  if (!fits) {
    throw tables_.damaged("a chunk of readings is not what its row says");
  }
  for (std::size_t i = 0; i < chunk->size(); ++i) {
    SampleRow reading{source, tables_.instant(chunk->times_us[i]), {}, {}};
    reading.channels.reserve(channels);
    for (const SampleChunk::Column& column : chunk->energies_uj) {
      reading.channels.push_back(column[i] ? std::optional(Energy{*column[i]}) : std::nullopt);
    }
    reading.powers.reserve(chunk->powers_mw.size());
    for (const SampleChunk::Column& column : chunk->powers_mw) {
      reading.powers.push_back(
          column[i] ? std::optional(Power{static_cast<double>(*column[i]) / 1e3}) : std::nullopt);
    }
    rows.push_back(std::move(reading));
  }
}

void SampleTable::check(const std::vector<SampleRow>& rows) const {
  std::vector<std::optional<Energy>> last(channels());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].time <= rows[i - 1].time) {
      throw tables_.damaged("times do not rise");
    }
    for (std::size_t c = 0; c < last.size(); ++c) {
      const auto& energy = rows[i].channels[c];
      if (energy && last[c] && *energy < *last[c]) {
        throw tables_.damaged("energies fall");
      }
      last[c] = energy ? energy : last[c];
    }
  }
}

void SampleTable::read_all(std::vector<SampleRow>& rows) {
  std::vector<SampleRow> own;
  auto query = tables_.prepare("SELECT * FROM " + table_ + " ORDER BY " + time_);
  while (query.step()) {
    unpack(query, own);
  }
  if (tables_.schema() > 1 &&
      tables_.meta(readings_key(source_)).value_or(0) != static_cast<std::int64_t>(own.size())) {
    throw tables_.damaged("readings are missing");
  }
  check(own);
  append(rows, std::move(own));
}

std::optional<Instant> SampleTable::last() {
  auto query =
      tables_.prepare("SELECT max(" + std::string(tables_.schema() == 1 ? "t_us" : "begin_us") +
                      (tables_.schema() == 1 ? "), 0" : "), end_us") + " FROM " + table_);
  if (!query.step() || !query.integer(0)) {
    return std::nullopt;
  }
  return tables_.instant(tables_.integer(query, tables_.schema() == 1 ? 0 : 1));
}

std::vector<SampleRow> SampleTable::between(Instant begin, Instant end) {
  auto query = tables_.prepare("SELECT * FROM " + table_ + " WHERE " + time_ + " BETWEEN ? AND ?" +
                               " ORDER BY " + time_);
  query.bind(1, tables_.microseconds(begin)).bind(2, tables_.microseconds(end));
  std::vector<SampleRow> rows;
  while (query.step()) {
    unpack(query, rows);
  }
  return rows;
}

std::vector<SampleRow> SampleTable::nearest(std::int64_t us,
                                            Side side,
                                            std::optional<Wanted> wanted) {
  const bool before = side == Side::before;
  const bool by_row = tables_.schema() == 1;
  std::string sql = "SELECT * FROM " + table_ + " WHERE " + time_ + (before ? " <= ?" : " > ?");
  if (wanted) {
    // Energies rise: a chunk with a lower value begins with one, one with a higher ends with it.
    sql += " AND c" + std::to_string(wanted->channel) +
           (by_row ? "_uj" : (before ? "_first_uj" : "_last_uj"));
    sql += !wanted->other_than ? " IS NOT NULL" : (before ? " < ?" : " > ?");
  }
  sql += " ORDER BY " + time_ + (before ? " DESC" : "") + " LIMIT " +
         std::to_string(by_row && !wanted ? kRowsAtATime : 1);
  auto query = tables_.prepare(sql);
  query.bind(1, us);
  if (wanted && wanted->other_than) {
    query.bind(2, wanted->other_than->microjoules);
  }
  std::vector<SampleRow> rows;
  while (query.step()) {
    unpack(query, rows);
  }
  if (by_row && before) {
    std::reverse(rows.begin(), rows.end());
  }
  return rows;
}

/// The first or the last energy of a channel in the file, if its first or last chunk knows it.
std::optional<Energy> SampleTable::extreme(std::size_t channel, Side side) {
  const bool first = side == Side::before;
  const std::string column = "c" + std::to_string(channel) +
                             (tables_.schema() == 1 ? "_uj" : (first ? "_first_uj" : "_last_uj"));
  auto query = tables_.prepare("SELECT " + column + " FROM " + table_ + " ORDER BY " + time_ +
                               (first ? "" : " DESC") + " LIMIT 1");
  const auto value = query.step() ? query.integer(0) : std::nullopt;
  return value ? std::optional(Energy{*value}) : std::nullopt;
}

/// The known values of a channel next to `time`.
void SampleTable::add_known(std::vector<SampleRow>& rows, Instant time, std::size_t channel) {
  const auto known = [&](bool before) {
    return std::any_of(rows.begin(), rows.end(), [&](const SampleRow& row) {
      return (row.time <= time) == before && row.channels[channel].has_value();
    });
  };
  const std::int64_t first_us = tables_.microseconds(rows.front().time);
  const std::int64_t last_us = tables_.microseconds(rows.back().time);
  if (!known(true)) {
    merge_rows(rows, nearest(first_us - 1, Side::before, Wanted{channel}));
  }
  if (!known(false)) {
    merge_rows(rows, nearest(last_us, Side::after, Wanted{channel}));
  }
}

/// The readings between which the value next to `time` came (before) or went (after): a slow
/// counter's energy is a line between such changes.
void SampleTable::add_change(std::vector<SampleRow>& rows,
                             Instant time,
                             std::size_t channel,
                             Side side) {
  const bool before = side == Side::before;
  std::optional<Energy> value;
  bool changes = false;
  const auto look = [&](const SampleRow& row) {
    const auto& energy = row.channels[channel];
    if (energy && (row.time <= time) == before) {
      changes = changes || (value && *energy != *value);
      value = value ? value : energy;
    }
  };
  before ? void(std::for_each(rows.rbegin(), rows.rend(), look))
         : void(std::for_each(rows.begin(), rows.end(), look));
  if (changes || !value || extreme(channel, side) == value) {
    return;
  }
  const Instant edge = before ? rows.front().time : rows.back().time;
  std::vector<SampleRow> other =
      nearest(tables_.microseconds(edge) - (before ? 1 : 0), side, Wanted{channel, value});
  if (other.empty()) {
    return;
  }
  // The value may have changed between that chunk and its neighbour on this side.
  const std::int64_t neighbour_us = before ? tables_.microseconds(other.back().time)
                                           : tables_.microseconds(other.front().time) - 1;
  merge_rows(rows, std::move(other));
  merge_rows(rows, nearest(neighbour_us, before ? Side::after : Side::before));
}

std::vector<SampleRow> SampleTable::around(Instant time, Duration margin) {
  const std::int64_t us = tables_.microseconds(time);
  std::vector<SampleRow> rows = nearest(us, Side::before);
  for (bool more = !rows.empty(); more && rows.front().time > time - margin;) {
    std::vector<SampleRow> earlier =
        nearest(tables_.microseconds(rows.front().time) - 1, Side::before);
    more = !earlier.empty();
    prepend(rows, std::move(earlier));
  }
  for (bool more = true; more && (rows.empty() || rows.back().time < time + margin);) {
    std::vector<SampleRow> later =
        nearest(rows.empty() ? us : tables_.microseconds(rows.back().time), Side::after);
    more = !later.empty();
    append(rows, std::move(later));
  }
  for (std::size_t c = 0; c < channels() && !rows.empty(); ++c) {
    add_known(rows, time, c);
    add_change(rows, time, c, Side::before);
    add_change(rows, time, c, Side::after);
  }
  check(rows);
  return rows;
}

}  // namespace gradwatt
