#include "record/wall_calibration.h"

#include "base/error.h"
#include "record/imported_meter.h"
#include "record/node_file.h"
#include "record/run_curve.h"
#include "trace/run_calibration.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kStretch_s = 2;

std::vector<std::string> keys_of(const NodeRecord& record) {
  std::vector<std::string> keys;
  for (const SourceColumns& source : record.sources) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.in_total) {
        keys.push_back(sensor_key(channel));
      }
    }
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

/// The runs on one time axis, in seconds since the first began.
struct Axis {
  EnergyCurve curve;
  WallTime began;
  std::vector<std::string> keys;
};

void add_run(Axis& axis, const StoredRun& run, WallCalibration& result) {
  const auto leave_out = [&](const std::string& why) {
    result.left_out.push_back(run.manifest.run_id + ": " + why);
  };
  const auto records = read_node_files(run.folder);
  if (records.size() != 1) {
    return leave_out("it has not one node file");
  }
  const EnergyCurve curve = total_curve(records.front());
  std::vector<std::string> keys = keys_of(records.front());
  if (curve.empty()) {
    return leave_out("nothing was measured");
  }
  if (axis.curve.empty()) {
    axis.began = run.manifest.started_at;
    axis.keys = std::move(keys);
  } else if (keys != axis.keys) {
    return leave_out("its total is made of other channels");
  }
  const double shift = static_cast<double>(run.manifest.started_at.ms - axis.began.ms) / 1000;
  if (!axis.curve.empty() && curve.begin_s() + shift <= axis.curve.end_s()) {
    return leave_out("another run was going on");
  }
  axis.curve.append(curve, shift);
  ++result.runs;
}

std::vector<WallPoint> points_of(const EnergyCurve& channels,
                                 const EnergyCurve& meter,
                                 const MeterAlignment& alignment) {
  const double width = std::max(kStretch_s, 2 * meter.median_step_s());
  std::vector<WallPoint> points;
  for (double t = channels.begin_s(); t + width <= channels.end_s(); t += width) {
    const auto mine = channels.mean_w(t, t + width);
    const auto its = meter.mean_w(alignment.to_meter(t), alignment.to_meter(t + width));
    if (mine && its) {
      points.push_back({*mine, *its});
    }
  }
  return points;
}

}  // namespace

WallCalibration calibrate_wall(std::vector<StoredRun> runs, const PowerTable& table) {
  if (table.channels.size() != 1) {
    throw Error("more than one channel", table.file, "keep the rows of the meter at the wall");
  }
  std::sort(runs.begin(), runs.end(), [](const StoredRun& a, const StoredRun& b) {
    return a.manifest.started_at < b.manifest.started_at;
  });
  WallCalibration result;
  Axis axis;
  for (const StoredRun& run : runs) {
    add_run(axis, run, result);
  }
  if (axis.curve.empty()) {
    result.why_not = "none of the runs has readings to compare with";
    return result;
  }
  const AlignmentResult aligned = align_table(table, axis.curve, axis.began);
  if (!aligned.found) {
    result.why_not = aligned.why_not;
    return result;
  }
  result.alignment = aligned.found;
  const auto points = points_of(axis.curve, curve_of(table.channels.front()), *result.alignment);
  WallFitResult fitted = fit_wall(points);
  result.why_not = fitted.why_not;
  if (fitted.found) {
    fitted.found->duration_s = result.alignment->overlap_s;
    fitted.found->lag_s = result.alignment->offset_s - static_cast<double>(axis.began.ms) / 1000;
    fitted.found->channels = axis.keys;
    result.fit = std::move(fitted.found);
  }
  return result;
}

}  // namespace gradwatt
