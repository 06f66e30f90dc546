#include "record/run_index.h"

#include "record/account.h"
#include "record/crc32c.h"
#include "record/idle_shares.h"
#include "record/node_file.h"
#include "record/node_part.h"
#include "record/power_limits.h"
#include "record/run_digest.h"
#include "record/run_stamp.h"
#include "units/clock.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// So many new entries are written at once: a process that is killed loses no more.
constexpr std::size_t kEntriesAtOnce = 512;

fs::path cache_folder() {
  const auto value = [](const char* variable) {
    const char* text = std::getenv(variable);
    return std::string(text != nullptr ? text : "");
  };
  if (const std::string index = value("GRADWATT_INDEX"); !index.empty()) {
    return index == "off" ? fs::path() : fs::path(index);
  }
  if (const std::string cache = value("XDG_CACHE_HOME"); !cache.empty()) {
    return fs::path(cache) / "gradwatt";
  }
  const std::string home = value("HOME");
  return home.empty() ? fs::path() : fs::path(home) / ".cache" / "gradwatt";
}

/// The stamp of a run that has just been read, if it was the same before that and has settled.
std::optional<std::string> stamp_to_keep(const fs::path& folder,
                                         const std::optional<RunStamp>& before,
                                         WallTime started) {
  if (!before || !is_settled(*before, started)) {
    return std::nullopt;
  }
  auto after = stamp_of(folder);
  return after && after->bytes == before->bytes ? std::optional(std::move(after->bytes))
                                                : std::nullopt;
}

}  // namespace

RunIndex::RunIndex(Store store, fs::path file, std::size_t worth_a_file)
    : store_(std::move(store)), path_(std::move(file)), worth_a_file_(worth_a_file) {
  std::error_code error;
  if (!path_.empty() && fs::exists(path_, error)) {
    open_file();
  }
}

void RunIndex::open_file() {
  try {
    file_.emplace(path_);
  } catch (const Error& error) {
    why_unused_ = error.what();
  }
}

RunIndex::~RunIndex() { flush(); }

fs::path RunIndex::place_for(const Store& store) {
  const fs::path folder = cache_folder();
  if (folder.empty()) {
    return {};
  }
  std::error_code error;
  // SQLite takes no path with symbolic links.
  const fs::path real = fs::weakly_canonical(fs::absolute(folder, error), error);
  const fs::path root = fs::weakly_canonical(fs::absolute(store.root(), error), error);
  return real / fmt::format("runs-{:08x}.sqlite", crc32c(root.string()));
}

template <typename Use>
void RunIndex::with_file(Use use) {
  if (!file_) {
    return;
  }
  try {
    use(*file_);
  } catch (const DamagedDatabase& error) {
    why_unused_ = error.what();
    file_.reset();
    IndexFile::remove(path_);  // The next process makes a new one.
  } catch (const Error& error) {
    why_unused_ = error.what();
    file_.reset();
  }
}

Store::Listing RunIndex::list() {
  flush();
  with_file([&](IndexFile& file) { manifests_ = file.all(IndexFile::Part::manifest); });
  stamps_.clear();
  Store::Listing listing = store_.list([&](const fs::path& folder) { return manifest_of(folder); });
  // A store that is not there for the moment has lost nothing.
  if (!listing.runs.empty()) {
    for (const StoredRun& run : listing.runs) {
      manifests_.erase(run.folder.filename().string());
    }
    for (const auto& [run, entry] : manifests_) {
      gone_.push_back(run);
    }
  }
  manifests_.clear();
  return listing;
}

Manifest RunIndex::manifest_of(const fs::path& folder) {
  const WallTime started = SystemClock().wall();
  const auto known = manifests_.find(folder.filename().string());
  if (known != manifests_.end()) {
    const auto now = stamp_like(known->second.stamp, folder);
    auto manifest = now && now->bytes == known->second.stamp
                        ? manifest_from_digest(known->second.body)
                        : std::nullopt;
    // Interrupted is what a run is called that nobody writes.
    if (manifest && (manifest->state != RunState::interrupted || !is_being_written(folder))) {
      stamps_[folder] = now->bytes;
      return std::move(*manifest);
    }
  }
  const auto before = is_used() ? stamp_of(folder) : std::nullopt;
  Manifest manifest = load_manifest(folder);
  if (manifest.state != RunState::running) {
    if (auto stamp = stamp_to_keep(folder, before, started)) {
      stamps_[folder] = *stamp;
      remember(IndexFile::Part::manifest, folder, {std::move(*stamp), digest_of(manifest)});
    }
  }
  return manifest;
}

std::vector<StoredRun> RunIndex::of_sweep(std::string_view sweep) {
  Store::Listing all = list();
  std::erase_if(all.runs, [&](const StoredRun& run) {
    return !run.manifest.point || run.manifest.point->sweep != sweep;
  });
  return std::move(all.runs);
}

RunAccount RunIndex::account(const StoredRun& run) {
  const auto stamp = stamps_.find(run.folder);
  const bool may_be_kept = is_used() && stamp != stamps_.end();
  if (may_be_kept) {
    std::optional<IndexEntry> entry;
    with_file([&](IndexFile& file) {
      entry = file.find(IndexFile::Part::account, run.folder.filename().string());
    });
    auto account =
        entry && entry->stamp == stamp->second ? account_from_digest(entry->body) : std::nullopt;
    if (account) {
      return std::move(*account);
    }
  }
  ++runs_read_;
  const auto records = read_node_files(run.folder);
  RunAccount account = account_of(records, load_node_parts(run.folder), run.folder);
  add_idle_shares(account, records, run.manifest.calibration);
  account.power_limits_w = power_limits_of(records);
  account = without_details(std::move(account));
  if (may_be_kept) {
    const auto after = stamp_of(run.folder);
    if (after && after->bytes == stamp->second) {
      remember(IndexFile::Part::account, run.folder, {stamp->second, digest_of(account)});
    }
  }
  return account;
}

void RunIndex::remember(IndexFile::Part part, const fs::path& folder, IndexEntry entry) {
  pending_.push_back({part, folder.filename().string(), std::move(entry)});
  if (pending_.size() >= kEntriesAtOnce) {
    flush();
  }
}

void RunIndex::flush() {
  if (!file_ && is_used() && pending_.size() >= worth_a_file_) {
    open_file();
  }
  if (!pending_.empty() || !gone_.empty()) {
    with_file([&](IndexFile& file) { file.store(pending_, gone_); });
  }
  pending_.clear();
  gone_.clear();
}

}  // namespace gradwatt
