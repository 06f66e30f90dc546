#pragma once

#include "marks/timeline.h"
#include "record/run_book.h"
#include "trace/run_account.h"

namespace gradwatt {

/// Fills in what a timeline says of a run: its epochs and phases with their energies out of `book`,
/// what lies outside the epochs, and the facts that were marked. Reads the account's begin and end.
/// Law: the epochs' energies and what lies outside add up to the book's energy(begin, end).
void account_timeline(RunAccount& account, const Timeline& timeline, const RunBook& book);

}  // namespace gradwatt
