#include "record/store.h"

#include "base/error.h"
#include "record/node_file.h"
#include "record/ulid.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kSpaceOfARun = 1'000'000;
constexpr const char* kOtherPlace = "choose another place with --store or GRADWATT_STORE";

void make_private_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path parent = folder.parent_path();
  if (!parent.empty() && !fs::exists(parent, error)) {
    make_private_folder(parent);
  }
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw system_error("cannot create", folder.string(), errno, kOtherPlace);
  }
}

/// "@last" is 1, "@-2" is 2: how many runs back, counted from the newest.
std::optional<std::size_t> steps_back(std::string_view reference) {
  if (reference == "@last") {
    return 1;
  }
  if (!reference.starts_with("@-")) {
    return std::nullopt;
  }
  std::size_t steps = 0;
  const char* end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data() + 2, end, steps);
  return error == std::errc{} && stop == end && steps > 0 ? std::optional(steps) : std::nullopt;
}

bool has_tag(const Manifest& manifest, std::string_view tag) {
  const auto equals = tag.find('=');
  const auto found = manifest.tags.find(std::string(tag.substr(0, equals)));
  return found != manifest.tags.end() &&
         (equals == std::string_view::npos || found->second == tag.substr(equals + 1));
}

}  // namespace

fs::path Store::default_root() {
  const auto value = [](const char* variable) -> std::optional<fs::path> {
    const char* text = std::getenv(variable);
    return text != nullptr && *text != '\0' ? std::optional(fs::path(text)) : std::nullopt;
  };
  if (const auto store = value("GRADWATT_STORE")) {
    return *store;
  }
  if (const auto state = value("XDG_STATE_HOME")) {
    return *state / "gradwatt";
  }
  if (const auto home = value("HOME")) {
    return *home / ".local" / "state" / "gradwatt";
  }
  throw Error("no place for the store", "HOME is not set", "set GRADWATT_STORE to a folder");
}

void Store::prepare() const {
  make_private_folder(runs_folder());
  if (::access(runs_folder().c_str(), W_OK | X_OK) != 0) {
    throw system_error("cannot add runs", runs_folder().string(), errno, kOtherPlace);
  }
}

fs::path Store::create_run(std::string_view run_id) const {
  fs::path folder = runs_folder() / run_id;
  make_private_folder(folder);
  return folder;
}

Store::Listing Store::list(const ManifestLoader& load) const {
  Listing listing;
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(runs_folder(), error)) {
    if (is_ulid(entry.path().filename().string())) {
      folders.push_back(entry.path());
    }
  }
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders) {
    if (!fs::exists(folder / "run.json", error) && !error) {
      if (is_being_written(folder)) {
        continue;  // It is about to begin.
      }
      listing.without_manifest.push_back(folder);
      continue;
    }
    try {
      listing.runs.push_back({folder, load(folder)});
    } catch (const Error& damaged) {
      listing.damaged.emplace_back(damaged.what());
    }
  }
  return listing;
}

StoredRun Store::find(std::string_view reference) const {
  std::error_code error;
  if (fs::exists(fs::path(reference) / "run.json", error)) {
    return {fs::path(reference), load_manifest(fs::path(reference))};
  }
  const Listing all = list();
  const auto fail = [&](const std::string& what) {
    throw Error(what, std::string(reference), "gradwatt ls lists the runs in " + root_.string());
  };
  if (const auto steps = steps_back(reference)) {
    if (*steps > all.runs.size()) {
      fail("there are only " + std::to_string(all.runs.size()) + " runs");
    }
    return all.runs[all.runs.size() - *steps];
  }
  std::vector<const StoredRun*> by_id;
  const StoredRun* by_name = nullptr;
  for (const StoredRun& run : all.runs) {
    if (!reference.empty() && run.manifest.run_id.starts_with(reference)) {
      by_id.push_back(&run);
    }
    const bool tagged = reference.starts_with("tag:") && has_tag(run.manifest, reference.substr(4));
    if (tagged || (!reference.empty() && run.manifest.name == reference)) {
      by_name = &run;
    }
  }
  if (by_name == nullptr && by_id.size() > 1) {
    fail("fits " + std::to_string(by_id.size()) + " runs; give more of the id");
  }
  if (by_name == nullptr && by_id.empty()) {
    fail("no such run");
  }
  return by_name != nullptr ? *by_name : *by_id.front();
}

std::vector<StoredRun> Store::of_sweep(std::string_view sweep) const {
  Listing all = list();
  std::erase_if(all.runs, [&](const StoredRun& run) {
    return !run.manifest.point || run.manifest.point->sweep != sweep;
  });
  return std::move(all.runs);
}

bool has_space(const fs::path& folder) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error || space.available >= kSpaceOfARun;
}

}  // namespace gradwatt
