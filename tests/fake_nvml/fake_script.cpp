#include "base/error.h"
#include "base/file.h"
#include "fake_board.h"
#include "plant/signal_text.h"

#include <ctime>
#include <map>
#include <sstream>
#include <sys/stat.h>

namespace gradwatt::fake_nvml {
namespace {

std::int64_t now_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// The moment at which `file` was written last, on CLOCK_MONOTONIC.
std::int64_t written_at(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) {
    return now_ns(CLOCK_MONOTONIC);
  }
  const std::int64_t written =
      std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
  return now_ns(CLOCK_MONOTONIC) - (now_ns(CLOCK_REALTIME) - written);
}

bool is_yes(const std::string& value) { return value == "yes"; }

/// "error code=15 from=1 to=2"
Fault parse_fault(const std::string& text) {
  static const std::map<std::string, Fault::Kind> kKinds = {{"hang", Fault::Kind::hang},
                                                            {"crash", Fault::Kind::crash},
                                                            {"segv", Fault::Kind::segv},
                                                            {"error", Fault::Kind::error},
                                                            {"freeze", Fault::Kind::freeze},
                                                            {"reset", Fault::Kind::reset},
                                                            {"glitch", Fault::Kind::glitch},
                                                            {"scale", Fault::Kind::scale},
                                                            {"power", Fault::Kind::power}};
  static const std::map<std::string, double> kCodes = {
      {"lost", 15}, {"not_supported", 3}, {"no_permission", 4}, {"unknown", 999}};
  std::istringstream words(text);
  std::string word;
  words >> word;
  Fault fault;
  if (const auto code = kCodes.find(word); code != kCodes.end()) {
    fault.by = code->second;
  } else {
    fault.kind = kKinds.at(word);
  }
  while (words >> word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const double value = std::stod(word.substr(equals + 1));
    if (name == "from") {
      fault.from_s = value;
    } else if (name == "to") {
      fault.to_s = value;
    } else {
      fault.by = value;
    }
  }
  return fault;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) {
    parts.emplace_back(trimmed(part));
  }
  return parts;
}

bool set_number(Board& board, const std::string& key, const std::string& value) {
  const std::map<std::string, double*> numbers = {{"counter_period", &board.counter_period_s},
                                                  {"counter_phase", &board.counter_phase_s},
                                                  {"counter_start", &board.counter_start_j},
                                                  {"quantum_mj", &board.quantum_mj},
                                                  {"update", &board.update_s},
                                                  {"window", &board.window_s},
                                                  {"phase", &board.phase_s},
                                                  {"gain", &board.gain},
                                                  {"limit", &board.limit_w},
                                                  {"utilisation", &board.utilisation},
                                                  {"latency", &board.latency_s}};
  const auto number = numbers.find(key);
  if (number == numbers.end()) {
    return false;
  }
  *number->second = std::stod(value);
  return true;
}

bool set_switch(Board& board, const std::string& key, const std::string& value) {
  const std::map<std::string, bool*> switches = {{"gpu_scope", &board.gpu_scope},
                                                 {"counter", &board.counter},
                                                 {"energy_field", &board.energy_field},
                                                 {"instant", &board.instant},
                                                 {"average", &board.average}};
  const auto which = switches.find(key);
  if (which == switches.end()) {
    return false;
  }
  *which->second = is_yes(value);
  return true;
}

void set(Board& board, const std::string& key, const std::string& value) {
  if (set_number(board, key, value) || set_switch(board, key, value)) {
    return;
  }
  if (key == "uuid") {
    board.uuid = value;
  } else if (key == "name") {
    board.name = value;
  } else if (key == "architecture") {
    board.architecture = static_cast<unsigned>(std::stoul(value));
  } else if (key == "pci") {
    board.pci = value;
  } else if (key == "mig") {
    board.can_mig = true;
    board.mig = value != "off";
    board.slices = value == "off" || value == "on" ? std::vector<std::string>{} : split(value);
  } else if (key == "power") {
    board.power = parse_signal(value);
  } else if (key == "memory") {
    board.memory = parse_signal(value);
  } else if (key == "module") {
    board.module = parse_signal(value);
  } else if (key == "usage") {
    board.usage = value;
  } else if (key == "fault") {
    board.faults.push_back(parse_fault(value));
  } else {
    throw Error("no such key", key, "see tests/fake_nvml/README.md");
  }
}

}  // namespace

Script read_script(const std::string& file) {
  Script script;
  script.zero_ns = written_at(file);
  const auto text = read_text(file);
  if (!text) {
    throw Error("cannot read the script of the fake NVML", file);
  }
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const std::string content(trimmed(line.substr(0, line.find('#'))));
    if (content.empty()) {
      continue;
    }
    if (content == "[gpu]") {
      script.boards.emplace_back();
      continue;
    }
    const std::size_t equals = content.find('=');
    const std::string key(trimmed(content.substr(0, equals)));
    const std::string value(equals == std::string::npos ? "" : trimmed(content.substr(equals + 1)));
    if (!script.boards.empty()) {
      set(script.boards.back(), key, value);
    } else if (key == "init") {
      script.init_code = std::stoi(value);
    } else if (key == "driver") {
      script.driver = value;
    } else if (key == "zero_ns") {
      script.zero_ns = std::stoll(value);
    } else {
      throw Error("no such key before the first [gpu]", key, "see tests/fake_nvml/README.md");
    }
  }
  return script;
}

}  // namespace gradwatt::fake_nvml
