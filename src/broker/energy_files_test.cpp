#include "broker/energy_files.h"

#include "broker/temporary_folder_test.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class EnergyFilesTest : public testing::Test {
 protected:
  ~EnergyFilesTest() override {
    for (std::uint32_t i = 0; i < files_.count; ++i) {
      ::close(files_.descriptors[i]);
    }
  }
  void zone(const std::string& name, const std::string& energy) {
    root_.write("sys/class/powercap/" + name + "/energy_uj", energy);
  }
  [[nodiscard]] std::filesystem::path in_zone(const std::string& name) const {
    const auto folder = root_ / ("sys/class/powercap/" + name);
    std::filesystem::create_directories(folder);
    return folder / "energy_uj";
  }
  /// What can be read through the descriptors, by the zones' names.
  std::map<std::string, std::string> open() {
    files_ = open_energy_files(root_.path().c_str());
    std::map<std::string, std::string> texts;
    for (std::uint32_t i = 0; i < files_.count; ++i) {
      std::array<char, 64> text{};
      const ssize_t size = ::pread(files_.descriptors[i], text.data(), text.size(), 0);
      texts[files_.names[i].zone.data()] = std::string(text.data(), std::max<ssize_t>(0, size));
    }
    return texts;
  }

  TemporaryFolder root_;
  EnergyFiles files_;
};

TEST_F(EnergyFilesTest, AreThoseOfAllZones) {
  zone("intel-rapl:0", "1");
  zone("intel-rapl:0:1", "2");
  zone("intel-rapl-mmio:0", "3");
  EXPECT_THAT(
      open(),
      UnorderedElementsAre(
          Pair("intel-rapl:0", "1"), Pair("intel-rapl:0:1", "2"), Pair("intel-rapl-mmio:0", "3")));
}

TEST_F(EnergyFilesTest, AreFoundThroughTheLinksOfSysfs) {
  root_.write("sys/devices/virtual/powercap/intel-rapl:0/energy_uj", "7");
  std::filesystem::create_directories(root_ / "sys/class/powercap");
  std::filesystem::create_directory_symlink("../../devices/virtual/powercap/intel-rapl:0",
                                            root_ / "sys/class/powercap/intel-rapl:0");
  EXPECT_THAT(open(), UnorderedElementsAre(Pair("intel-rapl:0", "7")));
}

TEST_F(EnergyFilesTest, AreOpenForReadingOnly) {
  zone("intel-rapl:0", "1");
  open();
  ASSERT_EQ(files_.count, 1U);
  EXPECT_EQ(::fcntl(files_.descriptors[0], F_GETFL) & O_ACCMODE, O_RDONLY);
  EXPECT_EQ(::fcntl(files_.descriptors[0], F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST_F(EnergyFilesTest, HaveNoOtherNames) {
  zone("intel-rapl", "1");
  zone("dtpm:0", "2");
  zone("my-intel-rapl:0", "3");
  zone("intel-rapl:" + std::string(40, '0'), "4");
  root_.write("sys/class/powercap/intel-rapl:5/name", "package-5");
  root_.write("sys/class/powercap/intel-rapl:6", "no folder");
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(EnergyFilesTest, AreNeitherLinksNorAnythingButFiles) {
  root_.write("secret", "of root");
  std::filesystem::create_symlink(root_ / "secret", in_zone("intel-rapl:0"));
  ASSERT_EQ(::mkfifo(in_zone("intel-rapl:1").c_str(), 0600), 0);
  std::filesystem::create_directories(in_zone("intel-rapl:2"));
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(EnergyFilesTest, AreAtMostAsManyAsAnAnswerHolds) {
  for (std::uint32_t i = 0; i < BrokerMessage::kMostFiles + 3; ++i) {
    zone("intel-rapl:" + std::to_string(i), "1");
  }
  EXPECT_EQ(open().size(), BrokerMessage::kMostFiles);
}

TEST_F(EnergyFilesTest, AreNoneWithoutTheFramework) {
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_EQ(open_energy_files((root_ / "absent").c_str()).count, 0U);
}

}  // namespace
}  // namespace gradwatt
