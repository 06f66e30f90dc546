#include "record/run_stamp.h"

#include "base/program_build.h"
#include "record/byte_archive.h"

#include <algorithm>
#include <sys/stat.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kSettledMs = 2000;
/// Of digests and stamps: changes with their layout.
constexpr int kStampFormat = 1;

std::int64_t nanoseconds_of(const timespec& time) {
  constexpr std::int64_t kNsPerS = 1'000'000'000;
  return time.tv_sec * kNsPerS + time.tv_nsec;
}

/// Looks at one file or folder; false when that fails.
bool add_look(const std::string& path, bool is_folder, ArchiveWriter& bytes, RunStamp& stamp) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return false;
  }
  const std::int64_t modified_ns = nanoseconds_of(found.st_mtim);
  stamp.changed_ns = std::max(stamp.changed_ns, modified_ns);
  bytes.number(modified_ns);
  bytes.number(found.st_ino);
  if (!is_folder) {
    // Programs that set a file's time back cannot do so with its inode's. Of a folder, which files
    // are in it is all that matters.
    bytes.number(nanoseconds_of(found.st_ctim));
    bytes.number(found.st_size);
  }
  return true;
}

std::optional<RunStamp> stamp_of_files(const std::filesystem::path& folder,
                                       std::vector<std::string> files) {
  RunStamp stamp;
  stamp.files = std::move(files);
  ArchiveWriter bytes;
  bytes.number(kStampFormat);
  bytes.text(program_build());
  bytes.list(stamp.files, [&](const std::string& file) { bytes.text(file); });
  std::string path = folder.string();
  bool is_whole = add_look(path, true, bytes, stamp);
  const std::size_t length = (path += '/').size();
  for (const std::string& file : stamp.files) {
    path.resize(length);
    is_whole = is_whole && add_look(path += file, false, bytes, stamp);
  }
  stamp.bytes = bytes.bytes();
  return is_whole ? std::optional(std::move(stamp)) : std::nullopt;
}

bool is_read(const std::string& file) {
  return file == "run.json" ||
         (file.starts_with("node-") && (file.ends_with(".sqlite") || file.ends_with(".json")));
}

}  // namespace

std::optional<RunStamp> stamp_of(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    std::string name = entry.path().filename().string();
    if (is_read(name)) {
      files.push_back(std::move(name));
    }
  }
  if (error) {
    return std::nullopt;
  }
  std::sort(files.begin(), files.end());
  return stamp_of_files(folder, std::move(files));
}

std::optional<RunStamp> stamp_like(std::string_view before, const std::filesystem::path& folder) {
  ArchiveReader reader(before);
  int format = 0;
  std::string build;
  std::vector<std::string> files;
  reader.number(format);
  reader.text(build);
  if (format != kStampFormat || build != program_build()) {
    return std::nullopt;
  }
  reader.list(files, [&](std::string& file) { reader.text(file); });
  if (!std::all_of(files.begin(), files.end(), is_read)) {
    return std::nullopt;
  }
  return stamp_of_files(folder, std::move(files));
}

bool is_settled(const RunStamp& stamp, WallTime now) {
  return stamp.changed_ns / kNsPerMs + kSettledMs <= now.ms;
}

}  // namespace gradwatt
