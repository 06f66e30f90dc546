#include "report/study_claims_json.h"

namespace gradwatt {

nlohmann::ordered_json findings_json(const std::vector<StudyFinding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const StudyFinding& finding : findings) {
    list.push_back({{"claim", finding.claim},
                    {"holds", or_null(finding.holds)},
                    {"quantity", finding.quantity},
                    {"value", or_null(finding.value)},
                    {"criterion", finding.criterion},
                    {"here", finding.here},
                    {"paper", finding.paper}});
  }
  return list;
}

nlohmann::ordered_json inconsistencies_json(
    const std::vector<StudyInconsistency>& inconsistencies) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const StudyInconsistency& one : inconsistencies) {
    list.push_back({{"about", one.about},
                    {"text", one.text},
                    {"quantity", one.quantity},
                    {"value", one.value}});
  }
  return list;
}

}  // namespace gradwatt
