#include "data/made_data.h"

#include "base/error.h"
#include "base/file.h"
#include "data/fashion_files.h"
#include "data/made_folder.h"
#include "data/pamap2_folder_test.h"
#include "data/sets/catalog.h"

#include <gmock/gmock.h>

#include <cmath>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string fixed(double value, int places) {
  const Pamap2Folder folder;
  MadeFile file(folder.root() / "number");
  file.write_fixed(value, places);
  file.close();
  return *read_text(folder.root() / "number");
}

std::string failure_of_make(const std::filesystem::path& folder,
                            const std::function<MadeData(const std::filesystem::path&)>& make) {
  try {
    make_folder(folder, make);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

MadeData make_one_file(const std::filesystem::path& folder) {
  MadeFile file(folder / "one");
  file.write("text");
  return {{}, 1, file.close()};
}

TEST(MadeFile, WritesNumbersWithFixedPlaces) {
  EXPECT_EQ(fixed(1.25, 2), "1.25");
  EXPECT_EQ(fixed(-0.071, 2), "-0.07");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(9.996, 2), "10.00");
  EXPECT_EQ(fixed(104.4, 0), "104");
  EXPECT_EQ(fixed(-3.000001, 6), "-3.000001");
  EXPECT_EQ(fixed(NAN, 3), "NaN");
}

TEST(MadeFile, CountsItsBytes) {
  const Pamap2Folder folder;
  MadeFile file(folder.root() / "long");
  for (int i = 0; i < 300; ++i) {
    file.write(std::string(10000, 'x'));
  }
  EXPECT_EQ(file.close(), 3000000);
  EXPECT_EQ(std::filesystem::file_size(folder.root() / "long"), 3000000);
}

TEST(MadeFile, SaysThatTheDiskIsFull) {
  std::string what;
  try {
    MadeFile file("/dev/full");
    file.write("text");
    file.close();
  } catch (const Error& error) {
    what = error.what();
  }
  EXPECT_THAT(what, HasSubstr("/dev/full: cannot write: No space left on device"));
  EXPECT_THAT(what, HasSubstr("make space"));
}

TEST(MakeFolder, AppearsWholeOrNotAtAll) {
  const Pamap2Folder root;
  const auto folder = root.root() / "set";
  EXPECT_THAT(failure_of_make(folder,
                              [](const std::filesystem::path& part) -> MadeData {
                                make_one_file(part);
                                throw Error("no space", "there");
                              }),
              HasSubstr("no space"));
  EXPECT_TRUE(std::filesystem::is_empty(root.root()));
  EXPECT_EQ(make_folder(folder / "", make_one_file).bytes, 4);
  EXPECT_EQ(*read_text(folder / "one"), "text");
  EXPECT_FALSE(std::filesystem::exists(root.root() / "set.part"));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST(MakeFolder, TouchesNothingThatIsThere) {
  const Pamap2Folder root;
  const auto folder = root.root() / "set";
  std::filesystem::create_directory(folder);
  EXPECT_EQ(make_folder(folder, make_one_file).files, 1);
  EXPECT_THAT(failure_of_make(folder, make_one_file), HasSubstr("not empty"));
  const auto other = root.root() / "other";
  std::filesystem::create_directories(root.root() / "other.part" / "mine");
  EXPECT_THAT(failure_of_make(other, make_one_file), HasSubstr("is in the way"));
  EXPECT_TRUE(std::filesystem::exists(root.root() / "other.part" / "mine"));
}

TEST(MakeFolder, RemovesWhatAnInterruptedMakeLeft) {
  const Pamap2Folder root;
  const auto folder = root.root() / "set";
  const auto kept = root.root() / "kept";
  make_folder(folder, [&](const std::filesystem::path& part) {
    make_one_file(part);
    // As if the process had ended here.
    std::filesystem::copy(part, kept, std::filesystem::copy_options::recursive);
    EXPECT_THAT(failure_of_make(folder, make_one_file), HasSubstr("another gradwatt is writing"));
    return MadeData{};
  });
  std::filesystem::rename(kept, root.root() / "again.part");
  std::filesystem::rename(root.root() / "again.part" / "one", root.root() / "again.part" / "old");
  make_folder(root.root() / "again", make_one_file);
  EXPECT_FALSE(std::filesystem::exists(root.root() / "again" / "old"));
  EXPECT_TRUE(std::filesystem::exists(root.root() / "again" / "one"));
}

TEST(FashionFiles, AreMadeAndRecognised) {
  const Pamap2Folder root;
  EXPECT_FALSE(has_fashion_files(root.root()));
  EXPECT_EQ(make_fashion(root.root(), 0.002, 1).files, 4);
  EXPECT_TRUE(has_fashion_files(root.root()));
  const DataCheck check = check_fashion(root.root());
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_THAT(
      check.facts,
      ElementsAre("train-images-idx3-ubyte  120 images", "t10k-images-idx3-ubyte  20 images"));
}

TEST(FashionFiles, AreCheckedOneByOne) {
  const Pamap2Folder root;
  make_fashion(root.root(), 0.002, 1);
  std::filesystem::remove(root.root() / "t10k-labels-idx1-ubyte");
  std::filesystem::resize_file(root.root() / "train-images-idx3-ubyte", 1000);
  const DataCheck check = check_fashion(root.root());
  ASSERT_EQ(check.problems.size(), 2);
  EXPECT_FALSE(check.usable());
  EXPECT_THAT(check.problems[0].what, HasSubstr("ends inside the values"));
  EXPECT_THAT(check.problems[1].what, HasSubstr("is not there"));
}

TEST(PublishedSets, AreRecognisedByTheirFilesAndNoOthers) {
  for (const PublishedSet& set : published_sets()) {
    const Pamap2Folder root;
    EXPECT_FALSE(set.is_here(root.root())) << set.name;
    if (set.make == nullptr) {
      continue;
    }
    // Drawing a thousand large photographs would take seconds.
    const bool is_large = std::string_view(set.name).starts_with("imagenet");
    set.make(root.root(), is_large ? 0.0001 : 0.001, 0);
    for (const PublishedSet& other : published_sets()) {
      EXPECT_EQ(other.is_here(root.root()), &other == &set) << set.name << " as " << other.name;
    }
    EXPECT_TRUE(set.check(root.root()).usable()) << set.name;
  }
}

}  // namespace
}  // namespace gradwatt
