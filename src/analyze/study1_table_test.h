#pragma once

#include "analyze/study_paper.h"
#include "analyze/table.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Table 2 of study 1 as runs of one epoch. Takes  device: "cuda" or "mps".
inline std::vector<RunRow> study1_table2(const std::string& dataset, const std::string& device) {
  return paper_table2_runs(dataset, device == "cuda" ? &PaperPair::cuda : &PaperPair::mps);
}

}  // namespace gradwatt
