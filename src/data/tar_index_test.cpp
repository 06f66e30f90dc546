#include "data/tar_index.h"

#include "base/error.h"
#include "data/file_in_memory_test.h"
#include "data/random_order.h"
#include "data/tar_writer.h"
#include "data/temporary_place_test.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::filesystem::path tar_fixture(const std::string& name) {
  return std::filesystem::path(GRADWATT_SOURCE_DIR) / "src/data/fixtures" / name;
}

/// "name offset+size" of each member.
std::vector<std::string> member_list(const std::filesystem::path& archive) {
  std::vector<std::string> list;
  for (const TarMember& member : tar_index(archive)) {
    list.push_back(fmt::format("{} {}+{}", member.name, member.bytes.offset, member.bytes.size));
  }
  return list;
}

const std::string kLongName =
    "folder/" + std::string(40, 'n') + "/" + std::string(90, 'm') + ".jpg";

// What Python's tarfile wrote, and where it says that the members' bytes are.
TEST(TarIndex, ReadsUstarAsPythonWritesIt) {
  EXPECT_THAT(member_list(tar_fixture("ustar.tar")),
              testing::ElementsAre(
                  "a.jpg 1024+3", "empty.cls 2048+0", kLongName + " 2560+513", "z.cls 4608+2"));
}

TEST(TarIndex, ReadsGnuNamesOfAnyLength) {
  EXPECT_THAT(member_list(tar_fixture("gnu.tar")),
              testing::ElementsAre("a.jpg 1024+3",
                                   "empty.cls 2048+0",
                                   kLongName + " 3584+513",
                                   std::string(300, 'v') + ".jpg 6656+9",
                                   "grün.jpg 7680+5",
                                   "z.cls 8704+2"));
}

TEST(TarIndex, ReadsPaxRecords) {
  EXPECT_THAT(member_list(tar_fixture("pax.tar")),
              testing::ElementsAre("a.jpg 1024+3",
                                   "empty.cls 2048+0",
                                   kLongName + " 3584+513",
                                   std::string(300, 'v') + ".jpg 6656+9",
                                   "grün.jpg 8704+5",
                                   "z.cls 9728+2"));
}

class TarBytes : public testing::Test {
 protected:
  TarBytes() {
    TarWriter writer(place_.path() / "made.tar");
    writer.add("a.jpg", "abc");
    writer.add("b.jpg", std::string(600, 'b'));
    writer.close();
    bytes_ = TemporaryPlace::text_of(place_.path() / "made.tar");
  }

  /// Puts `text` into the header at `header` and makes its check sum right again.
  void set_field(std::size_t header, std::size_t at, std::string_view text) {
    bytes_.replace(header + at, text.size(), text);
    bytes_.replace(header + 148, 8, "        ");
    int sum = 0;
    for (std::size_t i = 0; i < 512; ++i) {
      sum += static_cast<unsigned char>(bytes_[header + i]);
    }
    bytes_.replace(header + 148, 7, fmt::format("{:06o}", sum) + '\0');
  }
  [[nodiscard]] std::vector<std::string> list() const {
    return member_list(place_.write("odd.tar", bytes_));
  }
  [[nodiscard]] std::string error() const {
    const auto file = place_.write("odd.tar", bytes_);
    return error_text_of([&] { (void)tar_index(file); });
  }

  TemporaryPlace place_;
  std::string bytes_;
};

TEST_F(TarBytes, AreFoundWhereTheyWereWritten) {
  EXPECT_THAT(list(), testing::ElementsAre("a.jpg 512+3", "b.jpg 1536+600"));
  EXPECT_EQ(bytes_.substr(512, 3), "abc");
  EXPECT_EQ(bytes_.size(), 512U + 512 + 512 + 1024 + 1024);
}

TEST_F(TarBytes, MayHaveSizesInBase256) {
  set_field(0, 124, std::string_view("\x80\0\0\0\0\0\0\0\0\0\0\3", 12));
  EXPECT_THAT(list(), testing::ElementsAre("a.jpg 512+3", "b.jpg 1536+600"));
  set_field(1024, 124, std::string_view("\x80\0\0\0\0\0\0\0\0\0\2\x58", 12));
  EXPECT_THAT(list(), testing::ElementsAre("a.jpg 512+3", "b.jpg 1536+600"));
  set_field(1024, 124, std::string_view("\xff\0\0\0\0\0\0\0\0\0\2\x58", 12));
  EXPECT_THAT(error(), HasSubstr("byte 1024: the size of the member is no number"));
}

