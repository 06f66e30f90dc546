#include "record/index_file.h"

#include "base/file.h"
#include "base/unique_fd.h"
#include "record/row_sum.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kIndexSchema = 2;

/// Makes the folder and those above it, for their owner alone; what is there stays as it is.
void make_cache_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::exists(folder, error)) {
    return;
  }
  make_cache_folder(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    throw system_error("cannot create", folder.string(), errno);
  }
}

/// SQLite takes over the mode that a file has.
void make_private_file(const fs::path& file) {
  make_cache_folder(file.parent_path());
  const UniqueFd made(
      ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made && errno != EEXIST) {
    throw system_error("cannot create", file.string(), errno);
  }
}

void check_version(Database& database, const fs::path& file) {
  const auto version = [&] {
    Statement statement = database.prepare("PRAGMA user_version");
    return statement.step() ? statement.integer(0).value_or(0) : 0;
  };
  if (version() == 0) {
    Transaction transaction(database, Transaction::Mode::write);
    if (version() == 0) {  // Nobody else has made the tables meanwhile.
      for (const char* table : {"manifests", "accounts"}) {
        database.execute(
            fmt::format("CREATE TABLE {}(run TEXT PRIMARY KEY, stamp BLOB NOT NULL,"
                        " body BLOB NOT NULL, sum INTEGER NOT NULL) STRICT",
                        table));
      }
      database.execute(fmt::format("PRAGMA user_version = {}", kIndexSchema));
      transaction.commit();
    }
  }
  if (version() != kIndexSchema) {
    throw DamagedDatabase("an index of another version", file.string());
  }
}

Database open_index(const fs::path& file) {
  make_private_file(file);
  Database database(file, Database::Mode::share);
  check_version(database, file);
  return database;
}

const char* table_of(IndexFile::Part part) {
  return part == IndexFile::Part::manifest ? "manifests" : "accounts";
}

std::int64_t sum_of(IndexFile::Part part, std::string_view run, const IndexEntry& entry) {
  RowSum sum;
  sum.add(std::string_view(table_of(part))).add(run);
  return sum.add(std::string_view(entry.stamp)).add(std::string_view(entry.body)).value();
}

/// From the columns run, stamp, body and sum.
std::optional<IndexEntry> entry_in(const Statement& row, IndexFile::Part part) {
  IndexEntry entry{std::string(row.blob(1)), std::string(row.blob(2))};
  if (row.integer(3) != sum_of(part, row.text(0), entry)) {
    return std::nullopt;
  }
  return entry;
}

}  // namespace

IndexFile::IndexFile(const fs::path& file) {
  try {
    database_.emplace(open_index(file));
  } catch (const DamagedDatabase&) {
    remove(file);
    database_.emplace(open_index(file));
  }
}

void IndexFile::remove(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  fs::remove(file.string() + "-journal", error);
}

std::map<std::string, IndexEntry, std::less<>> IndexFile::all(Part part) {
  std::map<std::string, IndexEntry, std::less<>> entries;
  Statement rows =
      database_->prepare(fmt::format("SELECT run, stamp, body, sum FROM {}", table_of(part)));
  while (rows.step()) {
    if (auto entry = entry_in(rows, part)) {
      entries.insert_or_assign(rows.text(0), std::move(*entry));
    }
  }
  return entries;
}

std::optional<IndexEntry> IndexFile::find(Part part, const std::string& run) {
  std::optional<Statement>& rows = find_[part == Part::manifest ? 0 : 1];
  if (!rows) {
    rows = database_->prepare(
        fmt::format("SELECT run, stamp, body, sum FROM {} WHERE run = ?", table_of(part)));
  }
  rows->bind(1, std::string_view(run));
  std::optional<IndexEntry> entry;
  if (rows->step() && rows->text(0) == run) {
    entry = entry_in(*rows, part);
  }
  rows->reset();  // Lets writers in.
  return entry;
}

void IndexFile::store(const std::vector<NewEntry>& entries, const std::vector<std::string>& gone) {
  Transaction transaction(*database_, Transaction::Mode::write);
  for (const NewEntry& added : entries) {
    Statement insert = database_->prepare(
        fmt::format("INSERT OR REPLACE INTO {} VALUES(?,?,?,?)", table_of(added.part)));
    insert.bind(1, std::string_view(added.run));
    insert.bind_blob(2, added.entry.stamp).bind_blob(3, added.entry.body);
    insert.bind(4, sum_of(added.part, added.run, added.entry)).run();
  }
  for (const std::string& run : gone) {
    for (const Part part : {Part::manifest, Part::account}) {
      Statement drop =
          database_->prepare(fmt::format("DELETE FROM {} WHERE run = ?", table_of(part)));
      drop.bind(1, std::string_view(run)).run();
    }
  }
  transaction.commit();
}

}  // namespace gradwatt
