#include "report/run_text.h"

#include "analyze/statistics.h"
#include "report/calibrated_text.h"
#include "report/columns.h"
#include "report/nodes_text.h"
#include "report/phases_text.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace gradwatt {
namespace {

constexpr std::size_t kIdShown = 10;

std::string title_of(const RunView& run) {
  if (!run.name.empty()) {
    return printable(run.name);
  }
  return run.command.empty() ? run.run_id : printable(run.command.front());
}

std::string ended_how(const RunView& run) {
  if (run.stopped_by) {
    return fmt::format("stopped by its rule '{}'", printable(*run.stopped_by));
  }
  if (run.signal) {
    return fmt::format("{} by signal {} (exit {})",
                       run.state,
                       *run.signal,
                       run.exit_status.value_or(128 + *run.signal));
  }
  if (run.exit_status) {
    return fmt::format(
        "{}exit {}", run.state == "interrupted" ? "interrupted, " : "", *run.exit_status);
  }
  return run.state;
}

/// "pkg0 61.2 kJ · dram0 9.0 kJ" for what is in the total.
std::string parts_of(const RunAccount& account) {
  std::string text;
  for (const ChannelAccount& channel : account.channels) {
    if (channel.info.in_total && channel.energy) {
      text += fmt::format("{}{} {}",
                          text.empty() ? "" : " · ",
                          channel.info.channel,
                          show_energy(channel.energy->energy));
    }
  }
  return text;
}

std::string energy_line(const RunAccount& account) {
  if (!account.why_no_total.empty()) {
    return fmt::format("  energy      unknown: {}\n", account.why_no_total);
  }
  if (!account.total) {
    for (const ChannelAccount& channel : account.channels) {
      if (channel.info.in_total && channel.note == kStandsStill) {
        return fmt::format(
            "  energy      unknown: {}: {}\n", channel.info.channel, std::string(kStandsStill));
      }
    }
    return "  energy      not measured          gradwatt doctor says why\n";
  }
  std::string text = "  energy      " + with_interval(*account.total);
  if (account.kind == EnergyKind::measured && !account.nodes.empty()) {
    return text + "   measured\n";  // There may be hundreds of channels: the nodes follow.
  }
  if (account.kind == EnergyKind::measured) {
    return text + "   measured: " + parts_of(account) + "\n";
  }
  text += account.kind == EnergyKind::estimated
              ? "   estimated"
              : "   part measured, part estimated: " + parts_of(account);
  for (const ChannelAccount& channel : account.channels) {
    if (channel.info.in_total && channel.info.kind == EnergyKind::estimated &&
        text.find(channel.info.basis) == std::string::npos) {  // Nodes often have the same.
      text += "\n              " + channel.info.basis;
    }
  }
  return text + "\n";
}

/// How the power of the machine divides, where only a model knows: the run and everybody else.
std::string cpu_line(const RunView& run) {
  const RunAccount& account = *run.account;
  if (!account.monitor.child_cpu_s) {
    return "";
  }
  std::string text = fmt::format("  CPU time    {:.4g} s", *account.monitor.child_cpu_s);
  const double s = seconds(account.end - account.begin);
  if (s > 0) {
    text += fmt::format("  ({:.2g} CPUs busy on average)", *account.monitor.child_cpu_s / s);
  }
  std::optional<Energy> share;  // Of each node.
  for (const ChannelAccount& channel : account.channels) {
    if (channel.info.scope == "run-above-idle" && channel.energy) {
      share = share.value_or(Energy{}) + channel.energy->energy;
    }
  }
  if (share) {
    text += fmt::format("   its share above idle {}, estimated", show_energy(*share));
  }
  return text + "\n";
}

/// The mean of the complete epochs but the first, which pays for warming up.
std::string epoch_line(const RunAccount& account) {
  std::vector<double> epochs_j;
  for (const EpochAccount& epoch : account.epochs) {
    if (epoch.complete && epoch.energy) {
      epochs_j.push_back(epoch.energy->energy.joules());
    }
  }
  if (epochs_j.empty()) {
    return "";
  }
  if (epochs_j.size() == 1) {
    return fmt::format("  per epoch   {}   one epoch\n", show_energy(epochs_j.front()));
  }
  const Spread later = spread_of(std::span(epochs_j).subspan(1));
  std::string text = "  per epoch   " + show_energy(later.mean);
  if (later.variance) {
    text += " ± " + show_energy(std::sqrt(*later.variance));
  }
  if (later.mean > 0) {
    text += fmt::format("   first epoch {:+.0f} %, not in the mean",
                        100 * (epochs_j.front() / later.mean - 1));
  }
  return text + "\n";
}

std::string gap_line(const RunAccount& account) {
  if (account.gaps.empty()) {
    return "";
  }
  const auto lost = std::count_if(account.gaps.begin(),
                                  account.gaps.end(),
                                  [](const GapAccount& gap) { return gap.energy_lost; });
  return fmt::format("  gaps        {}, {} of them with energy lost: {} {}\n",
                     account.gaps.size(),
                     lost,
                     account.gaps.front().channel,
                     account.gaps.front().reason);
}

std::string metrics_text(const std::map<std::string, double>& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics) {
    text += fmt::format("{}{} {:.4g}", text.empty() ? "" : "  ", printable(name), value);
  }
  return text;
}

