#include "data/jpeg_rows.h"

#include "base/error.h"
#include "data/all_rows.h"
#include "data/jpeg_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class JpegRowsTest : public testing::Test {
 protected:
  JpegRowsTest() {
    std::string pattern = testing::TempDir() + "gradwatt-jpeg-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~JpegRowsTest() override { std::filesystem::remove_all(folder_); }

  /// A file that is one grey all over.
  std::filesystem::path grey(const std::string& name, std::uint8_t level) const {
    const ImageShape shape{.height = 20, .width = 16, .channels = 3};
    const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(shape.size()), level);
    const auto bytes = jpeg_of(shape, pixels, 90);
    std::ofstream(folder_ / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

TEST_F(JpegRowsTest, AreDecodedInTheOrderOfTheFiles) {
  const JpegRows rows({grey("b.jpg", 40), grey("a.jpg", 200)},
                      {.height = 4, .width = 4, .channels = 3});
  EXPECT_EQ(rows.count(), 2);
  EXPECT_EQ(rows.row_bytes(), 48U);
  const auto all = all_rows(rows, 2);
  EXPECT_EQ(all.front(), 40);
  EXPECT_EQ(all.back(), 200);
}

TEST_F(JpegRowsTest, HaveAKeyThatChangesWithTheFilesAndTheShape) {
  const auto a = grey("a.jpg", 40);
  const auto b = grey("b.jpg", 40);
  const ImageShape shape{.height = 4, .width = 4, .channels = 3};
  const std::string key = JpegRows({a, b}, shape).key();
  EXPECT_THAT(key, HasSubstr("JPEG rows 1: 4 x 4, 2 files, "));
  EXPECT_EQ(JpegRows({a, b}, shape).key(), key);
  EXPECT_NE(JpegRows({b, a}, shape).key(), key);
  EXPECT_NE(JpegRows({a, b}, {.height = 4, .width = 5, .channels = 3}).key(), key);
  std::filesystem::resize_file(b, 10);
  EXPECT_NE(JpegRows({a, b}, shape).key(), key);
  std::filesystem::remove(b);
  EXPECT_THROW((void)JpegRows({a, b}, shape).key(), Error);
}

TEST_F(JpegRowsTest, NameTheFileThatFails) {
  const auto cut = grey("cut.jpg", 40);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) - 20);
  const JpegRows rows({grey("a.jpg", 40), cut, folder_ / "none.jpg"},
                      {.height = 4, .width = 4, .channels = 3});
  const AllRows all = all_rows_reporting(rows, 2);
  ASSERT_EQ(all.damaged.size(), 2U);
  EXPECT_THAT(all.damaged[0].second, HasSubstr("cut.jpg: is damaged: Premature end of JPEG file"));
  EXPECT_THAT(all.damaged[1].second, HasSubstr("none.jpg: cannot open: No such file"));
  const JpegRows advised(
      {cut}, {.height = 4, .width = 4, .channels = 3}, "or leave such photographs out");
  EXPECT_THAT(all_rows_reporting(advised, 1).damaged[0].second,
              AllOf(HasSubstr("cut.jpg: is damaged"), HasSubstr("or leave such photographs out")));
}

}  // namespace
}  // namespace gradwatt