TEST_F(TarBytes, ThatEndTooEarlyAreDamaged) {
  const std::string whole = bytes_;
  bytes_ = whole.substr(0, 1700);
  EXPECT_THAT(error(), HasSubstr("odd.tar, byte 1024: a member of 600 bytes goes on behind"));
  bytes_ = whole.substr(0, 1100);
  EXPECT_THAT(error(), HasSubstr("byte 1100: the archive ends too early"));
  bytes_ = whole.substr(0, 1024);
  EXPECT_THAT(error(), HasSubstr("byte 1024: the archive ends without its two blocks of zeros"));
  bytes_ = "";
  EXPECT_THAT(error(), HasSubstr("byte 0: the archive ends without"));
}

TEST_F(TarBytes, WithAWrongCheckSumAreDamaged) {
  bytes_[1024 + 2] = 'X';
  EXPECT_THAT(error(), HasSubstr("odd.tar, byte 1024: is no tar header, or a damaged one"));
}

TEST_F(TarBytes, ThatAreCompressedSaySo) {
  bytes_ = "\x1f\x8b" + std::string(2000, 'z');
  EXPECT_THAT(error(), HasSubstr("is compressed; decompress it"));
}

TEST_F(TarBytes, WithoutASizeAreDamaged) {
  set_field(1024, 124, "12345678abc");
  EXPECT_THAT(error(), HasSubstr("byte 1024: the size of the member is no number"));
}

TEST_F(TarBytes, ThatAreSparseAreRefused) {
  set_field(0, 156, "S");
  EXPECT_THAT(error(), HasSubstr("byte 0: holds a sparse file"));
}

TEST_F(TarBytes, WithADamagedPaxRecordAreRefused) {
  for (const char* record : {"9 pa", "x path=a\n", "99 path=a\n", "7 path\n", "0 path=a\n"}) {
    TarWriter writer(place_.path() / "pax.tar");
    writer.add("header", record);
    writer.add("b.jpg", "b");
    writer.close();
    bytes_ = TemporaryPlace::text_of(place_.path() / "pax.tar");
    set_field(0, 156, "x");
    EXPECT_THAT(error(), HasSubstr("odd.tar, byte 512: a")) << record;
  }
}

TEST_F(TarBytes, MayHaveNameAndSizeInPaxRecords) {
  TarWriter writer(place_.path() / "pax.tar");
  writer.add("header", "12 size=600\n15 path=cc.jpg\n");
  writer.add("b.jpg", std::string(600, 'b'));
  writer.close();
  bytes_ = TemporaryPlace::text_of(place_.path() / "pax.tar");
  set_field(0, 156, "x");
  set_field(1024, 124, "00000000000");
  EXPECT_THAT(list(), testing::ElementsAre("cc.jpg 1536+600"));
}

/// Whatever is damaged, members lie inside the file or an Error says what is wrong.
TEST(TarIndex, ReadsOrRefusesEveryCutAndManyChanges) {
  const std::string whole = TemporaryPlace::text_of(tar_fixture("pax.tar")).substr(0, 12'288);
  SplitMix64 random(4);
  int refused = 0;
  for (std::uint32_t i = 0; i < 1500; ++i) {
    std::string bytes = whole;
    if (i < 300) {
      bytes.resize(i * 37);
    } else {
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] =
          static_cast<char>(random.below(256));
    }
    const FileInMemory file(bytes);
    try {
      for (const TarMember& member : tar_index(file.path())) {
        ASSERT_LE(member.bytes.offset + member.bytes.size, bytes.size());
      }
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 400);
}

TEST(TarWriter, SplitsALongNameAtAFolder) {
  const TemporaryPlace place;
  TarWriter writer(place.path() / "long.tar");
  writer.add(kLongName, "x");
  EXPECT_THAT(error_text_of([&] { writer.add(std::string(120, 'n'), "x"); }),
              HasSubstr("is too long a name"));
  writer.close();
  EXPECT_THAT(member_list(place.path() / "long.tar"), testing::ElementsAre(kLongName + " 512+1"));
}

}  // namespace
}  // namespace gradwatt
