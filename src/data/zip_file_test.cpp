#include "data/zip_file.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::string le(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) {
    out.push_back(static_cast<char>(value & 0xffU));
    value >>= 8U;
  }
  return out;
}

struct ZipOptions {
  bool zip64 = false;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint64_t size_change = 0;
  int copies = 1;
};

std::string zip_of(const std::string& name, const std::string& data, ZipOptions options = {}) {
  const auto crc = ::crc32_z(0, reinterpret_cast<const unsigned char*>(data.data()), data.size());
  const std::uint64_t size = data.size() + options.size_change;
  const std::uint32_t huge = 0xffffffff;
  const std::string zip64 = options.zip64 ? le(0x7777, 2) + le(1, 2) + "?" + le(1, 2) + le(24, 2) +
                                                le(size, 8) + le(size, 8) + le(0, 8)
                                          : "";
  const std::uint64_t shown = options.zip64 ? huge : size;
  const std::string common = le(options.flags, 2) + le(options.method, 2) + le(0, 4) + le(crc, 4) +
                             le(shown, 4) + le(shown, 4) + le(name.size(), 2);
  const std::string local = le(0x04034b50, 4) + le(20, 2) + common + le(3, 2) + name + "pad";
  std::string directory;
  for (int i = 0; i < options.copies; ++i) {
    directory += le(0x02014b50, 4) + le(20, 2) + le(20, 2) + common + le(zip64.size(), 2) +
                 le(0, 2 + 2 + 2 + 4) + le(options.zip64 ? huge : 0, 4) + name + zip64;
  }
  const std::uint64_t start = local.size() + data.size();
  const auto count = static_cast<std::uint64_t>(options.copies);
  std::string end;
  if (options.zip64) {
    end = le(0x06064b50, 4) + le(44, 8) + le(45, 2) + le(45, 2) + le(0, 8) + le(count, 8) +
          le(count, 8) + le(directory.size(), 8) + le(start, 8);
    end += le(0x07064b50, 4) + le(0, 4) + le(start + directory.size(), 8) + le(1, 4);
  }
  end += le(0x06054b50, 4) + le(0, 4) + le(options.zip64 ? 0xffff : count, 2) +
         le(options.zip64 ? 0xffff : count, 2) + le(options.zip64 ? huge : directory.size(), 4) +
         le(options.zip64 ? huge : start, 4) + le(0, 2);
  return local + data + directory + end;
}

std::vector<ZipEntry> entries_of(const std::string& zip) {
  return zip_entries({reinterpret_cast<const std::uint8_t*>(zip.data()), zip.size()}, "x.pth");
}

std::string zip_failure(const std::string& zip) {
  try {
    for (const ZipEntry& entry : entries_of(zip)) {
      (void)stored_bytes(entry, "x.pth");
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ZipFile, FindsStoredEntries) {
  for (const bool zip64 : {false, true}) {
    const std::string zip = zip_of("m/data/0", "numbers", {.zip64 = zip64});
    const auto entries = entries_of(zip);
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].name, "m/data/0");
    EXPECT_EQ(std::string(entries[0].bytes.begin(), entries[0].bytes.end()), "numbers");
    EXPECT_EQ(zip_failure(zip), "no error");
  }
}

TEST(ZipFile, RefusesWhatIsNotStored) {
  EXPECT_THAT(zip_failure(zip_of("a", "x", {.method = 8})), HasSubstr("'a' is compressed"));
  EXPECT_THAT(zip_failure(zip_of("a", "x", {.flags = 1})), HasSubstr("'a' is encrypted"));
}

TEST(ZipFile, RefusesDamage) {
  EXPECT_THAT(zip_failure(zip_of("a", "x", {.copies = 2})), HasSubstr("'a' twice"));
  EXPECT_THAT(zip_failure(zip_of("a", "x", {.size_change = 1000})), HasSubstr("ends too early"));
  EXPECT_THAT(zip_failure(zip_of("a", "x", {.zip64 = true, .size_change = 1ULL << 63U})),
              HasSubstr("ends too early"));
  EXPECT_THAT(zip_failure("PK\x03\x04"), HasSubstr("without its end"));
  std::string other = zip_of("a", "x");
  other[30] = 'y';
  EXPECT_THAT(zip_failure(other), HasSubstr("'a'"));
}

TEST(ZipFile, NoticesEveryFlippedBitOfTheData) {
  const std::string zip = zip_of("a", "numbers");
  const std::size_t start = zip.find("numbers");
  for (std::size_t bit = 0; bit < 56; ++bit) {
    std::string flipped = zip;
    flipped[start + bit / 8] = static_cast<char>(flipped[start + bit / 8] ^ (1 << (bit % 8)));
    EXPECT_THAT(zip_failure(flipped), HasSubstr("CRC-32"));
  }
}

TEST(ZipFile, LoadsOrRefusesEveryCutAndEveryFlippedBit) {
  for (const bool zip64 : {false, true}) {
    const std::string zip = zip_of("m/data/0", "numbers", {.zip64 = zip64});
    for (std::size_t i = 0; i < zip.size(); ++i) {
      EXPECT_NE(zip_failure(zip.substr(0, i)), "no error");
      for (int bit = 0; bit < 8; ++bit) {
        std::string flipped = zip;
        flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
        (void)zip_failure(flipped);
      }
    }
  }
}

}  // namespace
}  // namespace gradwatt
