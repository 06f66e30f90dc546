#include "record/job_folder.h"

#include "base/error.h"
#include "base/file.h"
#include "base/unique_fd.h"
#include "record/crc32c.h"
#include "record/database.h"
#include "record/node_tables.h"
#include "record/ulid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameMax = 80;
constexpr std::int64_t kStale_s = 600;
constexpr int kRunsMax = 100'000;

std::string plain_name(const std::string& text) {
  std::string name = text.substr(0, kNameMax);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    c = plain ? c : '_';
  }
  return name;
}

void make_owned_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw system_error(
        "cannot create", folder.string(), errno, "all nodes need to write to the store");
  }
}

/// Makes `file` with `text` in it unless it exists already. Returns whether it did.
bool publish(const fs::path& file, const std::string& text) {
  const fs::path draft = file.parent_path() / ("." + text);
  write_text_atomically(draft, text + "\n", WaitForDisk::no);
  const bool is_mine = ::link(draft.c_str(), file.c_str()) == 0;
  const int reason = errno;
  ::unlink(draft.c_str());
  if (!is_mine && reason != EEXIST) {
    throw system_error("cannot create", file.string(), reason);
  }
  return is_mine;
}

/// Whether this node is the first to make `file`.
bool claim(const fs::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd && errno != EEXIST) {
    throw system_error("cannot create", file.string(), errno);
  }
  return static_cast<bool>(fd);
}

/// Both times are of the file server, so no node's clock counts.
std::int64_t seconds_between(const fs::path& older, const fs::path& newer) {
  struct stat before {};
  struct stat after {};
  if (::stat(older.c_str(), &before) != 0 || ::stat(newer.c_str(), &after) != 0) {
    return 0;
  }
  return after.st_mtim.tv_sec - before.st_mtim.tv_sec;
}

bool is_over(const fs::path& folder) {
  try {
    return load_manifest(folder).state != RunState::running;
  } catch (const Error&) {
    std::error_code error;
    return !fs::exists(folder, error);  // Removed by its user; else it is about to begin.
  }
}

}  // namespace

std::string job_folder_name(const std::string& job) {
  return fmt::format("{}-{:08x}", plain_name(job), crc32c(job));
}

JoinedRun join_run(const Store& store,
                   const std::string& job,
                   const std::string& node,
                   WallTime now) {
  make_owned_folder(store.root() / "jobs");
  const fs::path jobs = store.root() / "jobs" / job_folder_name(job);
  make_owned_folder(jobs);
  for (int n = 0; n < kRunsMax; ++n) {
    const fs::path file = jobs / std::to_string(n);
    JoinedRun run;
    std::error_code error;
    if (!fs::exists(file, error)) {
      run.run_id = new_ulid(now);
      run.folder = store.create_run(run.run_id);
      run.is_first = publish(file, run.run_id);
      if (!run.is_first) {
        fs::remove(run.folder, error);  // Another node was faster: its run is the job's.
      }
    }
    if (!run.is_first) {
      run.run_id = trimmed(read_text(file).value_or(""));
      run.folder = store.runs_folder() / run.run_id;
    }
    const fs::path mine = jobs / (std::to_string(n) + "." + plain_name(node));
    if (!is_ulid(run.run_id)) {
      continue;
    }
    if (!claim(mine)) {
      run.is_measured_already = Database::is_locked(node_file_of(run.folder, node, ".sqlite"));
      if (run.is_measured_already) {
        return run;
      }
      continue;
    }
    const bool is_stale = seconds_between(file, mine) > kStale_s && is_over(run.folder);
    if (run.is_first || !is_stale) {
      return run;
    }
  }
  throw Error("too many runs of one job", jobs.string(), "remove that folder");
}

}  // namespace gradwatt
