#include "simulate/cluster_run.h"

#include "base/expects.h"
#include "plant/random_stream.h"
#include "record/node_part.h"
#include "record/staged_folder.h"
#include "record/ulid.h"
#include "units/clock.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr Instant kClusterUp{1'000'000'000'000};
constexpr Duration kStartUp = std::chrono::seconds(1);
constexpr const char* kSimulatedBasis = "simulated: no device was measured";

/// Nearly normal with mean 0 and deviation 1: twelve uniform numbers added up (Irwin-Hall).
double normal_number(RandomStream& random) {
  constexpr int kUniforms = 12;
  double sum = -kUniforms / 2.0;
  for (int i = 0; i < kUniforms; ++i) {
    sum += random.unit();
  }
  return sum;
}

/// A factor around 1 that leaves powers and times positive.
double factor_around_one(RandomStream& random, double deviation) {
  constexpr double kLeast = 0.1;
  return std::max(kLeast, 1 + deviation * normal_number(random));
}

int devices_on(const ClusterRun& run, int node) {
  return std::min(run.devices_per_node, run.devices - node * run.devices_per_node);
}

std::string node_name(int node) { return fmt::format("node{:03}", node + 1); }

/// The first channel's basis speaks for all of them.
ChannelInfo simulated_channel(const std::string& node, const std::string& name, Power power_max) {
  ChannelInfo info;
  info.channel = node + "/" + name;
  info.device = info.channel;
  info.source = "simulated@" + node;
  info.method = "model";
  info.scope = name == "node" ? "node-share" : "gpu";
  info.kind = EnergyKind::estimated;
  info.in_total = true;
  info.power_max = power_max;
  return info;
}

/// Puts one run together, epoch by epoch.
class ClusterSimulation {
 public:
  explicit ClusterSimulation(const ClusterRun& run) : run_(run), random_(run.seed) {
    power_factor_ = factor_around_one(random_, run.power_deviation);
    time_factor_ = factor_around_one(random_, run.time_deviation);
    record_.host = "simulated";
    record_.begin = kClusterUp;
    record_.finished = true;
    for (int node = 0; node < run.nodes(); ++node) {
      add_node(node);
    }
  }

  NodeRecord record() && {
    Instant now = record_.begin;
    read_all(now);
    for (const auto& [name, value] : run_.params) {
      mark(now, "PARAM", name + ":" + value);
    }
    mark(now, "EPOCHS_TOTAL", std::to_string(run_.epochs));
    now = now + kStartUp;
    consume(std::vector<double>(draws_.size(), 1), kStartUp);
    read_all(now);
    for (int epoch = 0; epoch < run_.epochs; ++epoch) {
      now = run_epoch(epoch, now);
    }
    record_.end = now;
    return std::move(record_);
  }

 private:
  /// A channel that draws power: its place and how much.
  struct Draw {
    std::size_t node;
    Power power;
    Energy energy;
  };

  void add_node(int node) {
    constexpr double kHeadroom = 3;  // No draw by chance is above this many times the mean.
    const std::string name = node_name(node);
    SourceColumns source{"simulated@" + name, {}};
    const auto add = [&](const std::string& channel, Power power) {
      source.channels.push_back(simulated_channel(name, channel, kHeadroom * power));
      source.channels.back().basis = draws_.empty() ? kSimulatedBasis : "";
      draws_.push_back({static_cast<std::size_t>(node), power_factor_ * power, {}});
    };
    for (int device = 0; device < devices_on(run_, node); ++device) {
      add(fmt::format("gpu{}", device), run_.device_power);
    }
    add("node", run_.node_power);
    record_.sources.push_back(std::move(source));
  }

  void consume(const std::vector<double>& factors, Duration time) {
    for (std::size_t i = 0; i < draws_.size(); ++i) {
      draws_[i].energy += (factors[i] * draws_[i].power) * time;
    }
  }

  void read_all(Instant now) {
    std::vector<SampleRow> rows(record_.sources.size());
    for (const Draw& draw : draws_) {
      SampleRow& row = rows[draw.node];
      row.source = static_cast<int>(draw.node);
      row.time = now;
      row.channels.emplace_back(draw.energy);
    }
    std::move(rows.begin(), rows.end(), std::back_inserter(record_.samples));
  }

  void mark(Instant now, const char* key, std::string value) {
    record_.marks.push_back({now, now, {}, {}, key, std::move(value)});
  }

