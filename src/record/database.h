#pragma once

#include "base/error.h"
#include "record/row_sum.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace gradwatt {

/// An Error whose reason is the file: it is no database, is damaged or has other tables.
class DamagedDatabase : public Error {
 public:
  using Error::Error;
};

/// A prepared statement. Columns count from 0, parameters from 1, as in SQLite.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind_null(int parameter);
  Statement& bind_blob(int parameter, std::string_view bytes);

  /// Moves to the next row; false behind the last. Throws Error.
  [[nodiscard]] bool step();
  /// Runs a statement that gives no rows and readies it for the next. Throws Error.
  void run();
  /// Readies it for other parameters.
  void reset();

  [[nodiscard]] std::optional<std::int64_t> integer(int column) const;
  [[nodiscard]] std::optional<double> real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::string_view blob(int column) const;
  /// The row's checksum: of the types and values of all its columns, in order.
  [[nodiscard]] RowSum row_sum() const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

struct DatabaseCloser {
  bool removes_journal = false;
  void operator()(sqlite3* database) const;
};

/// One SQLite file and its only connection. Not thread-safe: one thread at a time.
class Database {
 public:
  enum class Mode { create, read, share };

  /// Opens `file`. `create` takes it for one writer alone: exclusive lock, rollback journal (no
  /// shared memory, so it works on network file systems). `share` makes it if there is none, for
  /// any number of processes that wait for one another for two seconds. Throws Error.
  ///
  /// Pages of a new file are small: most runs are short, and each table takes a page at least.
  Database(const std::filesystem::path& file, Mode mode);

  void execute(std::string_view sql);

  /// Whether a commit waits until the disk has it. A new database does not wait: what is committed
  /// survives the death of this process, but not a loss of power. Throws Error.
  void wait_for_disk(bool wait);
  /// Closing will remove the journal, which a writer keeps between commits.
  void remove_journal_when_closed() { handle_.get_deleter().removes_journal = true; }
  [[nodiscard]] Statement prepare(std::string_view sql) { return {handle_.get(), sql}; }

  /// Whether another process holds `file` for writing.
  [[nodiscard]] static bool is_locked(const std::filesystem::path& file);

 private:
  std::unique_ptr<sqlite3, DatabaseCloser> handle_;
};

/// Undone unless committed.
class Transaction {
 public:
  /// `write` takes the lock for writing at once: two that read first could wait for one another.
  enum class Mode { read, write };
  explicit Transaction(Database& database, Mode mode = Mode::read);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace gradwatt
