#include "data/data_check.h"

#include <algorithm>
#include <utility>

namespace gradwatt {
namespace {

constexpr int kListedOfAKind = 20;

}  // namespace

bool DataCheck::usable() const {
  // The first problem of each kind is listed, and those of one kind are skipped or not together.
  return std::all_of(
      problems.begin(), problems.end(), [](const DataProblem& problem) { return problem.skipped; });
}

void ProblemList::add(const std::string& kind, DataProblem problem) {
  if (count_[kind] == kListedOfAKind) {
    ++not_listed_;
    return;
  }
  ++count_[kind];
  listed_.push_back({kind, std::move(problem)});
}

void ProblemList::add(const ProblemList& other) {
  for (const Listed& listed : other.listed_) {
    add(listed.kind, listed.problem);
  }
  not_listed_ += other.not_listed_;
}

void ProblemList::write_to(DataCheck& check) const {
  for (const Listed& listed : listed_) {
    check.problems.push_back(listed.problem);
  }
  check.problems_not_listed += not_listed_;
}

}  // namespace gradwatt
