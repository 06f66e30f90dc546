#include "data/hdf5_file.h"

#include "base/error.h"
#include "data/hdf5_handle.h"
#include "data/hdf5_writer.h"
#include "data/pamap2_folder_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>
#include <thread>

namespace gradwatt {
namespace {

using testing::HasSubstr;

constexpr FieldShape kSmallFields{5, 4, 7, 6};

float number_at(std::int64_t t, std::int64_t c, std::int64_t y, std::int64_t x) {
  return static_cast<float>(1000 * t + 100 * c + 10 * y + x);
}

/// Writes number_at() everywhere.
void write_numbers(const std::filesystem::path& file, const Hdf5Form& form) {
  Hdf5Writer writer(file, kSmallFields, form);
  for (std::int64_t t = 0; t < kSmallFields.times; ++t) {
    std::vector<float> grids;
    for (std::int64_t c = 0; c < kSmallFields.channels; ++c) {
      for (std::int64_t y = 0; y < kSmallFields.height; ++y) {
        for (std::int64_t x = 0; x < kSmallFields.width; ++x) {
          grids.push_back(number_at(t, c, y, x));
        }
      }
    }
    writer.write(t, grids);
  }
  const std::int64_t bytes = writer.close();
  EXPECT_EQ(bytes, static_cast<std::int64_t>(std::filesystem::file_size(file)));
}

std::vector<float> expected_numbers(std::int64_t first,
                                    std::int64_t count,
                                    const FieldSelection& selection) {
  std::vector<float> all;
  for (std::int64_t t = first; t < first + count; ++t) {
    for (const int c : selection.channels) {
      for (std::int64_t y = 0; y < selection.rows; ++y) {
        for (std::int64_t x = 0; x < kSmallFields.width; ++x) {
          all.push_back(number_at(t, c, y, x));
        }
      }
    }
  }
  return all;
}

std::vector<float> numbers_of(const Hdf5File& file,
                              std::int64_t first,
                              std::int64_t count,
                              const FieldSelection& selection) {
  std::vector<float> numbers(static_cast<std::size_t>(count * selection.size(file.shape())));
  file.read(first, count, selection, numbers);
  return numbers;
}

struct FormCase {
  const char* name;
  Hdf5Form form;
  FieldLayout layout;
};

void PrintTo(const FormCase& form, std::ostream* out) { *out << form.name; }

class Hdf5Forms : public testing::TestWithParam<FormCase> {};

TEST_P(Hdf5Forms, GiveTheSameNumbersForEverySelection) {
  const Pamap2Folder folder;
  write_numbers(folder.root() / "a.h5", GetParam().form);
  const Hdf5File file(folder.root() / "a.h5");
  EXPECT_EQ(file.shape(), kSmallFields);
  EXPECT_EQ(file.layout(), GetParam().layout) << file.layout_text();
  const std::vector<FieldSelection> selections{
      {{0, 1, 2, 3}, 7}, {{0, 1, 2, 3}, 6}, {{3}, 4}, {{2, 0}, 7}, {{3, 1, 2}, 1}};
  for (const FieldSelection& selection : selections) {
    for (std::int64_t first = 0; first < kSmallFields.times; ++first) {
      for (std::int64_t count = 1; first + count <= kSmallFields.times; ++count) {
        EXPECT_EQ(numbers_of(file, first, count, selection),
                  expected_numbers(first, count, selection))
            << first << "+" << count;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Hdf5Forms,
    testing::Values(FormCase{"contiguous", {}, FieldLayout::contiguous},
                    FormCase{"chunks_of_a_grid", {{1, 1, 7, 6}}, FieldLayout::chunks},
                    FormCase{"chunks_that_stick_out", {{2, 3, 4, 5}}, FieldLayout::chunks},
                    FormCase{"deflated", {{2, 3, 4, 5}, 4}, FieldLayout::chunks},
                    FormCase{"shuffled_and_deflated", {{1, 4, 7, 6}, 1, true}, FieldLayout::chunks},
                    FormCase{
                        "with_checksums", {{2, 2, 7, 4}, 1, true, true}, FieldLayout::library}),
    [](const auto& test) { return test.param.name; });

TEST(Hdf5File, TellsHowItsFieldsLie) {
  const Pamap2Folder folder;
  write_numbers(folder.root() / "a.h5", {});
  EXPECT_EQ(Hdf5File(folder.root() / "a.h5").layout_text(), "contiguous");
  write_numbers(folder.root() / "b.h5", {{1, 1, 7, 6}, 1, true});
  EXPECT_EQ(Hdf5File(folder.root() / "b.h5").layout_text(),
            "chunks of 1 x 1 x 7 x 6, shuffle, deflate");
}

TEST(Hdf5File, GivesTheFillValueWhereNothingWasWritten) {
  const Pamap2Folder folder;
  {
    Hdf5Writer writer(folder.root() / "a.h5", {2, 1, 2, 2}, {{1, 1, 2, 2}});
    writer.write(1, std::vector<float>{1, 2, 3, 4});
    (void)writer.close();
  }
  const Hdf5File file(folder.root() / "a.h5");
  EXPECT_EQ(numbers_of(file, 0, 2, {{0}, 2}), (std::vector<float>{0, 0, 0, 0, 1, 2, 3, 4}));
}

TEST(Hdf5File, IsReadByManyThreads) {
  const Pamap2Folder folder;
  write_numbers(folder.root() / "a.h5", {{2, 3, 4, 5}, 1, true});
  const Hdf5File file(folder.root() / "a.h5");
  const FieldSelection selection{{0, 1, 2, 3}, 6};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int turn = 0; turn < 20; ++turn) {
        EXPECT_EQ(numbers_of(file, i, 2, selection), expected_numbers(i, 2, selection));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

/// What opening `file` complains of, and whether it names the file.
std::string complaint_of(const std::filesystem::path& file) {
  try {
    const Hdf5File opened(file);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr(file.string()));
    return error.what();
  }
  return "none";
}

TEST(Hdf5File, ExplainsFilesThatItCannotUse) {
  const Pamap2Folder folder;
  EXPECT_THAT(complaint_of(folder.root() / "absent.h5"), HasSubstr("No such file"));
  std::ofstream(folder.root() / "text.h5") << "not what it seems";
  EXPECT_THAT(complaint_of(folder.root() / "text.h5"), HasSubstr("is no HDF5 file"));
  write_numbers(folder.root() / "cut.h5", {});
  std::filesystem::resize_file(folder.root() / "cut.h5", 3000);
  EXPECT_THAT(complaint_of(folder.root() / "cut.h5"), HasSubstr("truncated"));
}

/// A file with a dataset of this name, type and size.
void write_other(const std::filesystem::path& file,
                 const char* name,
                 hid_t type,
                 const std::vector<hsize_t>& size) {
  const std::scoped_lock lock(hdf5_mutex());
  const Hdf5Handle made(hdf5().H5Fcreate(file.c_str(), kHdf5Replace, H5P_DEFAULT, H5P_DEFAULT),
                        hdf5().H5Fclose);
  const Hdf5Handle space(
      hdf5().H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr),
      hdf5().H5Sclose);
  const Hdf5Handle set(
      hdf5().H5Dcreate2(made.id(), name, type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      hdf5().H5Dclose);
}

TEST(Hdf5File, ExplainsDatasetsThatItCannotUse) {
  const Pamap2Folder folder;
  const auto file = folder.root() / "a.h5";
  write_other(file, "others", hdf5().float32_le, {1, 1, 2, 2});
  EXPECT_THAT(complaint_of(file), HasSubstr("has no dataset `fields`"));
  write_other(file, "fields", hdf5().float64_le, {1, 1, 2, 2});
  EXPECT_THAT(complaint_of(file), HasSubstr("not little-endian float32"));
  write_other(file, "fields", hdf5().float32_le, {2, 2, 2});
  EXPECT_THAT(complaint_of(file), HasSubstr("3 dimensions instead of 4"));
  write_other(file, "fields", hdf5().float32_le, {0, 1, 2, 2});
  EXPECT_THAT(complaint_of(file), HasSubstr("are empty: 0 x 1 x 2 x 2"));
  write_other(file, "fields", hdf5().float32_le, {1, 1, 2, 2});  // never written
  EXPECT_THAT(complaint_of(file), HasSubstr("cut off"));
}

TEST(Hdf5File, NamesTheChunkThatIsDamaged) {
  const Pamap2Folder folder;
  const auto path = folder.root() / "a.h5";
  write_numbers(path, {{1, 4, 7, 6}, 1, true});
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  // Each chunk is a zlib stream of level 1, which begins with these two bytes.
  const std::size_t at = bytes.rfind("\x78\x01");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 40, 40, '\x55');
  std::ofstream(path, std::ios::binary) << bytes;
  const Hdf5File file(path);
  int failed = 0;
  for (std::int64_t t = 0; t < kSmallFields.times; ++t) {
    try {
      (void)numbers_of(file, t, 1, {{0}, 7});
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("does not decompress"));
      EXPECT_THAT(error.what(), HasSubstr("at time " + std::to_string(t)));
      ++failed;
    }
  }
  EXPECT_EQ(failed, 1);
}

TEST(Hdf5Writer, ExplainsWhatItCannotWrite) {
  const Pamap2Folder folder;
  try {
    const Hdf5Writer writer(folder.root() / "absent" / "a.h5", kSmallFields);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("absent/a.h5"));
    EXPECT_THAT(error.what(), HasSubstr("cannot write"));
  }
}

}  // namespace
}  // namespace gradwatt
