#include "record/account.h"

#include "base/error.h"
#include "record/joint_account.h"
#include "record/node_account.h"
#include "record/node_part.h"
#include "record/timeline_account.h"

namespace gradwatt {

RunAccount account_of(const NodeRecord& record) {
  RunAccount account;
  account.begin = record.begin;
  account.end = record.end;
  const EnergyBook node = book_of(record);
  account.channels = channels_of(node, record);
  account.kind = node.kind();
  account.total = node.bounded(record.begin, record.end);
  RunBook book;
  book.add({node, record.begin, record.end, {}, Duration{}});
  account.monitor = record.monitor;
  account_timeline(account, timeline_of(record.marks, record.begin, record.end), book);
  for (const GapRow& row : record.gaps) {
    account.gaps.push_back(row.gap);
  }
  return account;
}

RunAccount account_of(const std::filesystem::path& folder) {
  return account_of(read_node_files(folder), load_node_parts(folder), folder);
}

RunAccount account_of(const std::vector<NodeRecord>& records,
                      const std::vector<NodePart>& parts,
                      const std::filesystem::path& folder) {
  if (!parts.empty()) {
    return joint_account(records, parts, folder);
  }
  if (records.size() != 1) {
    throw Error("expected one node file, found " + std::to_string(records.size()), folder.string());
  }
  return account_of(records.front());
}

}  // namespace gradwatt