  Instant run_epoch(int epoch, Instant now) {
    std::vector<double> factors;
    for (std::size_t i = 0; i < draws_.size(); ++i) {
      factors.push_back(factor_around_one(random_, run_.epoch_deviation));
    }
    mark(now, "EPOCH", std::to_string(epoch));
    for (const auto& [name, share] : run_.phases) {
      mark(now, "PHASE", name);
      const Duration time = from_seconds(share * time_factor_ * seconds(run_.epoch));
      now = now + time;
      consume(factors, time);
      read_all(now);
      mark(now, "PHASE_END", name);
    }
    mark(now, "SAMPLES", std::to_string(run_.samples));
    mark(now, "STEPS", std::to_string(run_.steps));
    if (run_.metric) {
      mark(now, "METRIC", fmt::format("{}:{:.6g}", run_.metric->first, run_.metric->second));
    }
    mark(now, "EPOCH_END", std::to_string(epoch));
    return now;
  }

  const ClusterRun& run_;
  RandomStream random_;
  double power_factor_ = 1;
  double time_factor_ = 1;
  std::vector<Draw> draws_;
  NodeRecord record_;
};

/// What one node of the run measured: its source under the names that the node itself gives, and on
/// the first node, where rank 0 is, the marks.
NodeRecord share_of_node(const NodeRecord& all, std::size_t node) {
  NodeRecord own;
  own.host = node_name(static_cast<int>(node));
  own.begin = all.begin;
  own.end = all.end;
  own.sources.push_back(all.sources[node]);
  for (ChannelInfo& channel : own.sources.front().channels) {
    channel.channel = channel.channel.substr(own.host.size() + 1);
    channel.basis = kSimulatedBasis;
  }
  for (const SampleRow& row : all.samples) {
    if (row.source == static_cast<int>(node)) {
      own.samples.push_back(row);
      own.samples.back().source = 0;
    }
  }
  if (node == 0) {
    own.marks = all.marks;
  }
  return own;
}

void write_node(const std::filesystem::path& folder, const NodeRecord& record) {
  NodeFileWriter writer(folder, record.host, record.begin, record.sources);
  NodeFileWriter::Batch batch;
  batch.samples = record.samples;
  batch.marks = record.marks;
  writer.finish(batch, record.end, record.monitor, WaitForDisk::no);
}

/// As the nodes of a job write it: a file for each, and what each says of its part.
void write_nodes(const std::filesystem::path& folder,
                 const ClusterRun& run,
                 const NodeRecord& all,
                 const Manifest& manifest) {
  if (run.nodes() == 1) {
    write_node(folder, all);
    return;
  }
  for (int node = 0; node < run.nodes(); ++node) {
    const NodeRecord own = share_of_node(all, static_cast<std::size_t>(node));
    write_node(folder, own);
    NodePart part;
    part.node = own.host;
    part.nodes = run.nodes();
    part.state = RunState::done;
    part.started_at = manifest.started_at;
    part.duration = manifest.duration;
    part.boot = all.host;  // One clock.
    for (int device = 0; device < devices_on(run, node); ++device) {
      part.ranks[node * run.devices_per_node + device] = 0;
    }
    part.environment = {{"host", own.host}};
    save_node_part(folder, part);
  }
}

}  // namespace

NodeRecord cluster_record(const ClusterRun& run) {
  expects(run.devices > 0 && run.devices_per_node > 0 && run.epochs > 0 && !run.phases.empty(),
          "devices, epochs and phases");
  expects(run.epoch >= std::chrono::milliseconds(1) && run.samples > 0, "an epoch of some length");
  return ClusterSimulation(run).record();
}

StoredRun store_cluster_run(const ClusterRun& run, const ClusterLabel& label, const Store& store) {
  const NodeRecord record = cluster_record(run);
  Manifest manifest;
  manifest.started_at = SystemClock().wall();
  manifest.run_id = new_ulid(manifest.started_at);
  manifest.name = label.name;
  manifest.command = label.command;
  manifest.tags = label.tags;
  manifest.tags["simulated"] = "yes";
  manifest.point = label.point;
  manifest.environment = {{"host", record.host}};
  manifest.duration = record.end - record.begin;
  manifest.exit_status = 0;
  manifest.state = RunState::done;
  store.prepare();
  StagedFolder folder(store.create_run(".simulate-" + manifest.run_id));
  write_nodes(folder.path(), run, record, manifest);
  save_manifest(folder.path(), manifest);
  const auto place = store.runs_folder() / manifest.run_id;
  folder.move_to(place);
  return {place, manifest};
}

}  // namespace gradwatt
