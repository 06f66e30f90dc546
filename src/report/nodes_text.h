#pragma once

#include "trace/run_account.h"

#include <string>

namespace gradwatt {

/// Of a job's run, one line: "  nodes       2: n1 1.2 kJ · n2 1.3 kJ", of more than eight only
/// those that used least and most; "" of an ordinary run.
[[nodiscard]] std::string nodes_line(const RunAccount& account);

/// Each node's energy, time, ranks and clock, as a table behind an empty line; "" of an ordinary
/// run.
[[nodiscard]] std::string nodes_table(const RunAccount& account);

}  // namespace gradwatt
