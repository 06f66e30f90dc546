#include "record/run_curve.h"

#include <vector>

namespace gradwatt {

EnergyCurve channel_curve(const NodeRecord& record, std::size_t source, std::size_t position) {
  EnergyCurve curve;
  for (const SampleRow& row : record.samples) {
    if (row.source == static_cast<int>(source) && row.channels[position]) {
      curve.add(seconds(row.time - record.begin), row.channels[position]->joules());
    }
  }
  const std::string& name = record.sources[source].channels[position].channel;
  for (const GapRow& row : record.gaps) {
    if (row.source == static_cast<int>(source) && row.gap.channel == name && row.gap.energy_lost) {
      curve.add_gap(seconds(row.gap.begin - record.begin), seconds(row.gap.end - record.begin));
    }
  }
  return curve;
}

EnergyCurve total_curve(const NodeRecord& record) {
  std::vector<EnergyCurve> curves;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (std::size_t c = 0; c < record.sources[s].channels.size(); ++c) {
      if (!record.sources[s].channels[c].in_total) {
        continue;
      }
      EnergyCurve curve = channel_curve(record, s, c);
      if (!curve.empty()) {
        curves.push_back(std::move(curve));
      }
    }
  }
  return curves.empty() ? EnergyCurve{} : EnergyCurve::sum_of(curves);
}

}  // namespace gradwatt
