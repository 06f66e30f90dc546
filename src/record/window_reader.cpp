#include "record/window_reader.h"

#include "base/error.h"
#include "base/expects.h"
#include "record/node_tables.h"
#include "record/sample_table.h"
#include "trace/power_cells.h"

#include <algorithm>
#include <iterator>

namespace gradwatt {
namespace {

/// Readings this close to an end are worth having. Enough for any counter's updates.
constexpr Duration kMargin = std::chrono::seconds(5);
/// And this many of the periods over which a power sensor takes its mean,
constexpr int kPeriods = 4;

Duration margin_of(const SourceColumns& source) {
  Duration margin = kMargin;
  for (const ChannelInfo& info : source.channels) {
    // with those that tell when it renews.
    margin = std::max<Duration>(
        margin,
        kPeriods * (info.refresh + info.window + info.lag) + kPeriodsThatTell * info.refresh);
  }
  return margin;
}

/// How sure they are depends on how much their power moved.
bool has_power_sensors(const SourceColumns& source) {
  return std::any_of(source.channels.begin(), source.channels.end(), [](const ChannelInfo& info) {
    return info.method == "power";
  });
}

std::filesystem::path only_node_file(const std::filesystem::path& folder) {
  const auto files = node_files_in(folder);
  if (files.size() != 1) {
    throw Error("expected one node file, found " + std::to_string(files.size()), folder.string());
  }
  return files.front();
}

}  // namespace

struct WindowReader::Tables {
  explicit Tables(const std::filesystem::path& file) : node(file), gaps(node.gaps()) {
    node.check_head_sums();
    for (std::size_t s = 0; s < node.head().sources.size(); ++s) {
      samples.emplace_back(node, s);
    }
  }
  [[nodiscard]] Instant last_heard_of() {
    Instant last = node.head().begin;
    for (SampleTable& table : samples) {
      last = std::max(last, table.last().value_or(last));
    }
    auto received = node.prepare("SELECT max(received_us) FROM marks");
    if (received.step() && received.integer(0)) {
      last = std::max(last, node.instant(*received.integer(0)));
    }
    return last;
  }

  NodeTables node;
  std::vector<GapRow> gaps;
  std::vector<SampleTable> samples;
};

WindowReader::WindowReader(const std::filesystem::path& folder)
    : tables_(std::make_unique<Tables>(only_node_file(folder))) {
  const NodeRecord& head = tables_->node.head();
  begin_ = head.begin;
  end_ = head.finished ? head.end : tables_->last_heard_of();
}

WindowReader::~WindowReader() = default;

NodeRecord WindowReader::record_of(Instant begin, Instant end) {
  expects(begin <= end, "a window that ends after it begins");
  NodeRecord record = tables_->node.head();
  record.begin = begin;
  record.end = end;
  record.monitor = {};
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    const Duration margin = margin_of(record.sources[s]);
    std::vector<SampleRow> rows = tables_->samples[s].around(begin, margin);
    merge_rows(rows, tables_->samples[s].around(end, margin));
    if (has_power_sensors(record.sources[s])) {
      merge_rows(rows, tables_->samples[s].between(begin, end));
    }
    tables_->samples[s].check(rows);
    record.samples.insert(record.samples.end(),
                          std::make_move_iterator(rows.begin()),
                          std::make_move_iterator(rows.end()));
  }
  for (const GapRow& row : tables_->gaps) {
    if (row.gap.begin < end && row.gap.end > begin) {
      record.gaps.push_back(row);
    }
  }
  return record;
}

}  // namespace gradwatt
