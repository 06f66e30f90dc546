#include "base/unique_fd.h"
#include "gradwatt/mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// A receiver of marks in a folder of its own; the sender starts afresh for each test.
class MarkClientTest : public testing::Test {
 protected:
  MarkClientTest() {
    std::string pattern = testing::TempDir() + "gradwatt-mark-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    const std::string path = folder_ / "socket";
    fd_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const void* plain = &address;
    EXPECT_EQ(::bind(fd_.get(), static_cast<const sockaddr*>(plain), sizeof(address)), 0);
    ::setenv("GRADWATT_SOCKET", path.c_str(), 1);
    gradwatt_the_sender = {};
  }
  ~MarkClientTest() override {
    ::unsetenv("GRADWATT_SOCKET");
    gradwatt_the_sender = {};
    std::filesystem::remove_all(folder_);
  }

  /// All datagrams that wait.
  std::vector<std::string> received() const {
    std::vector<std::string> all;
    std::array<char, 4096> block{};
    ssize_t size = 0;
    while ((size = ::recv(fd_.get(), block.data(), block.size(), MSG_DONTWAIT)) >= 0) {
      all.emplace_back(block.data(), static_cast<std::size_t>(size));
    }
    return all;
  }

  /// Their first lines, the marks themselves.
  std::vector<std::string> received_marks() const {
    std::vector<std::string> all = received();
    for (std::string& datagram : all) {
      datagram.resize(datagram.find('\n'));
    }
    return all;
  }

  std::filesystem::path folder_;
  UniqueFd fd_;
};

long long line_value(const std::string& datagram, const std::string& key) {
  return std::stoll(datagram.substr(datagram.find('\n' + key + '=') + key.size() + 2));
}

TEST_F(MarkClientTest, SendsEachKindAsItsLine) {
  gradwatt_epochs_total(10);
  gradwatt_epoch_begin(0);
  {
    const MarkedPhase phase("train");
    gradwatt_steps(196);
  }
  gradwatt_metric("val_acc", 0.913);
  gradwatt_samples(50000);
  gradwatt_param("batch", "64");
  gradwatt_tag("study", "first");
  gradwatt_note("hello");
  gradwatt_epoch_end(0);
  EXPECT_THAT(received_marks(),
              ElementsAre("EPOCHS_TOTAL=10",
                          "EPOCH=0",
                          "PHASE=train",
                          "STEPS=196",
                          "PHASE_END=train",
                          "METRIC=val_acc:0.913",
                          "SAMPLES=50000",
                          "PARAM=batch:64",
                          "TAG=study:first",
                          "NOTE=hello",
                          "EPOCH_END=0"));
}

TEST_F(MarkClientTest, AddsTimeSequenceAndProcess) {
  timespec before{};
  ::clock_gettime(CLOCK_MONOTONIC, &before);
  gradwatt_epoch_begin(0);
  gradwatt_epoch_end(0);
  const auto datagrams = received();
  ASSERT_EQ(datagrams.size(), 2U);
  EXPECT_EQ(line_value(datagrams[0], "SEQ"), 0);
  EXPECT_EQ(line_value(datagrams[1], "SEQ"), 1);
  EXPECT_EQ(line_value(datagrams[0], "PID"), ::getpid());
  EXPECT_GE(line_value(datagrams[0], "T"), before.tv_sec * 1000000000LL + before.tv_nsec);
  EXPECT_LE(line_value(datagrams[0], "T"), line_value(datagrams[1], "T"));
}

TEST_F(MarkClientTest, WritesNumbersShortExactAndWithAPoint) {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : {0.1, 1.0 / 3, 1e-5, -2.0, std::nan(""), infinity, -infinity}) {
    gradwatt_metric("m", value);
  }
  EXPECT_THAT(received_marks(),
              ElementsAre("METRIC=m:0.1",
                          "METRIC=m:0.3333333333333333",
                          "METRIC=m:1e-05",
                          "METRIC=m:-2",
                          "METRIC=m:nan",
                          "METRIC=m:inf",
                          "METRIC=m:-inf"));
}

TEST_F(MarkClientTest, WritesAPointWhateverTheLocale) {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  if (std::setlocale(LC_NUMERIC, "de_DE.UTF-8") == nullptr) {
    GTEST_SKIP() << "the locale de_DE.UTF-8 is not installed here";
  }
  gradwatt_metric("m", 0.25);
  std::setlocale(LC_NUMERIC, before.c_str());
  EXPECT_THAT(received_marks(), ElementsAre("METRIC=m:0.25"));
}

