#include "base/error.h"
#include "cli/catalog.h"
#include "cli/measuring_flags.h"
#include "cli/train_program.h"
#include "measure/sensor_set.h"
#include "measure/sources/catalog.h"
#include "record/store.h"
#include "units/clock.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace gradwatt {
namespace {

/// Below this a BLAS is the plain reference one: tuned ones reach ten times as much on one thread.
constexpr double kSlowGflopsPerThread = 8;

struct Line {
  std::string section;
  Finding finding;
};

struct StatusWords {
  const char* word;
  const char* sign;
};

/// In the order of Finding::Status.
constexpr std::array<StatusWords, 4> kStatusWords{
    {{"present", "✓"}, {"absent", "–"}, {"denied", "✗"}, {"unused", "·"}}};

const StatusWords& words_for(Finding::Status status) {
  return kStatusWords.at(static_cast<std::size_t>(status));
}

std::string fact(const TrainProgramFacts& answer, const char* key) {
  const auto found = answer.facts.find(key);
  return found == answer.facts.end() ? "unknown" : found->second;
}

Finding examine_blas(const TrainProgramFacts& answer) {
  Finding finding{"BLAS", Finding::Status::present, fact(answer, "blas"), ""};
  const double gflops = std::atof(fact(answer, "matmul_gflops").c_str());
  const double threads = std::max(1.0, std::atof(fact(answer, "threads").c_str()));
  finding.detail +=
      fmt::format(", {:.0f} GFLOP/s in matrix products on {:.0f} threads", gflops, threads);
  if (gflops < kSlowGflopsPerThread * threads) {
    finding.status = Finding::Status::denied;
    finding.detail += ": slow, training wastes time and energy";
    finding.fix = "sudo apt-get install libopenblas0-pthread";
  }
  return finding;
}

std::vector<Finding> examine_training() {
  const auto program = find_train_program();
  if (!program) {
    return {{"gradwatt-train",
             Finding::Status::absent,
             "not beside gradwatt and not in PATH; measuring works without it",
             "./dev build builds it, with libtorch-dev installed"}};
  }
  const TrainProgramFacts answer = ask_train_program(*program);
  if (answer.facts.empty()) {
    return {{"gradwatt-train", Finding::Status::denied, answer.failure, "./dev build"}};
  }
  return {{"gradwatt-train", Finding::Status::present, program->string(), ""},
          {"libtorch", Finding::Status::present, fact(answer, "libtorch"), ""},
          examine_blas(answer)};
}

Finding examine_store() {
  const Store store(Store::default_root());
  try {
    store.prepare();
  } catch (const Error& error) {
    return {
        "store", Finding::Status::denied, error.what(), "set GRADWATT_STORE to a folder of yours"};
  }
  if (!has_space(store.runs_folder())) {
    return {"store",
            Finding::Status::denied,
            store.root().string() + ": no space left on its disk",
            "make room, or set GRADWATT_STORE to a folder on another disk"};
  }
  return {"store",
          Finding::Status::present,
          fmt::format("{}, {} runs", store.root().string(), store.list().runs.size()),
          ""};
}

/// What the energies of runs will be made of, and what is shown beside them and why.
std::vector<Finding> examine_total(const SensorSet& sensors) {
  std::string parts;
  std::vector<Finding> findings;
  for (const SourceColumns& source : sensors.columns()) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.in_total) {
        parts += (parts.empty() ? "" : " + ") + channel.channel +
                 (channel.kind == EnergyKind::estimated ? " (estimate)" : "");
      }
    }
  }
  findings.push_back(
      parts.empty()
          ? Finding{"total", Finding::Status::absent, "nothing can be measured or estimated", ""}
          : Finding{"total", Finding::Status::present, parts, ""});
  for (const LeftOut& left : sensors.left_out()) {
    findings.push_back({left.channel, Finding::Status::unused, "not added: " + left.why, ""});
  }
  return findings;
}

std::vector<Line> examine(const MeasuringFlags& flags) {
  std::vector<Line> lines;
  const SystemClock clock;
  Machine machine = flags.machine();
  machine.clock = &clock;
  const auto store = Store::default_root();
  machine.calibration = calibration_of(store);
  const SensorSet sensors(machine,
                          {source_families(), flags.cover(), std::nullopt, sensor_hosts(store)});
  for (const Finding& finding : sensors.findings()) {
    lines.push_back({"power sources", finding});
  }
  for (Finding& finding : examine_total(sensors)) {
    lines.push_back({"total", std::move(finding)});
  }
  for (Finding& finding : examine_training()) {
    lines.push_back({"training", std::move(finding)});
  }
  lines.push_back({"store", examine_store()});
  return lines;
}

void print_text(const std::vector<Line>& lines) {
  fmt::print("gradwatt {}\n", GRADWATT_VERSION);
  std::string section;
  for (const Line& line : lines) {
    if (line.section != section) {
      section = line.section;
      fmt::print("\n{}\n", section);
    }
    fmt::print("  {} {:<15} {}\n",
               words_for(line.finding.status).sign,
               line.finding.what,
               line.finding.detail);
    if (!line.finding.fix.empty()) {
      fmt::print("    {:<15} → {}\n", "", line.finding.fix);
    }
  }
}

void print_json(const std::vector<Line>& lines) {
  nlohmann::ordered_json json{{"schema", 1}, {"gradwatt", GRADWATT_VERSION}};
  json["findings"] = nlohmann::ordered_json::array();
  for (const Line& line : lines) {
    json["findings"].push_back(
        {{"section", line.section},
         {"what", line.finding.what},
         {"status", words_for(line.finding.status).word},
         {"detail", line.finding.detail},
         {"fix",
          line.finding.fix.empty() ? nlohmann::ordered_json(nullptr)
                                   : nlohmann::ordered_json(line.finding.fix)}});
  }
  fmt::print("{}\n", json.dump(2));
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<MeasuringFlags>();
  auto json = std::make_shared<bool>(false);
  flags->declare(app);
  app.add_flag("--json", *json, "As JSON");
  return [flags, json] {
    const auto lines = examine(*flags);
    *json ? print_json(lines) : print_text(lines);
    return 0;
  };
}

}  // namespace

Verb doctor_verb() {
  return {
      "doctor", "Which sensors and programs are there, why others are not, and the fix", declare};
}

}  // namespace gradwatt
