#include "data/row_cache.h"

#include "data/all_rows.h"
#include "data/numbered_rows_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <sys/resource.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class RowCacheTest : public testing::Test {
 protected:
  RowCacheTest() {
    std::string pattern = testing::TempDir() + "gradwatt-cache-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    file_ = folder_ / "rows";
  }
  ~RowCacheTest() override { std::filesystem::remove_all(folder_); }

  /// How many rows had to be made for the cache of `source`, whose rows are checked.
  std::int64_t rows_made(const NumberedRows& source, std::string_view key) const {
    const auto cache = cached_rows(source, file_, key, 2);
    const std::int64_t made = source.written();
    EXPECT_EQ(cache->count(), source.count());
    EXPECT_EQ(cache->row_bytes(), source.row_bytes());
    EXPECT_EQ(all_rows(*cache, 2), all_rows(source, 1));
    return made;
  }

  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

  void overwrite(std::streamoff at, char byte) const {
    std::fstream stream(file_, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(at);
    stream.put(byte);
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

TEST_F(RowCacheTest, AsksTheSourceOnce) {
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 100);
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 0);
  EXPECT_EQ(files(), 1);
  EXPECT_EQ(std::filesystem::file_size(file_), 4096U + 700U);
}

TEST_F(RowCacheTest, IsMadeAnewForAnotherKeyOrSize) {
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 100);
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 65"), 100);
  EXPECT_EQ(rows_made(NumberedRows(99, 7), "faces 65"), 99);
  EXPECT_EQ(rows_made(NumberedRows(99, 8), "faces 65"), 99);
  EXPECT_EQ(rows_made(NumberedRows(0, 8), "faces 65"), 0);
}

TEST_F(RowCacheTest, IsMadeAnewWhenDamaged) {
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 100);
  for (const std::streamoff at : {0, 9, 35, 3000, 4095}) {
    overwrite(at, 'x');
    EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 100) << at;
  }
  std::filesystem::resize_file(file_, 4500);
  EXPECT_EQ(rows_made(NumberedRows(100, 7), "faces 64"), 100);
}

TEST_F(RowCacheTest, LeavesNothingBehindWhenARowFails) {
  EXPECT_THROW((void)cached_rows(NumberedRows(100, 7, {50}), file_, "faces", 2), Error);
  EXPECT_EQ(files(), 0);
}

TEST_F(RowCacheTest, LeavesNothingBehindOnAFullDisk) {
  // A limit to the size of files fails in the same calls as a full disk does.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{.rlim_cur = 8192, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string failure;
  try {
    (void)cached_rows(NumberedRows(100, 700), file_, "faces", 2);
  } catch (const Error& error) {
    failure = error.what();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(failure, HasSubstr("rows: cannot write: File too large"));
  EXPECT_EQ(files(), 0);
}

TEST_F(RowCacheTest, SaysWhereItCannotBe) {
  try {
    (void)cached_rows(NumberedRows(1, 7), folder_ / "none" / "rows", "faces", 2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot create: No such file"));
  }
}

}  // namespace
}  // namespace gradwatt
