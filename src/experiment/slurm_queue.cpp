#include "experiment/slurm_queue.h"

#include "base/error.h"
#include "base/file.h"
#include "units/show.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <unistd.h>

namespace gradwatt {
namespace {

using RecordJson = nlohmann::ordered_json;

constexpr std::string_view kRecordBegin = "slurm-";
constexpr std::string_view kRecordEnd = ".json";

std::filesystem::path record_file(const std::filesystem::path& folder, const std::string& token) {
  return folder / (std::string(kRecordBegin) + token + std::string(kRecordEnd));
}

/// The keys of a submission's tasks, in order; none when there is no readable record.
std::vector<std::string> keys_in(const std::filesystem::path& file) {
  const auto text = read_text(file);
  const RecordJson json = RecordJson::parse(text.value_or(""), nullptr, false);
  const auto keys = json.is_object() ? json.find("points") : json.end();
  if (keys == json.end() || !keys->is_array()) {
    return {};
  }
  std::vector<std::string> found;
  for (const RecordJson& key : *keys) {
    found.push_back(key.is_string() ? key.get<std::string>() : "");
  }
  return found;
}

/// The text before the first `end`, which is removed from `rest` with it.
std::string_view cut(std::string_view& rest, char end) {
  const auto at = std::min(rest.find(end), rest.size());
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

std::optional<QueuedTask> task_in(std::string_view line, const std::string& prefix) {
  std::string_view id = cut(line, '|');
  QueuedTask task;
  task.state = trimmed(cut(line, '|'));
  const std::string_view name = trimmed(line);
  if (!name.starts_with(prefix)) {
    return std::nullopt;
  }
  task.token = name.substr(prefix.size());
  cut(id, '_');
  id = trimmed(id);
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), task.task);
  return error == std::errc{} && end == id.data() + id.size() && !id.empty() ? std::optional(task)
                                                                             : std::nullopt;
}

std::string what_it_said(const CapturedCommand& done) {
  const std::string text(trimmed(done.errors.empty() ? done.output : done.errors));
  return text.empty() ? fmt::format("exit status {}", done.exit_status) : printable(text);
}

}  // namespace

void SlurmRecords::note(const std::string& token,
                        std::span<const PlannedPoint* const> points,
                        std::uint64_t seed,
                        const std::string& job) const {
  RecordJson json{{"schema", 1}, {"job", job.empty() ? RecordJson(nullptr) : RecordJson(job)}};
  json["seed"] = seed;
  json["points"] = RecordJson::array();
  for (const PlannedPoint* point : points) {
    json["points"].push_back(point->point.key);
  }
  write_text_atomically(record_file(folder_, token), json.dump(1) + "\n");
}

std::optional<std::string> SlurmRecords::key_of(const std::string& token, std::size_t task) const {
  const auto keys = keys_in(record_file(folder_, token));
  return task < keys.size() ? std::optional(keys[task]) : std::nullopt;
}

std::vector<std::string> SlurmRecords::tokens() const {
  std::vector<std::string> tokens;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kRecordBegin) && name.ends_with(kRecordEnd)) {
      tokens.push_back(
          name.substr(kRecordBegin.size(), name.size() - kRecordBegin.size() - kRecordEnd.size()));
    }
  }
  std::sort(tokens.begin(), tokens.end());  // They begin with the time.
  return tokens;
}

std::map<std::string, std::string> SlurmRecords::submitted() const {
  std::map<std::string, std::string> submitted;
  for (const std::string& token : tokens()) {
    for (const std::string& key : keys_in(record_file(folder_, token))) {
      submitted[key] = token;
    }
  }
  return submitted;
}

std::optional<std::uint64_t> SlurmRecords::seed() const {
  const std::vector<std::string> all = tokens();
  if (all.empty()) {
    return std::nullopt;
  }
  const auto text = read_text(record_file(folder_, all.back()));
  const RecordJson json = RecordJson::parse(text.value_or(""), nullptr, false);
  const auto seed = json.is_object() ? json.find("seed") : json.end();
  return seed != json.end() && seed->is_number_unsigned()
             ? std::optional(seed->get<std::uint64_t>())
             : std::nullopt;
}

std::vector<QueuedTask> tasks_in_queue(std::string_view output, const std::string& sweep) {
  const std::string prefix = "gradwatt:" + sweep + ":";
  std::vector<QueuedTask> tasks;
  while (!output.empty()) {
    if (const auto task = task_in(cut(output, '\n'), prefix)) {
      tasks.push_back(*task);
    }
  }
  return tasks;
}

std::map<std::string, std::string> queued_points(const std::string& sweep,
                                                 const SlurmRecords& records,
                                                 const CommandRunner& run) {
  const CapturedCommand done = run({"squeue",
                                    "--noheader",
                                    "--array",
                                    "--user=" + std::to_string(::getuid()),
                                    "--format=%i|%T|%j"});
  if (done.exit_status != 0) {
    throw Error("squeue does not tell what is queued: " + what_it_said(done),
                sweep,
                done.exit_status == kNoSuchProgram
                    ? "run this where Slurm's commands are, or use kind = \"local\""
                    : "nothing was submitted; try again when Slurm answers");
  }
  std::map<std::string, std::string> states;
  for (const QueuedTask& task : tasks_in_queue(done.output, sweep)) {
    if (const auto key = records.key_of(task.token, task.task)) {
      states[*key] = task.state;
    }
  }
  return states;
}

std::string submit_to_slurm(const std::vector<std::string>& sbatch, const CommandRunner& run) {
  const CapturedCommand done = run(sbatch);
  std::string job(trimmed(std::string_view(done.output).substr(0, done.output.find(';'))));
  const bool is_number = !job.empty() && job.find_first_not_of("0123456789") == std::string::npos;
  if (done.exit_status != 0 || !is_number) {
    throw Error("sbatch refused the job: " + what_it_said(done),
                sbatch.back(),
                "the options are those of [launcher] in the sweep file");
  }
  return job;
}

}  // namespace gradwatt
