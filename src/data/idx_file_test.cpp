#include "data/idx_file.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <fstream>
#include <string>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kTwoByThree{
    "\0\0\x08\x02\0\0\0\x02\0\0\0\x03"
    "abcdef",
    18};

class IdxFileTest : public testing::Test {
 protected:
  IdxFileTest() {
    std::string pattern = testing::TempDir() + "gradwatt-idx-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~IdxFileTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path plain(const std::string& bytes) const {
    std::ofstream(folder_ / "plain", std::ios::binary) << bytes;
    return folder_ / "plain";
  }

  static std::string failure(const std::filesystem::path& file) {
    try {
      (void)read_idx(file);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_;
};

TEST_F(IdxFileTest, ReadsShapeAndValues) {
  const IdxArray array = read_idx(plain(kTwoByThree));
  EXPECT_THAT(array.shape, ElementsAre(2, 3));
  EXPECT_THAT(array.values, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
}

TEST_F(IdxFileTest, ReadsTheSameCompressed) {
  const auto file = folder_ / "compressed.gz";
  gzFile out = ::gzopen(file.c_str(), "wb");
  ASSERT_EQ(::gzwrite(out, kTwoByThree.data(), 18), 18);
  ASSERT_EQ(::gzclose(out), Z_OK);
  EXPECT_THAT(read_idx(file).values, ElementsAre('a', 'b', 'c', 'd', 'e', 'f'));
  // Half a gzip stream is an error too, not a shorter array.
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(failure(file), HasSubstr("compressed.gz"));
}

TEST_F(IdxFileTest, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(failure(folder_ / "none"), HasSubstr("none: cannot open: No such file"));
  EXPECT_THAT(failure(plain("")), HasSubstr("plain: ends inside the header: 0 of 4 bytes"));
  EXPECT_THAT(failure(plain("<html>")), HasSubstr("starts with 3c68 instead of 0000"));
  EXPECT_THAT(failure(plain(kTwoByThree.substr(0, 10))), HasSubstr("inside the header"));
  EXPECT_THAT(failure(plain(kTwoByThree.substr(0, 15))), HasSubstr("the values: 3 of 6 bytes"));
  EXPECT_THAT(failure(plain(kTwoByThree + "g")), HasSubstr("goes on after the 6 values"));
  std::string floats = kTwoByThree;
  floats[2] = '\x0d';
  EXPECT_THAT(failure(plain(floats)), HasSubstr("type 0x0d"));
  EXPECT_THAT(failure(plain(std::string("\0\0\x08\0", 4))), HasSubstr("no dimension"));
}

TEST_F(IdxFileTest, RefusesASizeThatCannotBeInsteadOfAskingForTheMemory) {
  const std::string huge{"\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", 12};
  EXPECT_THAT(failure(plain(huge)), HasSubstr("dimension 1"));
  const std::string none{"\0\0\x08\x01\0\0\0\0", 8};
  EXPECT_THAT(failure(plain(none)), HasSubstr("dimension 0 of its header is 0"));
}

}  // namespace
}  // namespace gradwatt
