#include "measure/sysfs_number.h"

#include "measure/fake_tree_test.h"
#include "measure/without_rights_test.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace gradwatt {
namespace {

class SysfsNumberTest : public testing::Test {
 protected:
  SysfsNumberTest() { tree_.file("energy_uj", "17\n"); }
  [[nodiscard]] std::filesystem::path file() const { return tree_.root() / "energy_uj"; }

  FakeTree tree_;
};

/// A file whose first bytes cannot be read: nothing of this process lies at the address 0.
const char* const kUnreadable = "/proc/self/mem";

TEST_F(SysfsNumberTest, ReadsWhatTheFileSaysNow) {
  SysfsNumber number(file());
  EXPECT_EQ(number.read(), 17);
  tree_.file("energy_uj", "18\n");
  EXPECT_EQ(number.read(), 18);
}

TEST_F(SysfsNumberTest, IsNoNumberWhereTheTextIsNone) {
  SysfsNumber number(file());
  for (const std::string text : {"", "\n", "seventeen", "1.5", "17 J", "18446744073709551615"}) {
    tree_.file("energy_uj", text);
    EXPECT_EQ(number.read(), std::nullopt) << text;
    EXPECT_EQ(number.error(), EINVAL) << text;
  }
}

TEST_F(SysfsNumberTest, SaysWhyItCannotBeRead) {
  SysfsNumber absent(tree_.root() / "absent");
  EXPECT_EQ(absent.read(), std::nullopt);
  EXPECT_EQ(absent.error(), ENOENT);
  SysfsNumber broken{kUnreadable};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(broken.read(), std::nullopt);
    EXPECT_EQ(broken.error(), EIO);
  }
}

TEST_F(SysfsNumberTest, IsDeniedToThoseWithoutTheRight) {
  ASSERT_EQ(::chmod(file().c_str(), 0), 0);
  const WithoutRights ordinary;
  SysfsNumber number(file());
  EXPECT_EQ(number.read(), std::nullopt);
  EXPECT_EQ(number.error(), EACCES);
}

TEST_F(SysfsNumberTest, ReadsOnWhenTheRightIsTakenAway) {
  SysfsNumber number(file());
  EXPECT_EQ(number.read(), 17);
  ASSERT_EQ(::chmod(file().c_str(), 0), 0);
  const WithoutRights ordinary;
  EXPECT_EQ(number.read(), 17);
}

TEST_F(SysfsNumberTest, KeepsADescriptorFromSomeoneElseAcrossAReadThatFails) {
  // Where the file itself may not be opened, the descriptor is the only way to it.
  UniqueFd passed(::open(kUnreadable, O_RDONLY | O_CLOEXEC));
  const int same_place = passed.get();
  const UniqueFd healthy(::open(file().c_str(), O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(::chmod(file().c_str(), 0), 0);
  const WithoutRights ordinary;
  SysfsNumber number(file(), std::move(passed));
  EXPECT_EQ(number.read(), std::nullopt);
  EXPECT_EQ(number.error(), EIO);
  // The device behind the same descriptor answers again.
  ASSERT_GE(::dup3(healthy.get(), same_place, O_CLOEXEC), 0);
  EXPECT_EQ(number.read(), 17);
}

TEST_F(SysfsNumberTest, FindsAFileThatWentAwayAndCameBack) {
  SysfsNumber number(file());
  EXPECT_EQ(number.read(), 17);
  tree_.remove("energy_uj");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(number.read(), std::nullopt);
    EXPECT_EQ(number.error(), ENOENT);
  }
  tree_.file("energy_uj", "3\n");
  EXPECT_EQ(number.read(), 3);
}

}  // namespace
}  // namespace gradwatt
