#include "record/account.h"
#include "record/node_folder_test.h"
#include "record/window_reader.h"

#include <gmock/gmock.h>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class NodeFileFaultTest : public NodeFolderTest {
 protected:
  /// Runs `work` in a process of its own. Returns its exit status, or 128 and the signal.
  template <typename Work>
  static int in_a_process(Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
      int status = 99;
      try {
        status = work();
      } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
      }
      ::_exit(status);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  /// Everything in a record that was stored, as one text to compare.
  static std::string text_of(const NodeRecord& record) {
    std::string text = record.host + std::to_string(record.begin.ns) + " " +
                       std::to_string(record.end.ns) + std::to_string(record.finished) +
                       std::to_string(record.monitor.cpu_s.value_or(-1)) + "\n";
    for (const SourceColumns& source : record.sources) {
      for (const ChannelInfo& c : source.channels) {
        text += source.source + c.channel + c.device + c.method + c.scope + c.basis +
                std::to_string(c.gain_lo) + std::to_string(c.gain_hi) + std::to_string(c.in_total) +
                std::to_string(c.refresh.count()) +
                std::to_string(c.power_max.value_or(Power{-1}).watts) + "\n";
      }
    }
    for (const SampleRow& row : record.samples) {
      text += std::to_string(row.source) + " " + std::to_string(row.time.ns);
      for (const auto& energy : row.channels) {
        text += energy ? " " + std::to_string(energy->microjoules) : " ?";
      }
      for (const auto& power : row.powers) {
        text += power ? " " + std::to_string(power->watts) : " ?";
      }
      text += "\n";
    }
    for (const GapRow& row : record.gaps) {
      text += row.gap.channel + std::to_string(row.gap.begin.ns) + row.gap.reason +
              std::to_string(row.gap.end.ns) + std::to_string(row.gap.energy_lost) + "\n";
    }
    for (const Mark& mark : record.marks) {
      text += std::to_string(mark.time.ns) + mark.key + mark.value + "\n";
    }
    for (const StateRow& row : record.states) {
      text += std::to_string(row.time.ns) + row.device + row.name + std::to_string(row.value);
    }
    return text;
  }
};