TEST_F(MarkClientTest, LetsNoValueBreakTheLines) {
  gradwatt_note("two\nlines\tand\x7f more");
  gradwatt_note(std::string(1000, 'x').c_str());
  gradwatt_note((std::string(394, 'x') + "\xc3\xa4\xc3\xa4").c_str());
  const auto marks = received_marks();
  ASSERT_EQ(marks.size(), 3U);
  EXPECT_EQ(marks[0], "NOTE=two lines and  more");
  EXPECT_EQ(marks[1].size(), 400U);
  EXPECT_EQ(marks[2], "NOTE=" + std::string(394, 'x')) << "a character is whole or absent";
}

TEST_F(MarkClientTest, KeepsRefusedMarksWithTheirTimeAndSendsThemInOrder) {
  int sent = 0;
  while (gradwatt_the_sender.kept < 5) {
    gradwatt_epoch_begin(sent++);
  }
  std::vector<std::string> all = received();
  gradwatt_epoch_end(99);
  const auto rest = received();
  all.insert(all.end(), rest.begin(), rest.end());
  ASSERT_EQ(all.size(), static_cast<std::size_t>(sent) + 1);
  for (int i = 0; i < sent; ++i) {
    const auto& datagram = all[static_cast<std::size_t>(i)];
    EXPECT_THAT(datagram, StartsWith("EPOCH=" + std::to_string(i) + "\n"));
    EXPECT_EQ(line_value(datagram, "SEQ"), i);
  }
  EXPECT_LT(line_value(rest[0], "T"), line_value(rest.back(), "T"));
}

TEST_F(MarkClientTest, SendsWhatIsKeptAtTheEndOrSaysThatItCouldNot) {
  int sent = 0;
  while (gradwatt_the_sender.kept < 5) {
    gradwatt_epoch_begin(sent++);
  }
  EXPECT_EQ(gradwatt_flush(0), 0);
  std::size_t all = received().size();
  EXPECT_EQ(gradwatt_flush(0), 1);
  all += received().size();
  EXPECT_EQ(all, static_cast<std::size_t>(sent));
}

TEST_F(MarkClientTest, CountsWhatDidNotFit) {
  while (gradwatt_the_sender.dropped < 3) {
    gradwatt_steps(1);
  }
  // The receiver's queue may be shorter than what was kept, so it takes a few rounds.
  std::vector<std::string> all = received_marks();
  for (int round = 0; round < gradwatt_kept_max; ++round) {
    gradwatt_steps(2);
    const auto marks = received_marks();
    all.insert(all.end(), marks.begin(), marks.end());
  }
  EXPECT_THAT(all, testing::Contains("NOTE=dropped 3 marks").Times(1));
}

TEST_F(MarkClientTest, SurvivesAReceiverThatIsGoneAndFindsItAgain) {
  std::filesystem::rename(folder_ / "socket", folder_ / "away");
  gradwatt_epoch_begin(1);
  std::filesystem::rename(folder_ / "away", folder_ / "socket");
  gradwatt_epoch_end(1);
  EXPECT_THAT(received_marks(), ElementsAre("EPOCH=1", "EPOCH_END=1"));
}

TEST_F(MarkClientTest, StaysSilentWithoutTheVariable) {
  ::unsetenv("GRADWATT_SOCKET");
  gradwatt_epoch_begin(1);
  EXPECT_EQ(gradwatt_is_measured(), 0);
  EXPECT_THAT(received(), testing::IsEmpty());
}

TEST_F(MarkClientTest, SendsFromAForkedChildUnderItsOwnProcess) {
  gradwatt_epoch_begin(1);
  const pid_t child = ::fork();
  if (child == 0) {
    gradwatt_epoch_end(1);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  const auto datagrams = received();
  ASSERT_EQ(datagrams.size(), 2U);
  EXPECT_EQ(line_value(datagrams[1], "PID"), child);
  EXPECT_EQ(line_value(datagrams[1], "SEQ"), 0);
}

TEST_F(MarkClientTest, LeavesErrnoAlone) {
  std::filesystem::remove(folder_ / "socket");
  errno = EDOM;
  gradwatt_epoch_begin(1);
  EXPECT_EQ(errno, EDOM);
}

}  // namespace
}  // namespace gradwatt
