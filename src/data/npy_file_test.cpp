#include "data/npy_file.h"

#include "base/error.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path npy_with(const Pamap2Folder& folder, const std::string& bytes) {
  const auto file = folder.root() / "a.npy";
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::string npy_complaint(const std::filesystem::path& file) {
  try {
    (void)read_npy(file);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
    return error.what();
  }
  return "none";
}

/// Version 2.0 with a header of its own.
std::string version_2(const std::string& header, const std::string& data) {
  std::string bytes("\x93NUMPY\x02\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += std::string(3, '\0');
  return bytes + header + data;
}

TEST(NpyFile, ReadsWhatItWrites) {
  const Pamap2Folder folder;
  const NpyArray array = read_npy(npy_with(folder, npy_bytes({{1, 2}, {1, 2}})));
  EXPECT_THAT(array.shape, ElementsAre(1, 2));
  EXPECT_THAT(array.values, ElementsAre(1, 2));
}

TEST(NpyFile, WritesTheBytesOfNumpy) {
  const std::string bytes = npy_bytes({{3}, {1.5F, -2, 0}});
  EXPECT_EQ(bytes.size(), 128U + 12);
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  EXPECT_THAT(bytes, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }   "));
  EXPECT_EQ(bytes[127], '\n');
}

TEST(NpyFile, ReadsDoublesAndOtherVersions) {
  const Pamap2Folder folder;
  const double number = 2.5;
  const std::string data(reinterpret_cast<const char*>(&number), sizeof number);
  const NpyArray array = read_npy(npy_with(
      folder, version_2("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n", data)));
  EXPECT_TRUE(array.shape.empty());
  EXPECT_THAT(array.values, ElementsAre(2.5F));
}

TEST(NpyFile, ExplainsFilesThatItCannotUse) {
  const Pamap2Folder folder;
  EXPECT_THAT(npy_complaint(npy_with(folder, "PK\x03\x04 a zip")), HasSubstr("is no .npy file"));
  EXPECT_THAT(
      npy_complaint(npy_with(
          folder,
          version_2("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", "12345678"))),
      HasSubstr("'<i8'"));
  EXPECT_THAT(
      npy_complaint(npy_with(
          folder, version_2("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "1234"))),
      HasSubstr("header that cannot be used"));
  const std::string whole = npy_bytes({{2, 3}, {1, 2, 3, 4, 5, 6}});
  EXPECT_THAT(npy_complaint(npy_with(folder, whole.substr(0, whole.size() - 1))),
              HasSubstr("ends too early"));
  EXPECT_THAT(npy_complaint(npy_with(folder,
                                     version_2("{'descr': '<f4', 'fortran_order': False, 'shape': "
                                               "(4611686018427387904, 4), }",
                                               "1234"))),
              HasSubstr("ends too early"));
}

}  // namespace
}  // namespace gradwatt
