#include "record/run_index.h"

#include "record/account.h"
#include "record/run_digest.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// As if it had been changed last so many seconds ago.
void set_back(const fs::path& path, std::int64_t s) {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const timespec then{now.tv_sec - s, 0};
  const timespec times[2] = {then, then};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

/// A store with some runs that ended long ago, and a place for its index.
class RunIndexTest : public testing::Test {
 protected:
  RunIndexTest() {
    std::string pattern = testing::TempDir() + "gradwatt-index-XXXXXX";
    root_ = ::mkdtemp(pattern.data());
    store_.emplace(root_ / "store");
    for (int run = 0; run < 3; ++run) {
      add_run(run, 100);
    }
  }
  ~RunIndexTest() override { fs::remove_all(root_); }

  [[nodiscard]] fs::path folder_of(int run) const {
    return store_->runs_folder() / ("01ARZ3NDEKTSV4RRFFQ69G5FA" + std::to_string(run));
  }
  [[nodiscard]] fs::path file() const { return root_ / "cache" / "index.sqlite"; }

  static Manifest manifest_of_run(const fs::path& folder, RunState state) {
    Manifest manifest;
    manifest.run_id = folder.filename();
    manifest.command = {"true"};
    manifest.state = state;
    manifest.point = SweepPoint{"study", "key", {{"lr", "1e-4"}}, 0};
    return manifest;
  }

  /// Two epochs of a second each that draw `watts`.
  void add_run(int run, int watts, RunState state = RunState::done) const {
    store_->prepare();
    const fs::path folder = folder_of(run);
    fs::remove_all(folder);
    ChannelInfo channel{"pkg0", "package-0", "rapl", "counter", "cpu-package"};
    channel.in_total = true;
    static_cast<void>(store_->create_run(folder.filename().string()));
    NodeFileWriter::Batch batch;
    for (int second = 0; second <= 2; ++second) {
      const Instant now{second * 1'000'000'000LL};
      batch.samples.push_back({0, now, {Energy::from_joules(watts * second)}, {}});
      if (second < 2) {
        batch.marks.push_back({now, now, {}, {}, "EPOCH", std::to_string(second)});
        batch.marks.push_back({now, now, {}, {}, "METRIC", "val_acc:0.5"});
      }
    }
    NodeFileWriter(folder, "h", Instant{}, {{"rapl", {channel}}})
        .finish(batch, Instant{2'000'000'000}, {}, WaitForDisk::no);
    save_manifest(folder, manifest_of_run(folder, state));
    settle(run);
  }

  void settle(int run) const {
    for (const auto& entry : fs::directory_iterator(folder_of(run))) {
      set_back(entry.path(), 3600);
    }
    set_back(folder_of(run), 3600);
  }

  /// All that the index says, as text; of a run that cannot be read, why.
  static std::string said_by(RunIndex& index) {
    std::string said;
    for (const StoredRun& run : index.list().runs) {
      said += run.folder.filename().string() + digest_of(run.manifest);
      try {
        said += digest_of(index.account(run));
      } catch (const Error& error) {
        said += error.what();
      }
    }
    return said;
  }

  struct Said {
    std::string text;
    std::size_t runs_read = 0;
    std::string why_unused;
  };
  [[nodiscard]] Said said() const { return said_at(file()); }
  [[nodiscard]] Said said_at(const fs::path& place) const {
    RunIndex index(*store_, place, 1);
    std::string text = said_by(index);
    index.flush();
    return {std::move(text), index.runs_read(), index.why_unused()};
  }
  /// What the runs themselves say.
  [[nodiscard]] std::string truth() const { return said_at("").text; }

  [[nodiscard]] double total_j(int run) const {
    RunIndex index(*store_, file());
    static_cast<void>(index.list());
    return index.account({folder_of(run), {}}).total.value().energy.joules();
  }

  [[nodiscard]] std::string bytes_of_file() const {
    std::ifstream stream(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void put_bytes(const std::string& bytes) const {
    std::ofstream(file(), std::ios::binary | std::ios::trunc) << bytes;
  }

  fs::path root_;
  std::optional<Store> store_;
};

TEST_F(RunIndexTest, ReadsEachRunOnce) {
  const Said first = said();
  EXPECT_EQ(first.runs_read, 3U);
  EXPECT_EQ(first.text, truth());
  const Said second = said();
  EXPECT_EQ(second.runs_read, 0U);
  EXPECT_EQ(second.text, truth());
  EXPECT_DOUBLE_EQ(total_j(1), 200);
}

TEST_F(RunIndexTest, IsForItsOwnerAlone) {
  static_cast<void>(said());
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(file().parent_path()).permissions(), fs::perms::owner_all);
}

TEST_F(RunIndexTest, SeesThatANodeFileChangedAlsoWhenItsTimeIsSetBack) {
  static_cast<void>(said());
  const fs::path node = folder_of(1) / "node-h.sqlite";
  const fs::path other = folder_of(2) / "node-h.sqlite";
  add_run(2, 300);
  {
    const std::ifstream bytes(other, std::ios::binary);
    std::ofstream(node, std::ios::binary | std::ios::trunc) << bytes.rdbuf();
  }
  settle(1);
  EXPECT_DOUBLE_EQ(total_j(1), 600);
  EXPECT_EQ(said().text, truth());
}

TEST_F(RunIndexTest, SeesThatAManifestChanged) {
  static_cast<void>(said());
  save_manifest(folder_of(0), manifest_of_run(folder_of(0), RunState::failed));
  RunIndex index(*store_, file());
  EXPECT_EQ(index.list().runs.at(0).manifest.state, RunState::failed);
}

TEST_F(RunIndexTest, SeesANewFileInAFolder) {
  static_cast<void>(said());
  fs::copy_file(folder_of(0) / "node-h.sqlite", folder_of(0) / "node-i.sqlite");
  const std::string text = said().text;
  EXPECT_THAT(text, testing::HasSubstr("found 2"));
  EXPECT_EQ(text, truth());
}

TEST_F(RunIndexTest, ForgetsRunsThatAreGone) {
  static_cast<void>(said());
  fs::remove_all(folder_of(1));
  EXPECT_EQ(said().text, truth());
  IndexFile left(file());
  EXPECT_EQ(left.all(IndexFile::Part::manifest).size(), 2U);
  EXPECT_EQ(left.all(IndexFile::Part::account).size(), 2U);
}

TEST_F(RunIndexTest, ForgetsNothingWhileTheStoreIsAway) {
  static_cast<void>(said());
  fs::rename(root_ / "store", root_ / "away");
  EXPECT_EQ(said().text, "");
  fs::rename(root_ / "away", root_ / "store");
  EXPECT_EQ(said().runs_read, 0U);
}

TEST_F(RunIndexTest, KeepsNoRunThatHasJustChanged) {
  set_back(folder_of(1) / "node-h.sqlite", 0);
  EXPECT_EQ(said().runs_read, 3U);
  EXPECT_EQ(said().runs_read, 1U);
  settle(1);
  EXPECT_EQ(said().runs_read, 1U);
  EXPECT_EQ(said().runs_read, 0U);
}

TEST_F(RunIndexTest, KeepsNoRunningRun) {
  const fs::path folder = folder_of(0);
  save_manifest(folder, manifest_of_run(folder, RunState::running));
  {
    const Database writer(folder / "node-h.sqlite", Database::Mode::create);
    settle(0);
    RunIndex index(*store_, file());
    EXPECT_EQ(index.list().runs.at(0).manifest.state, RunState::running);
  }
  RunIndex index(*store_, file());
  EXPECT_EQ(index.list().runs.at(0).manifest.state, RunState::interrupted);
}

TEST_F(RunIndexTest, SeesThatSomebodyWritesARunThatSeemedInterrupted) {
  const fs::path folder = folder_of(0);
  save_manifest(folder, manifest_of_run(folder, RunState::running));
  settle(0);
  EXPECT_EQ(said().runs_read, 3U);
  EXPECT_EQ(said().runs_read, 0U);
  const Database writer(folder / "node-h.sqlite", Database::Mode::create);
  RunIndex index(*store_, file());
  EXPECT_EQ(index.list().runs.at(0).manifest.state, RunState::running);
}

TEST_F(RunIndexTest, MakesAnotherFileOfOneThatIsNone) {
  fs::create_directories(file().parent_path());
  put_bytes(std::string(10'000, 'x'));
  EXPECT_EQ(said().text, truth());
  EXPECT_EQ(said().runs_read, 0U);
}

TEST_F(RunIndexTest, NeverTakesADamagedEntryForAnother) {
  static_cast<void>(said());
  const std::string whole = bytes_of_file();
  const std::string expected = truth();
  constexpr std::size_t kTries = 400;
  for (std::size_t i = 0; i < kTries; ++i) {
    std::string damaged = whole;
    char& byte = damaged[i * whole.size() / kTries];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (i % 8)));
    put_bytes(damaged);
    EXPECT_EQ(said().text, expected) << i;
    EXPECT_EQ(said().text, expected) << i;
  }
  put_bytes(whole.substr(0, whole.size() / 2));
  EXPECT_EQ(said().text, expected);
  EXPECT_EQ(said().text, expected);
  EXPECT_EQ(said().runs_read, 0U);
}

TEST_F(RunIndexTest, MakesNoFileForAFewRuns) {
  RunIndex index(*store_, file());
  static_cast<void>(said_by(index));
  index.flush();
  EXPECT_FALSE(fs::exists(file()));
  EXPECT_EQ(index.why_unused(), "");
}

TEST_F(RunIndexTest, WorksWithoutAPlace) {
  const Said none = said_at("");
  EXPECT_EQ(none.runs_read, 3U);
  EXPECT_EQ(none.why_unused, "");
  std::ofstream(root_ / "a-file") << "x";
  const Said unusable = said_at(root_ / "a-file" / "index.sqlite");
  EXPECT_EQ(unusable.text, none.text);
  EXPECT_THAT(unusable.why_unused, testing::HasSubstr("a-file"));
}

/// What a child process exits with.
template <typename Work>
pid_t in_child(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(work());
  }
  return child;
}

TEST_F(RunIndexTest, IsSharedByProcesses) {
  const std::string expected = truth();
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(in_child([&] {
      int wrong = 0;
      for (int round = 0; round < 10; ++round) {
        wrong += said().text == expected ? 0 : 1;
      }
      return wrong;
    }));
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(said().runs_read, 0U);
}

/// Replaces entries by false ones until it is killed, and tells the pipe of each.
int keep_writing(const fs::path& place, int pipe, const std::vector<std::string>& runs) {
  IndexFile index(place);
  for (std::size_t i = 0;; ++i) {
    const std::string& run = runs[i % runs.size()];
    const std::string body(1000 + i, 'x');
    index.store({{IndexFile::Part::manifest, run, {"another stamp", body}},
                 {IndexFile::Part::account, run, {"another stamp", body}}},
                {});
    if (::write(pipe, "x", 1) != 1) {
      return 1;
    }
  }
}

TEST_F(RunIndexTest, OutlivesAProcessThatIsKilledWhileItWrites) {
  const std::string expected = truth();
  std::vector<std::string> runs;
  for (int run = 0; run < 10; ++run) {
    runs.push_back(folder_of(run).filename().string());
  }
  for (int round = 0; round < 10; ++round) {
    int pipe[2] = {-1, -1};
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = in_child([&] { return keep_writing(file(), pipe[1], runs); });
    char written = 0;
    for (int i = 0; i <= round; ++i) {
      ASSERT_EQ(::read(pipe[0], &written, 1), 1);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ::close(pipe[0]);
    ::close(pipe[1]);
    EXPECT_EQ(said().text, expected);
    EXPECT_EQ(said().text, expected);
  }
}

TEST(RunIndexPlace, IsInTheCacheUnlessTheEnvironmentSaysElse) {
  const Store store("/some/store");
  ::setenv("XDG_CACHE_HOME", "/some/cache", 1);
  ::unsetenv("GRADWATT_INDEX");
  const fs::path place = RunIndex::place_for(store);
  EXPECT_EQ(place.parent_path(), "/some/cache/gradwatt");
  EXPECT_NE(place, RunIndex::place_for(Store("/another/store")));
  ::setenv("GRADWATT_INDEX", "/elsewhere", 1);
  EXPECT_EQ(RunIndex::place_for(store), fs::path("/elsewhere") / place.filename());
  ::setenv("GRADWATT_INDEX", "off", 1);
  EXPECT_EQ(RunIndex::place_for(store), "");
  ::unsetenv("GRADWATT_INDEX");
  ::unsetenv("XDG_CACHE_HOME");
}

}  // namespace
}  // namespace gradwatt
