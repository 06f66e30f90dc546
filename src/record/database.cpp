#include "record/database.h"

#include "base/error.h"

#include <sqlite3.h>

namespace gradwatt {
namespace {

[[noreturn]] void fail(sqlite3* database) {
  const char* file = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
  const int code = database != nullptr ? sqlite3_errcode(database) : SQLITE_NOMEM;
  const char* text = database != nullptr ? sqlite3_errmsg(database) : "out of memory";
  const char* remedy = code == SQLITE_FULL   ? "free some disk space"
                       : code == SQLITE_BUSY ? "it is being written; wait until the run ends"
                       : code == SQLITE_CORRUPT
                           ? "this file is damaged; other runs are not affected"
                       : code == SQLITE_NOTADB ? "this file is damaged; other runs are not affected"
                                               : "";
  const char* where = file != nullptr ? file : "SQLite";
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
      throw DamagedDatabase(text, where, remedy);
    default:
      throw Error(text, where, remedy);
  }
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    fail(database);
  }
  statement_.reset(statement);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, double value) {
  sqlite3_bind_double(statement_.get(), parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view value) {
  // SQLITE_TRANSIENT is a cast in C; -1 is its value.
  sqlite3_bind_text(statement_.get(),
                    parameter,
                    value.data(),
                    static_cast<int>(value.size()),
                    // NOLINTNEXTLINE(performance-no-int-to-ptr)
                    reinterpret_cast<sqlite3_destructor_type>(-1));
  return *this;
}

Statement& Statement::bind_null(int parameter) {
  sqlite3_bind_null(statement_.get(), parameter);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob(statement_.get(),
                    parameter,
                    bytes.data(),
                    static_cast<int>(bytes.size()),
                    // NOLINTNEXTLINE(performance-no-int-to-ptr)
                    reinterpret_cast<sqlite3_destructor_type>(-1));
  return *this;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

bool Statement::step() {
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      fail(sqlite3_db_handle(statement_.get()));
  }
}

void Statement::run() {
  const int result = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  if (result != SQLITE_DONE && result != SQLITE_ROW) {
    fail(sqlite3_db_handle(statement_.get()));
  }
}

std::optional<std::int64_t> Statement::integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) {
    return std::nullopt;
  }
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<double> Statement::real(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) {
    return std::nullopt;
  }
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

std::string_view Statement::blob(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), size);
}

RowSum Statement::row_sum() const {
  RowSum sum;
  for (int column = 0; column < sqlite3_column_count(statement_.get()); ++column) {
    switch (sqlite3_column_type(statement_.get(), column)) {
      case SQLITE_INTEGER:
        sum.add(*integer(column));
        break;
      case SQLITE_FLOAT:
        sum.add(*real(column));
        break;
      case SQLITE_NULL:
        sum.add_null();
        break;
      default:
        sum.add(std::string_view(text(column)));
        break;
    }
  }
  return sum;
}

void DatabaseCloser::operator()(sqlite3* database) const {
  if (removes_journal) {
    // An exclusive lock keeps the journal; what fails here leaves a file of a few kilobytes behind.
    sqlite3_exec(database, "PRAGMA locking_mode = NORMAL", nullptr, nullptr, nullptr);
    sqlite3_exec(database, "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
  }
  sqlite3_close_v2(database);
}

Database::Database(const std::filesystem::path& file, Mode mode) {
  sqlite3* handle = nullptr;
  const int flags =
      mode == Mode::read ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int result = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOFOLLOW, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK) {
    const std::string text = handle != nullptr ? sqlite3_errmsg(handle) : "out of memory";
    throw Error("cannot open: " + text, file.string());
  }
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  execute("PRAGMA trusted_schema = OFF");
  if (mode == Mode::create) {
    execute("PRAGMA page_size = 1024");
    execute("PRAGMA locking_mode = EXCLUSIVE");
    execute("PRAGMA journal_mode = PERSIST");
    wait_for_disk(false);
    execute("BEGIN EXCLUSIVE; COMMIT");  // Takes the lock now, not at the first sample.
  } else {
    execute("PRAGMA cell_size_check = ON");
  }
  if (mode == Mode::share) {
    constexpr int kPatienceMs = 2000;
    sqlite3_busy_timeout(handle, kPatienceMs);
    execute("PRAGMA page_size = 4096");
    wait_for_disk(false);
  }
}

void Database::execute(std::string_view sql) {
  const std::string text(sql);
  if (sqlite3_exec(handle_.get(), text.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail(handle_.get());
  }
}

void Database::wait_for_disk(bool wait) {
  execute(wait ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = OFF");
}

bool Database::is_locked(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr);
  bool locked = false;
  if (opened == SQLITE_OK) {
    const int result =
        sqlite3_exec(handle, "SELECT 1 FROM sqlite_master", nullptr, nullptr, nullptr);
    locked = result == SQLITE_BUSY || result == SQLITE_LOCKED;
  }
  sqlite3_close_v2(handle);
  return locked;
}

Transaction::Transaction(Database& database, Mode mode) : database_(database) {
  database_.execute(mode == Mode::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) {
    try {
      database_.execute("ROLLBACK");
    } catch (const Error&) {
      // SQLite has already rolled back after a full disk or an I/O error.
      open_ = false;
    }
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace gradwatt