std::string epochs_table(const RunAccount& account) {
  std::vector<std::vector<std::string>> rows{{"epoch", "energy", "time", "samples", "metrics"}};
  for (const EpochAccount& epoch : account.epochs) {
    rows.push_back({fmt::format("{}{}", epoch.epoch, epoch.complete ? "" : "…"),
                    epoch.energy ? show_energy(epoch.energy->energy) : "?",
                    show_duration(epoch.end - epoch.begin),
                    epoch.samples ? fmt::format("{}", *epoch.samples) : "",
                    metrics_text(epoch.metrics)});
  }
  return aligned(rows, {true, true, true, true, false});
}

std::string why_unknown(const ChannelAccount& channel) {
  return channel.note == kStandsStill ? "unknown: " + channel.note : "nothing was read";
}

std::string channels_table(const RunAccount& account) {
  std::vector<std::vector<std::string>> rows{{"channel", "energy", "how", "covers", "of the time"}};
  for (const ChannelAccount& channel : account.channels) {
    rows.push_back(
        {channel.info.channel,
         channel.energy ? with_interval(*channel.energy) : why_unknown(channel),
         channel.info.source + " " + channel.info.method + ", " + name_of(channel.info.kind),
         channel.info.scope + (channel.info.in_total ? "" : " (not added)"),
         fmt::format("{:.1f} %", 100 * channel.coverage)});
  }
  return aligned(rows, {false, true, false, false, true});
}

/// Channels that were measured but are not in the sum, and why.
std::string not_added_lines(const RunAccount& account) {
  std::string text;
  for (const ChannelAccount& channel : account.channels) {
    const std::size_t why = channel.info.basis.rfind(kNotAdded);
    if (!channel.info.in_total && why != std::string::npos) {
      text += fmt::format("not added: {} ({})\n",
                          channel.info.channel,
                          printable(channel.info.basis.substr(why + kNotAdded.size())));
    }
  }
  return text;
}

/// How counters compare with what their devices say of their power.
std::string cross_check_lines(const RunAccount& account) {
  std::string text;
  for (const ChannelAccount& channel : account.channels) {
    if (const auto& check = channel.cross_check) {
      text += fmt::format("cross-check: {} counter / power {:.3g}, {} readings{}\n",
                          channel.info.channel,
                          check->ratio,
                          check->readings,
                          check->plausible ? "" : ": not plausible, do not trust this counter");
    }
  }
  return text;
}

std::string list_energy(const RunView& run) {
  if (!run.account || !run.account->total) {
    return "?";
  }
  return show_energy(run.account->total->energy) +
         (run.account->kind == EnergyKind::measured ? "" : " ~");
}

}  // namespace

std::string run_summary_text(const RunView& run) {
  std::string text = title_of(run) + "  " + ended_how(run);
  if (run.duration_s) {
    text += " · " + show_duration(from_seconds(*run.duration_s));
  }
  if (!run.account) {
    return text + "\n  energy      unknown: " + run.why_no_account + "\n";
  }
  if (const auto epochs = run.account->epochs.size(); epochs > 0) {
    text += fmt::format(" · {} epoch{}", epochs, epochs == 1 ? "" : "s");
  }
  return text + "\n" + energy_line(*run.account) + nodes_line(*run.account) + calibrated_text(run) +
         cpu_line(run) + epoch_line(*run.account) + phase_line(*run.account) +
         gap_line(*run.account);
}

std::string run_detail_text(const RunView& run) {
  std::string text = run_summary_text(run);
  text += "  started     " + show_utc(run.started_at) + "\n  run         " + run.run_id + "\n";
  std::string command;
  for (const std::string& word : run.command) {
    command += " " + printable(word);
  }
  text += "  command    " + command + "\n";
  for (const auto& [name, value] : run.factors) {
    text += fmt::format("  {:<11} {}\n", printable(name), printable(value));
  }
  if (run.account) {
    text += devices_text(run) + nodes_table(*run.account) + "\n" + channels_table(*run.account);
    text += not_added_lines(*run.account) + cross_check_lines(*run.account);
    if (!run.account->epochs.empty()) {
      text += "\n" + epochs_table(*run.account);
    }
    text += phases_table(*run.account);
    for (const std::string& note : run.account->notes) {
      text += "note: " + printable(note) + "\n";
    }
  }
  return text;
}

std::string run_list_text(const std::vector<RunView>& runs) {
  std::vector<std::vector<std::string>> rows{
      {"run", "started", "state", "time", "energy", "epochs", "name"}};
  for (const RunView& run : runs) {
    std::string name = title_of(run);
    for (const auto& [factor, value] : run.factors) {
      name += " " + printable(factor) + "=" + printable(value);
    }
    rows.push_back({run.run_id.substr(0, kIdShown),
                    show_utc(run.started_at).substr(0, 16),
                    run.state,
                    run.duration_s ? show_duration(from_seconds(*run.duration_s)) : "",
                    list_energy(run),
                    run.account ? fmt::format("{}", run.account->epochs.size()) : "",
                    name});
  }
  return aligned(rows, {false, false, false, true, true, true, false});
}

}  // namespace gradwatt
