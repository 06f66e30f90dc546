#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

struct DataProblem {
  std::string where;  ///< "file:line", or the file.
  std::string what;
  bool skipped = false;  ///< true: training leaves it out; false: training refuses.
};

/// What was found in a data set's files.
struct DataCheck {
  std::vector<std::string> facts;  ///< "subject101.dat  376417 rows, 12 of 12 activities"
  std::vector<DataProblem> problems;
  std::int64_t problems_not_listed = 0;

  /// Whether training can use the set: nothing is found that it refuses.
  [[nodiscard]] bool usable() const;
};

/// Lists the first of each kind of problem and counts the others.
/// Example: of 21 problems of one kind 20 are listed and problems_not_listed is 1.
class ProblemList {
 public:
  void add(const std::string& kind, DataProblem problem);
  /// Adds what `other` holds, behind what is here.
  void add(const ProblemList& other);
  /// Puts what was listed behind what `check` already has.
  void write_to(DataCheck& check) const;

 private:
  struct Listed {
    std::string kind;
    DataProblem problem;
  };
  std::map<std::string, int> count_;  ///< Listed ones of each kind.
  std::vector<Listed> listed_;
  std::int64_t not_listed_ = 0;
};

}  // namespace gradwatt