// The writer says what it has stored and is killed at some moment after that, mostly while it
// writes more.
TEST_F(NodeFileFaultTest, LosesNothingThatWasAppendedWhenItIsKilled) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 40; ++round) {
    std::filesystem::remove(file());
    int stored[2];
    ASSERT_EQ(::pipe(stored), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      NodeFileWriter writer(folder(), "h", Instant{}, sources());
      for (int i = 0;; i += 10) {
        writer.append(batch_of(i, i + 10), WaitForDisk::no);
        static_cast<void>(!::write(stored[1], "+", 1));
      }
    }
    ::close(stored[1]);
    const int enough = 1 + static_cast<int>(random() % 120);
    int batches = 0;
    char byte = 0;
    while (batches < enough && ::read(stored[0], &byte, 1) == 1) {
      ++batches;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(stored[0], &byte, 1) == 1) {
      ++batches;
    }
    ::close(stored[0]);

    const NodeRecord record = read_node_files(folder()).at(0);
    EXPECT_FALSE(record.finished);
    const std::size_t readings = record.samples.size() / 2;
    ASSERT_GE(readings, static_cast<std::size_t>(batches) * 10);
    ASSERT_LE(readings, static_cast<std::size_t>(batches + 1) * 10);
    for (std::size_t i = 0; i < readings; ++i) {
      const int n = static_cast<int>(i);
      ASSERT_EQ(record.samples[i].time, time_of(n));
      ASSERT_EQ(record.samples[i].channels, counter_row(n).channels);
      ASSERT_EQ(record.samples[readings + i].powers, sensor_row(n).powers);
    }
    EXPECT_EQ(record.end, time_of(static_cast<int>(readings) - 1) + Duration(5'000));
  }
}

/// Appends until nothing fits, calls `make_room` and goes on with what did not fit. Returns how
/// many readings were stored; -1 when nothing was refused before, or something after it.
template <typename MakeRoom>
int fill_and_go_on(const std::filesystem::path& folder,
                   const std::vector<SourceColumns>& sources,
                   MakeRoom make_room) {
  constexpr int kAtATime = 50;
  constexpr int kMost = 100'000;
  NodeFileWriter writer(folder, "h", Instant{}, sources);
  bool has_room = false;
  int behind = 0;
  int done = 0;
  while (behind < 10 && done < kMost) {
    NodeFileWriter::Batch batch;
    for (int i = done; i < done + kAtATime; ++i) {
      batch.samples.push_back({1,
                               Instant{i * 100'000'000LL},
                               {Energy{i * 30'000'000LL}},
                               {Power{300 + (i * 37 % 100) / 10.0}}});
    }
    try {
      writer.append(batch, WaitForDisk::yes);
      done += kAtATime;
      behind += has_room ? 1 : 0;
    } catch (const Error&) {
      if (has_room) {
        return -1;
      }
      has_room = true;
      make_room();
    }
  }
  writer.finish({}, Instant{done * 100'000'000LL}, {}, WaitForDisk::no);
  return has_room ? done : -1;
}

int check_filled(const std::filesystem::path& folder, int done) {
  const NodeRecord record = read_node_files(folder).at(0);
  if (done < 100 || !record.finished || record.samples.size() != static_cast<std::size_t>(done)) {
    return 1;
  }
  for (int i = 0; i < done; ++i) {
    if (record.samples[static_cast<std::size_t>(i)].time != Instant{i * 100'000'000LL}) {
      return 2;
    }
  }
  return 0;
}

TEST_F(NodeFileFaultTest, GoesOnWhereItWasAfterALimitOfFileSizeIsLifted) {
  EXPECT_EQ(in_a_process([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              rlimit limit{};
              ::getrlimit(RLIMIT_FSIZE, &limit);
              const rlim_t before = limit.rlim_cur;
              limit.rlim_cur = 40'000;
              ::setrlimit(RLIMIT_FSIZE, &limit);
              const int done = fill_and_go_on(folder(), sources(), [&] {
                limit.rlim_cur = before;
                ::setrlimit(RLIMIT_FSIZE, &limit);
              });
              return check_filled(folder(), done);
            }),
            0);
}

TEST_F(NodeFileFaultTest, GoesOnWhereItWasAfterAFullDiskHasRoomAgain) {
  constexpr int kNotAllowed = 77;
  const int status = in_a_process([&] {
    const std::string uid_map = "0 " + std::to_string(::getuid()) + " 1";
    const std::string gid_map = "0 " + std::to_string(::getgid()) + " 1";
    const auto tell = [](const char* where, const std::string& text) {
      return static_cast<bool>(std::ofstream(where) << text << std::flush);
    };
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !tell("/proc/self/uid_map", uid_map) ||
        !tell("/proc/self/setgroups", "deny") || !tell("/proc/self/gid_map", gid_map) ||
        ::mount("none", folder().c_str(), "tmpfs", 0, "size=128k") != 0) {
      return kNotAllowed;
    }
    const auto ballast = folder() / "ballast";
    if (!tell(ballast.c_str(), std::string(40'000, 'x'))) {
      return kNotAllowed;
    }
    const int done = fill_and_go_on(folder(), sources(), [&] { std::filesystem::remove(ballast); });
    return check_filled(folder(), done);
  });
  if (status == kNotAllowed) {
    GTEST_SKIP() << "this machine does not let users mount";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(NodeFileFaultTest, NeverTakesADamagedFileForAnother) {
  write_run(700);
  const std::string sound = bytes_of(file());
  const std::string expected = text_of(read_node_files(folder()).at(0));
  std::mt19937_64 random(9);
  constexpr std::size_t kPage = 1024;
  int refused = 0;
  int tried = 0;
  for (std::size_t page = 0; page * kPage < sound.size(); ++page) {
    for (int round = 0; round < 30; ++round, ++tried) {
      std::string damaged = sound;
      const std::size_t at =
          page * kPage + (round < 16 ? static_cast<std::size_t>(round) : random() % kPage);
      damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1U << (random() % 8)));
      std::ofstream(file(), std::ios::binary) << damaged;
      try {
        const NodeRecord record = read_node_files(folder()).at(0);
        ASSERT_EQ(text_of(record), expected) << "byte " << at;
        static_cast<void>(account_of(record));
      } catch (const Error& error) {
        ++refused;
        ASSERT_THAT(error.what(), HasSubstr("node-h.sqlite")) << "byte " << at;
      }
      try {
        const NodeRecord window = WindowReader(folder()).record_of(time_of(300), time_of(320));
        static_cast<void>(account_of(window));
      } catch (const Error& error) {
        ASSERT_THAT(error.what(), HasSubstr("node-h.sqlite")) << "byte " << at;
      }
    }
  }
  EXPECT_GT(2 * refused, tried);  // The rest hit what is not in use.
}

TEST_F(NodeFileFaultTest, SurvivesAFileCutAnywhere) {
  write_run(700);
  const std::string sound = bytes_of(file());
  for (std::size_t size = 0; size < sound.size(); size += 509) {
    std::ofstream(file(), std::ios::binary) << sound.substr(0, size);
    EXPECT_THAT(error_of_reading(), HasSubstr("node-h.sqlite")) << size;
  }
}

TEST_F(NodeFileFaultTest, RefusesASecondWriter) {
  NodeFileWriter first(folder(), "h", Instant{}, sources());
  first.append(batch_of(0, 5), WaitForDisk::no);
  const auto refused = [&] {
    return in_a_process([&] {
      try {
        const NodeFileWriter second(folder(), "h", Instant{}, sources());
      } catch (const Error& error) {
        const std::string text = error.what();
        return text.find("node-h.sqlite") != std::string::npos ? 0 : 1;
      }
      return 2;
    });
  };
  EXPECT_EQ(refused(), 0);
  first.append(batch_of(5, 9), WaitForDisk::no);
  first.finish({}, time_of(9), {}, WaitForDisk::no);
  EXPECT_EQ(refused(), 0);
  { const NodeFileWriter done = std::move(first); }
  EXPECT_EQ(refused(), 0);  // Nor is a finished run written to again.
  EXPECT_EQ(read_node_files(folder()).at(0).samples.size(), 18U);
}

}  // namespace
}  // namespace gradwatt
