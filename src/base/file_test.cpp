#include "base/file.h"

#include "base/error.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sys/stat.h>

namespace gradwatt {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = testing::TempDir() + "gradwatt-file-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~FileTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(FileTest, ReadsBackWhatWasWrittenForTheOwnerAlone) {
  write_text_atomically(folder_ / "a", "one");
  write_text_atomically(folder_ / "a", "two\n");
  EXPECT_EQ(read_text(folder_ / "a"), "two\n");
  struct stat status {};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(FileTest, SaysWhatCouldNotBeWrittenAndLeavesNothing) {
  try {
    write_text_atomically(folder_ / "missing" / "a", "x");
    FAIL() << "expected an error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("missing/a: cannot create"), std::string::npos);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FileTest, KnowsNothingOfAFileThatIsAbsent) {
  EXPECT_EQ(read_text(folder_ / "none"), std::nullopt);
}

TEST(Trimmed, RemovesWhiteSpaceAtBothEnds) {
  EXPECT_EQ(trimmed(" \t12 3\n"), "12 3");
  EXPECT_EQ(trimmed(" \n"), "");
}

}  // namespace
}  // namespace gradwatt
