#include "cli/submit_sweep.h"

#include "base/error.h"
#include "base/file.h"
#include "experiment/captured_command.h"
#include "experiment/command_template.h"
#include "experiment/conduct_sweep.h"
#include "experiment/local_runner.h"
#include "experiment/progress_text.h"
#include "experiment/slurm_arrays.h"
#include "experiment/slurm_queue.h"
#include "experiment/slurm_script.h"
#include "experiment/stored_attempts.h"
#include "experiment/sweep_folder.h"
#include "experiment/sweep_tally.h"
#include "record/ulid.h"
#include "units/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace gradwatt {
namespace {

using Points = std::vector<const PlannedPoint*>;

/// What every submission of a sweep has in common.
SlurmSubmission submission_of(const SweepFile& file,
                              const Store& store,
                              const SweepSession& session,
                              std::uint64_t seed) {
  SlurmSubmission submission;
  submission.sweep = file.name;
  submission.gradwatt = own_program();
  submission.store = store.root();
  submission.logs = store.root() / "sweeps" / file.name;
  submission.folder = session.folder.empty() ? std::filesystem::current_path() : session.folder;
  submission.tags = sweep_tags(file, seed);
  submission.cooldown = file.cooldown;
  return submission;
}

/// Sorts by time, and is short enough for a job's name.
std::string new_token() { return new_ulid(SystemClock().wall()).substr(0, 16); }

/// Points that neither have a result nor are running or queued.
Points unqueued(std::span<const PlannedPoint> points,
                const std::vector<Attempt>& attempts,
                bool retry_failed,
                const std::map<std::string, std::string>& queued) {
  Points open = points_to_run(points, attempts, retry_failed);
  std::erase_if(open, [&](const PlannedPoint* point) {
    return queued.contains(point->point.key) ||
           state_of(point->point.key, attempts) == PointState::running;
  });
  return open;
}

/// "2 running, 3 pending", as Slurm says it.
std::string queue_text(const std::map<std::string, std::string>& queued) {
  std::map<std::string, int> counts;
  for (const auto& [key, state] : queued) {
    ++counts[state];
  }
  std::string text;
  for (const auto& [state, count] : counts) {
    std::string word = state;
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
      return static_cast<char>(std::tolower(c));
    });
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
  }
  return text.empty() ? "nothing" : text;
}

/// Points that Slurm has had and that left no run.
void say_what_left_no_run(const Points& points,
                          const std::vector<Attempt>& attempts,
                          const SlurmRecords& records,
                          const std::filesystem::path& logs) {
  const auto submitted = records.submitted();
  const auto gone = std::find_if(points.begin(), points.end(), [&](const PlannedPoint* point) {
    return submitted.contains(point->point.key) &&
           attempt_for(point->point.key, attempts) == nullptr;
  });
  if (gone != points.end()) {
    fmt::print(stderr,
               "gradwatt: note: points left Slurm's queue without a run; what they said is in "
               "{}/slurm-{}-*.out\n",
               logs.string(),
               submitted.at((*gone)->point.key));
  }
}

std::uint64_t submission_seed(const SweepFile& file,
                              const Store& store,
                              const SlurmRecords& records) {
  const auto submitted = file.seed ? std::nullopt : records.seed();
  return submitted ? *submitted : seed_for(file, store);
}

/// "3 points", and of what size where a sweep has several.
std::string array_text(const SlurmArray& array) {
  const auto counted = [](auto count, const char* word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
  };
  std::string text = counted(array.points.size(), "point");
  if (array.launcher.asks_points()) {
    text += fmt::format(" of {} on {}",
                        counted(array.launcher.ntasks, "task"),
                        counted(array.launcher.nodes, "node"));
  }
  return text;
}

void submit(const SlurmArray& array, std::uint64_t seed, SlurmSubmission submission) {
  const Points& points = array.points;
  submission.token = new_token();
  const SlurmRecords records(submission.logs);
  const auto script = submission.logs / ("slurm-" + submission.token + ".sh");
  write_text_atomically(script, slurm_script(points, array.launcher, submission));
  records.note(submission.token, points, seed, "");
  const std::string job = submit_to_slurm(
      sbatch_command(points.size(), array.launcher, submission, script), run_captured);
  records.note(submission.token, points, seed, job);
  fmt::print(stderr, "submitted job {} with {}\n", job, array_text(array));
}

}  // namespace

int submit_sweep(const SweepFile& file, const Store& store, const SweepSession& session) {
  const SweepFolder folder(store.root(), file.name);
  const SweepLock lock(store.root(), file.name);
  store.prepare();
  const SlurmRecords records(folder.path());
  const std::uint64_t seed = submission_seed(file, store, records);
  const auto points = plan_sweep(file, seed, trainer_for(file, false));
  const ProgressText text(file, points);
  // The queue first: a point that ends in between is then in both, and not in neither.
  const auto queued = queued_points(file.name, records, run_captured);
  StoredAttempts stored(store, file.name, file.goal);
  const auto attempts = stored.read();
  const Points to_submit = unqueued(points, attempts, session.retry_failed, queued);

  fmt::print(stderr, "{}\n", text.heading(seed));
  say_what_left_no_run(to_submit, attempts, records, folder.path());
  for (const SlurmArray& array : slurm_arrays(file, to_submit)) {
    submit(array, seed, submission_of(file, store, session, seed));
  }
  if (!queued.empty()) {
    fmt::print(stderr, "in Slurm's queue from before: {}\n", queue_text(queued));
  }
  fmt::print(stderr, "{}", text.summary(attempts, {}, session.again));
  const SweepTally sum = tally(points, attempts);
  return sum.failed + sum.open > 0 ? kPointsFailedOrLeft : 0;
}

int show_submission(const SweepFile& file, const Store& store, const SweepSession& session) {
  const SlurmRecords records(store.root() / "sweeps" / file.name);
  const std::uint64_t seed = submission_seed(file, store, records);
  const auto points = plan_sweep(file, seed, trainer_for(file, true));
  StoredAttempts stored(store, file.name, file.goal);
  const auto attempts = stored.read();
  const Points to_submit = unqueued(points, attempts, session.retry_failed, {});
  SlurmSubmission submission = submission_of(file, store, session, seed);
  submission.token = "TOKEN";
  for (const SlurmArray& array : slurm_arrays(file, to_submit)) {
    const auto script = submission.logs / "slurm-TOKEN.sh";
    fmt::print(
        "# {}\n{}",
        shell_quoted(sbatch_command(array.points.size(), array.launcher, submission, script)),
        slurm_script(array.points, array.launcher, submission));
  }
  fmt::print(stderr,
             "{}: {} of {} points would be submitted, less those that are in Slurm's queue\n",
             file.name,
             to_submit.size(),
             points.size());
  return 0;
}

}  // namespace gradwatt
