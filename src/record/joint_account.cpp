#include "record/joint_account.h"

#include "base/error.h"
#include "record/node_account.h"
#include "record/timeline_account.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

const NodeRecord& record_of(const NodePart& part,
                            const std::vector<NodeRecord>& records,
                            const std::filesystem::path& folder) {
  const auto found = std::find_if(records.begin(), records.end(), [&](const NodeRecord& record) {
    return record.host == part.node;
  });
  if (found == records.end()) {
    throw Error(fmt::format("node {} has no node file", part.node), folder.string());
  }
  return *found;
}

/// The part of the node where rank 0 ran, whose marks make the epochs; without one, the first.
const NodePart& leading(const std::vector<NodePart>& parts) {
  const auto found = std::find_if(
      parts.begin(), parts.end(), [](const NodePart& part) { return part.ranks.contains(0); });
  return found != parts.end() ? *found : parts.front();
}

template <typename Value>
void add_if_known(std::optional<Value>& sum, const std::optional<Value>& part) {
  if (part) {
    sum = sum.value_or(Value{}) + *part;
  }
}

void add_monitor(MonitorAccount& sum, const MonitorAccount& part) {
  add_if_known(sum.cpu_s, part.cpu_s);
  add_if_known(sum.child_cpu_s, part.child_cpu_s);
  add_if_known(sum.readings, part.readings);
  add_if_known(sum.late, part.late);
  add_if_known(sum.reading_s, part.reading_s);
  sum.marks_rejected += part.marks_rejected;
}

/// Adds up the nodes one by one.
class JointAccount {
 public:
  void add(const NodePart& part, const NodeRecord& record, const NodeClock& clock) {
    EnergyBook book = book_of(record);
    NodeAccount node;
    node.node = part.node;
    node.finished = record.finished;
    node.energy = book.bounded(record.begin, record.end);
    node.kind = book.kind();
    node.coverage = book.coverage(record.begin, record.end);
    node.duration = record.end - record.begin;
    node.clock_offset = clock.offset;
    node.clock_uncertainty = clock.uncertainty;
    node.ranks = part.ranks;
    add_channels(part.node, book, record);
    add_span(record.begin + clock.offset, record.end + clock.offset);
    for (Mark mark : record.marks) {
      mark.time = mark.time + clock.offset;
      marks_.push_back(std::move(mark));
    }
    for (const GapRow& row : record.gaps) {
      GapAccount gap = row.gap;
      gap.channel = part.node + "/" + gap.channel;
      gap.begin = gap.begin + clock.offset;
      gap.end = gap.end + clock.offset;
      account_.gaps.push_back(std::move(gap));
    }
    add_monitor(account_.monitor, record.monitor);
    if (part.nodes) {
      // A node that runs fewer processes than the others takes the job for larger than it is.
      account_.nodes_expected =
          std::min(account_.nodes_expected.value_or(*part.nodes), *part.nodes);
    }
    account_.nodes.push_back(std::move(node));
    book_.add({std::move(book), record.begin, record.end, clock.offset, clock.uncertainty});
  }

  RunAccount finish() {
    account_.why_no_total = why_no_total();
    if (account_.why_no_total.empty()) {
      add_up();
    } else {
      book_ = {};  // Of no window is it known what all nodes used.
    }
    account_timeline(account_, timeline_of(std::move(marks_), account_.begin, account_.end), book_);
    return std::move(account_);
  }

 private:
  void add_channels(const std::string& node, const EnergyBook& book, const NodeRecord& record) {
    for (ChannelAccount& channel : channels_of(book, record)) {
      channel.info.channel = node + "/" + channel.info.channel;
      account_.channels.push_back(std::move(channel));
    }
  }

  void add_span(Instant begin, Instant end) {
    const bool is_first = account_.nodes.empty();
    account_.begin = is_first ? begin : std::min(account_.begin, begin);
    account_.end = is_first ? end : std::max(account_.end, end);
  }

  [[nodiscard]] std::string why_no_total() const {
    const auto found = static_cast<int>(account_.nodes.size());
    if (account_.nodes_expected.value_or(found) > found) {
      return fmt::format(
          "{} of {} nodes are in this run: the others measured nothing, or their "
          "store is another one",
          found,
          *account_.nodes_expected);
    }
    const auto unknown = std::find_if(account_.nodes.begin(),
                                      account_.nodes.end(),
                                      [](const NodeAccount& node) { return !node.energy; });
    const bool any = std::any_of(account_.nodes.begin(),
                                 account_.nodes.end(),
                                 [](const NodeAccount& node) { return node.energy.has_value(); });
    return any && unknown != account_.nodes.end()
               ? fmt::format("nothing was measured on {}", unknown->node)
               : "";
  }

  void add_up() {
    for (const NodeAccount& node : account_.nodes) {
      if (!node.energy) {
        continue;  // Then no node has any.
      }
      if (!account_.total) {
        account_.total = *node.energy;
        account_.kind = node.kind;
        continue;
      }
      add_to(*account_.total, *node.energy);
      account_.kind = account_.kind == node.kind ? node.kind : EnergyKind::mixed;
    }
  }

  RunAccount account_;
  RunBook book_;
  std::vector<Mark> marks_;
};

}  // namespace

RunAccount joint_account(const std::vector<NodeRecord>& records,
                         const std::vector<NodePart>& parts,
                         const std::filesystem::path& folder) {
  const NodePart& reference = leading(parts);
  JointAccount account;
  for (const NodePart& part : parts) {
    account.add(part, record_of(part, records, folder), clock_between(part, reference));
  }
  return account.finish();
}

}  // namespace gradwatt
