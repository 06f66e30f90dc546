#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace gradwatt {

/// A prepared statement. Columns count from 0, parameters from 1, as in SQLite.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, double value);
  Statement& bind(int parameter, std::string_view value);
  Statement& bind_null(int parameter);

  /// Moves to the next row; false behind the last. Throws Error.
  [[nodiscard]] bool step();
  /// Runs a statement that gives no rows and readies it for the next. Throws Error.
  void run();

  [[nodiscard]] std::optional<std::int64_t> integer(int column) const;
  [[nodiscard]] std::optional<double> real(int column) const;
  [[nodiscard]] std::string text(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

/// One SQLite file and its only connection. Not thread-safe: one thread at a time.
class Database {
 public:
  enum class Mode { create, read };

  /// Opens `file`. `create` takes it for one writer alone: exclusive lock, rollback journal (no
  /// shared memory, so it works on network file systems). Throws Error.
  Database(const std::filesystem::path& file, Mode mode);

  void execute(std::string_view sql);

  /// Whether a commit waits until the disk has it. A new database does not wait: what is committed
  /// survives the death of this process, but not a loss of power. Throws Error.
  void wait_for_disk(bool wait);
  [[nodiscard]] Statement prepare(std::string_view sql) { return {handle_.get(), sql}; }

  /// Whether another process holds `file` for writing.
  [[nodiscard]] static bool is_locked(const std::filesystem::path& file);

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// Undone unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace gradwatt
