#pragma once

#include "report/run_view.h"

namespace gradwatt {

/// A finished run of two epochs, 1 kJ in all, one channel in the total and one beside it.
inline RunView two_epochs() {
  RunView run;
  run.run_id = "01J00000000000000000000000";
  run.name = "resnet";
  run.command = {"python", "train.py"};
  run.directory = "/home/user";
  run.state = "done";
  run.exit_status = 0;
  run.started_at = WallTime{1'767'268'800'000};
  run.duration_s = 10;
  run.environment = {{"host", "node1"}};
  RunAccount account;
  account.end = Instant{} + from_seconds(10);
  account.kind = EnergyKind::measured;
  account.total =
      BoundedEnergy{Energy::from_joules(1000), Energy::from_joules(950), Energy::from_joules(1050)};
  ChannelInfo package{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
  package.in_total = true;
  package.basis = "RAPL on Intel servers, ±5 %";
  ChannelInfo core = package;
  core.channel = "core0";
  core.in_total = false;
  account.channels = {{package, account.total, 1}, {core, std::nullopt, 0}};
  for (int k = 0; k < 2; ++k) {
    EpochAccount epoch;
    epoch.epoch = k;
    epoch.begin = Instant{} + from_seconds(1 + 4 * k);
    epoch.end = Instant{} + from_seconds(5 + 4 * k);
    const double joules = k == 0 ? 440 : 400;
    epoch.energy = BoundedEnergy{Energy::from_joules(joules),
                                 Energy::from_joules(joules - 20),
                                 Energy::from_joules(joules + 20)};
    epoch.coverage = 1;
    epoch.samples = 64;
    epoch.metrics = {{"val_acc", 0.5 + 0.25 * k}};
    epoch.phases = {{"train", Energy::from_joules(300), from_seconds(3), 1}};
    account.epochs.push_back(epoch);
  }
  account.outside_epochs = Energy::from_joules(160);
  account.outside_duration = from_seconds(2);
  account.monitor.cpu_s = 0.004;
  account.monitor.child_cpu_s = 18;
  account.monitor.readings = 102;
  account.monitor.late = 0;
  run.account = account;
  return run;
}

}  // namespace gradwatt
