#include "base/error.h"
#include "record/node_file.h"
#include "record/node_tables.h"
#include "record/sample_table.h"

#include <algorithm>

namespace gradwatt {
namespace {

NodeRecord read_node_file(const std::filesystem::path& file) {
  NodeTables tables(file);
  NodeRecord record = tables.head();
  Instant last = record.begin;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    SampleTable(tables, s).read_all(record.samples);
    last = record.samples.empty() ? last : std::max(last, record.samples.back().time);
  }
  record.gaps = tables.gaps();
  record.marks = tables.marks();
  record.states = tables.states();
  tables.check_sums();
  for (const Mark& mark : record.marks) {
    last = std::max(last, mark.received);
  }
  if (!record.finished) {
    record.end = last;
  }
  return record;
}

}  // namespace

std::vector<NodeRecord> read_node_files(const std::filesystem::path& folder) {
  std::vector<NodeRecord> records;
  for (const auto& file : node_files_in(folder)) {
    records.push_back(read_node_file(file));
  }
  return records;
}

bool is_being_written(const std::filesystem::path& folder) {
  const auto files = node_files_in(folder);
  return std::any_of(files.begin(), files.end(), Database::is_locked);
}

}  // namespace gradwatt
