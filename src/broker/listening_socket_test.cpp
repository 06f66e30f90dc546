#include "broker/listening_socket.h"

#include "broker/temporary_folder_test.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gradwatt {
namespace {

class ListeningSocketTest : public testing::Test {
 protected:
  ~ListeningSocketTest() override { stop(); }
  Bound bind() {
    errno = 0;
    Bound bound = bind_socket(path_.c_str(), {::getuid(), ::getgid(), true});
    if (bound.socket >= 0) {
      stop();
      socket_ = bound.socket;
    }
    return bound;
  }
  void stop() {
    if (socket_ >= 0) {
      ::close(socket_);
      socket_ = -1;
    }
  }
  [[nodiscard]] bool can_connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int client = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    const int result =
        ::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::close(client);
    return result == 0;
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "broker.sock";
  int socket_ = -1;
};

TEST_F(ListeningSocketTest, IsForItsOwnerAndTheGroup) {
  const mode_t before = ::umask(0);
  ASSERT_EQ(bind().failure, nullptr);
  EXPECT_EQ(::umask(before), mode_t{0}) << "the umask is as it was";
  EXPECT_TRUE(can_connect());
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & mode_t{07777}, mode_t{0660});
  EXPECT_EQ(status.st_gid, ::getgid());
}

TEST_F(ListeningSocketTest, ReplacesOneThatNobodyListensOn) {
  ASSERT_EQ(bind().failure, nullptr);
  stop();
  EXPECT_FALSE(can_connect());
  EXPECT_EQ(bind().failure, nullptr);
  EXPECT_TRUE(can_connect());
}

TEST_F(ListeningSocketTest, LeavesOneInUseAlone) {
  ASSERT_EQ(bind().failure, nullptr);
  EXPECT_NE(bind().failure, nullptr);
  EXPECT_EQ(errno, EADDRINUSE);
  EXPECT_TRUE(can_connect());
}

TEST_F(ListeningSocketTest, NeverReplacesWhatIsNoSocket) {
  folder_.write("broker.sock", "somebody's file");
  EXPECT_NE(bind().failure, nullptr);
  EXPECT_EQ(errno, EADDRINUSE);
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
  std::filesystem::remove(path_);
  std::filesystem::create_symlink(folder_ / "elsewhere", path_);
  EXPECT_NE(bind().failure, nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "elsewhere"));
}

TEST_F(ListeningSocketTest, SaysWhyThereIsNone) {
  path_ = folder_ / "absent/broker.sock";
  EXPECT_NE(bind().failure, nullptr);
  EXPECT_EQ(errno, ENOENT);
  path_ = folder_ / std::string(200, 'x');
  EXPECT_NE(bind().failure, nullptr);
  EXPECT_EQ(errno, ENAMETOOLONG);
}

TEST(InheritedSocket, IsTheThirdDescriptorOfTheProcessItWasMeantFor) {
  const auto inherited = [](const std::string& pid, const char* count) {
    ::setenv("LISTEN_PID", pid.c_str(), 1);
    ::setenv("LISTEN_FDS", count, 1);
    const int socket = inherited_socket();
    ::unsetenv("LISTEN_PID");
    ::unsetenv("LISTEN_FDS");
    return socket;
  };
  const std::string ours = std::to_string(::getpid());
  EXPECT_EQ(inherited_socket(), -1);
  EXPECT_EQ(inherited(ours, "1"), 3);
  EXPECT_EQ(inherited(ours, "2"), -1);
  EXPECT_EQ(inherited(std::to_string(::getppid()), "1"), -1);
  EXPECT_EQ(inherited("", "1"), -1);
}

}  // namespace
}  // namespace gradwatt
