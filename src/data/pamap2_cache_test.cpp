#include "data/pamap2_cache.h"

#include "base/error.h"
#include "base/file.h"
#include "data/pamap2.h"
#include "data/pamap2_folder_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

class WindowCacheTest : public testing::Test {
 protected:
  WindowCacheTest() {
    for (const int subject : {101, 105, 106}) {
      folder_.write_rows(
          subject, 30, [](int) { return 1; }, [](int i) { return std::to_string(i); });
    }
    options_.folder = folder_.root();
    options_.activities = {1};
    options_.window = 4;
    options_.step = 2;
    options_.cache = folder_.root() / "kept" / "here";
  }

  [[nodiscard]] std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(options_.cache)) {
      files.push_back(entry.path());
    }
    return files;
  }

  Pamap2Folder folder_;
  Pamap2Options options_;
};

void expect_same(const WindowData& a, const WindowData& b) {
  EXPECT_EQ(a.train.values, b.train.values);
  EXPECT_EQ(a.validation.values, b.validation.values);
  EXPECT_EQ(a.test.labels, b.test.labels);
  EXPECT_EQ(a.train.length, b.train.length);
  EXPECT_EQ(a.class_names, b.class_names);
  EXPECT_EQ(a.channel_names, b.channel_names);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.deviation, b.deviation);
  EXPECT_EQ(a.notes, b.notes);
}

TEST_F(WindowCacheTest, GivesWhatWasMade) {
  const WindowData made = load_pamap2(options_);
  ASSERT_EQ(files().size(), 1);
  const std::string bytes = *read_text(files().front());
  expect_same(load_pamap2(options_), made);
  EXPECT_EQ(*read_text(files().front()), bytes);
}

TEST_F(WindowCacheTest, IsOfOneSetOfOptionsAndFiles) {
  const WindowData made = load_pamap2(options_);
  options_.step = 3;
  EXPECT_LT(load_pamap2(options_).train.count(), made.train.count());
  EXPECT_EQ(files().size(), 2);
  folder_.write_rows(
      101, 60, [](int) { return 1; }, [](int i) { return std::to_string(i); });
  EXPECT_GT(load_pamap2(options_).train.count(), made.train.count());
  EXPECT_EQ(files().size(), 3);
}

TEST_F(WindowCacheTest, IsMadeAnewWhenDamaged) {
  const WindowData made = load_pamap2(options_);
  const auto file = files().front();
  const std::string whole = *read_text(file);
  for (const std::size_t cut :
       {std::size_t{0}, std::size_t{10}, std::size_t{25}, whole.size() / 2, whole.size() - 1}) {
    std::filesystem::resize_file(file, cut);
    expect_same(load_pamap2(options_), made);
    ASSERT_EQ(*read_text(file), whole);
  }
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
  write_text_atomically(file, flipped);
  expect_same(load_pamap2(options_), made);
  EXPECT_EQ(*read_text(file), whole);
}

TEST_F(WindowCacheTest, SaysWhenItCannotBeWritten) {
  options_.cache = folder_.root() / "subject101.dat";
  EXPECT_THROW((void)load_pamap2(options_), Error);
}

}  // namespace
}  // namespace gradwatt
