// Fills a store with the finished runs of one sweep, through the code that plans sweeps and writes
// runs: make_runs STORE BATCHES RATES REPEATS EPOCHS TABLE.csv. The table holds the same numbers.
#include "base/error.h"
#include "experiment/sweep_plan.h"
#include "record/account.h"
#include "record/ulid.h"
#include "simulate/cluster_run.h"
#include "units/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace gradwatt {
namespace {

/// The file's words for a value on a logarithmic scale.
std::vector<std::string> values_on_scale(double first, double factor, int count) {
  std::vector<std::string> values;
  for (int i = 0; i < count; ++i) {
    values.push_back(fmt::format("{:.6g}", first * std::pow(factor, i)));
  }
  return values;
}

SweepFile sweep_of(int batches, int rates, int repeats) {
  SweepFile file;
  file.name = "many";
  file.command = {"python", "train.py", "--bs={batch}", "--lr={lr}", "--seed={seed}"};
  file.repeat = repeats;
  std::vector<std::string> sizes;
  for (int i = 0; i < batches; ++i) {
    sizes.push_back(std::to_string(16 * (i + 1)));
  }
  file.axes = {{"batch", sizes}, {"lr", values_on_scale(1e-4, 1.3, rates)}};
  file.goal = Goal{"val_acc", 0.6, std::nullopt, false};
  return file;
}

/// A training whose epochs get cheaper with the batch and which learns best in the middle.
NodeRecord record_of(const PlannedPoint& planned, int batches, int rates, int epochs) {
  const double batch = std::stod(planned.point.factors[0].value) / (16.0 * batches);
  const double rate = std::log(std::stod(planned.point.factors[1].value) / 1e-4) /
                      std::max(1e-9, std::log(1.3) * (rates - 1));
  ClusterRun run;
  run.epochs = epochs;
  run.phases = {{"train", 0.9}, {"eval", 0.1}};
  run.epoch = from_seconds(10 + 5 / batch);
  run.device_power = Power{300};
  run.node_power = Power{100};
  run.power_deviation = 0.01;
  run.time_deviation = 0.005;
  run.epoch_deviation = 0.005;
  run.samples = 50'000;
  run.steps = static_cast<std::int64_t>(50'000 / (16.0 * batches * batch));
  run.params = {{"batch_size", planned.point.factors[0].value}, {"network", "resnet18"}};
  run.metric = std::pair("val_acc", 0.0);
  run.seed = static_cast<std::uint64_t>(planned.position);
  NodeRecord record = cluster_record(run);
  const double last = 0.55 + 0.4 * std::exp(-8 * (rate - 0.5) * (rate - 0.5));
  const double pace = 3 + 20 * batch;
  std::vector<Mark> marks;
  int epoch = 0;
  for (Mark& mark : record.marks) {
    marks.push_back(mark);
    if (mark.key == "METRIC") {
      const double learned = 1 - std::exp(-(++epoch) / pace);
      marks.back().value = fmt::format("val_acc:{:.6g}", last * learned);
      marks.push_back(mark);
      marks.back().value = fmt::format("val_loss:{:.6g}", 2.5 - 2.3 * learned);
    }
  }
  record.marks = std::move(marks);
  return record;
}

std::map<std::string, std::string> environment() {
  return {{"host", "node001"},
          {"kernel", "6.1.0-18-amd64"},
          {"os", "Debian GNU/Linux 12 (bookworm)"},
          {"cpu", "AMD EPYC 7742 64-Core Processor"},
          {"cpus", "128"},
          {"memory", "503 GiB"},
          {"gpu0", "NVIDIA A100-SXM4-40GB"},
          {"driver", "535.104.05"},
          {"git.commit", "0123456789abcdef0123456789abcdef01234567"},
          {"git.changed", "no"},
          {"gradwatt", "0.1.0"},
          {"cwd.free", "1.2 TB"}};
}

/// As `gradwatt run` leaves it: a node file and a manifest.
void store_run(const Store& store,
               const PlannedPoint& planned,
               const NodeRecord& record,
               const std::map<std::string, std::string>& tags) {
  Manifest manifest;
  manifest.started_at = SystemClock().wall();
  manifest.run_id = new_ulid(manifest.started_at);
  manifest.name = fmt::format("many#{}", planned.position);
  manifest.command = planned.command;
  manifest.directory = "/data/training";
  manifest.tags = tags;
  manifest.point = planned.point;
  manifest.environment = environment();
  manifest.duration = record.end - record.begin;
  manifest.exit_status = 0;
  manifest.state = RunState::done;
  const auto folder = store.create_run(manifest.run_id);
  {
    NodeFileWriter writer(folder, record.host, record.begin, record.sources);
    NodeFileWriter::Batch batch;
    batch.samples = record.samples;
    batch.marks = record.marks;
    writer.finish(batch, record.end, record.monitor, WaitForDisk::no);
  }
  save_manifest(folder, manifest);
}

void write_rows(std::ofstream& table, const PlannedPoint& planned, const RunAccount& account) {
  for (const EpochAccount& epoch : account.epochs) {
    table << fmt::format("r{},{},{},{},{},{:.6f},{:.6f},{:.6g}\n",
                         planned.position,
                         planned.point.factors[0].value,
                         planned.point.factors[1].value,
                         planned.point.repeat,
                         epoch.epoch,
                         epoch.energy ? epoch.energy->energy.joules() : 0,
                         seconds(epoch.end - epoch.begin),
                         epoch.metrics.at("val_acc"));
  }
}

int make_runs(const std::vector<std::string>& arguments) {
  const Store store(arguments[0]);
  const int batches = std::stoi(arguments[1]);
  const int rates = std::stoi(arguments[2]);
  const SweepFile file = sweep_of(batches, rates, std::stoi(arguments[3]));
  store.prepare();
  std::ofstream table(arguments[5]);
  table << "run,factor.batch,factor.lr,repeat,epoch,energy_j,duration_s,metric.val_acc\n";
  const auto tags = sweep_tags(file, 1);
  for (const PlannedPoint& planned : plan_sweep(file, 1, "")) {
    const NodeRecord record = record_of(planned, batches, rates, std::stoi(arguments[4]));
    store_run(store, planned, record, tags);
    write_rows(table, planned, account_of(record));
  }
  return table.good() ? 0 : 1;
}

}  // namespace
}  // namespace gradwatt

int main(int count, char** arguments) {
  constexpr int kArguments = 7;
  if (count != kArguments) {
    fmt::print(stderr, "make_runs STORE BATCHES RATES REPEATS EPOCHS TABLE.csv\n");
    return 2;
  }
  return gradwatt::make_runs({arguments + 1, arguments + count});
}
